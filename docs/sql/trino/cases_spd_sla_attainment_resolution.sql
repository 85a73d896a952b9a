SELECT
  "t0"."row",
  CAST(TO_UNIXTIME("t0"."resolution_due") AS BIGINT) AS "at",
  IF(
    (
      CAST(TO_UNIXTIME("t0"."first_solved_at") AS BIGINT) IS NOT NULL
    )
    OR "t0"."solve_is_known",
    COALESCE(
      CAST(TO_UNIXTIME("t0"."first_solved_at") AS BIGINT) <= CAST(TO_UNIXTIME("t0"."resolution_due") AS BIGINT),
      FALSE
    ),
    NULL
  ) AS "hit",
  CAST(TO_UNIXTIME("t0"."resolution_due") AS BIGINT) < 1791007200 AS "due"
FROM "contacts" AS "t0"
WHERE
  CAST(TO_UNIXTIME("t0"."resolution_due") AS BIGINT) IS NOT NULL
ORDER BY
  "t0"."row" ASC
