SELECT
  "t0"."row",
  CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."created_at")) AS BIGINT) AS BIGINT) AS "at",
  CASE
    WHEN CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."solved_at")) AS BIGINT) AS BIGINT) IS NOT NULL
    THEN CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."solved_at")) AS BIGINT) AS BIGINT)
    ELSE 1791007200
  END - CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."created_at")) AS BIGINT) AS BIGINT) AS "seconds",
  CASE
    WHEN "t0"."solve_is_known"
    THEN CASE
      WHEN (
        CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."solved_at")) AS BIGINT) AS BIGINT) IS NOT NULL
      )
      AND COALESCE("t0"."resolution_code" IN ('withdrawn_by_customer'), FALSE)
      THEN 2
      ELSE CASE
        WHEN CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."solved_at")) AS BIGINT) AS BIGINT) IS NOT NULL
        THEN 1
        ELSE 0
      END
    END
    ELSE NULL
  END AS "event"
FROM "contacts" AS "t0"
WHERE
  TRUE
ORDER BY
  "t0"."row" ASC
