SELECT
  "t0"."row",
  CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."response_due")) AS BIGINT) AS BIGINT) AS "at",
  CASE
    WHEN TRUE
    THEN COALESCE(
      CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."first_response_at")) AS BIGINT) AS BIGINT) <= CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."response_due")) AS BIGINT) AS BIGINT),
      FALSE
    )
    ELSE NULL
  END AS "hit",
  CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."response_due")) AS BIGINT) AS BIGINT) < 1791007200 AS "due"
FROM "contacts" AS "t0"
WHERE
  CAST(CAST(FLOOR(EXTRACT('epoch' FROM "t0"."response_due")) AS BIGINT) AS BIGINT) IS NOT NULL
ORDER BY
  "t0"."row" ASC
