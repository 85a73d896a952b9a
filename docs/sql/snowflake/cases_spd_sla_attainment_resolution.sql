SELECT
  "t0"."row",
  CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."resolution_due")) AS BIGINT) AS BIGINT) AS "at",
  IFF(
    (
      CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."first_solved_at")) AS BIGINT) AS BIGINT) IS NOT NULL
    )
    OR "t0"."solve_is_known",
    COALESCE(
      CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."first_solved_at")) AS BIGINT) AS BIGINT) <= CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."resolution_due")) AS BIGINT) AS BIGINT),
      FALSE
    ),
    NULL
  ) AS "hit",
  CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."resolution_due")) AS BIGINT) AS BIGINT) < 1791007200 AS "due"
FROM "contacts" AS "t0"
WHERE
  CAST(CAST(FLOOR(DATE_PART('epoch', "t0"."resolution_due")) AS BIGINT) AS BIGINT) IS NOT NULL
ORDER BY
  "t0"."row" ASC
