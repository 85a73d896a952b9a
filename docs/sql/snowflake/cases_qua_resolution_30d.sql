SELECT
  "t0"."row",
  CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."created_at")) AS BIGINT) AS BIGINT) AS "at",
  IFF(
    CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."solved_at")) AS BIGINT) AS BIGINT) IS NOT NULL,
    CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."solved_at")) AS BIGINT) AS BIGINT),
    1791007200
  ) - CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."created_at")) AS BIGINT) AS BIGINT) AS "seconds",
  IFF(
    "t0"."solve_is_known",
    IFF(
      (
        CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."solved_at")) AS BIGINT) AS BIGINT) IS NOT NULL
      )
      AND COALESCE("t0"."resolution_code" IN ('withdrawn_by_customer'), FALSE),
      2,
      IFF(
        CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."solved_at")) AS BIGINT) AS BIGINT) IS NOT NULL,
        1,
        0
      )
    ),
    NULL
  ) AS "event"
FROM "contacts" AS "t0"
WHERE
  TRUE
ORDER BY
  "t0"."row" ASC
