SELECT
  "t0"."row",
  CAST(TO_UNIXTIME("t0"."response_due") AS BIGINT) AS "at",
  IF(
    TRUE,
    COALESCE(
      CAST(TO_UNIXTIME("t0"."first_response_at") AS BIGINT) <= CAST(TO_UNIXTIME("t0"."response_due") AS BIGINT),
      FALSE
    ),
    NULL
  ) AS "hit",
  CAST(TO_UNIXTIME("t0"."response_due") AS BIGINT) < 1791007200 AS "due"
FROM "contacts" AS "t0"
WHERE
  CAST(TO_UNIXTIME("t0"."response_due") AS BIGINT) IS NOT NULL
ORDER BY
  "t0"."row" ASC
