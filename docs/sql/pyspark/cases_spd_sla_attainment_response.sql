SELECT
  `t0`.`row`,
  CAST(UNIX_SECONDS(`t0`.`response_due`) AS BIGINT) AS `at`,
  IF(
    TRUE,
    COALESCE(
      CAST(UNIX_SECONDS(`t0`.`first_response_at`) AS BIGINT) <= CAST(UNIX_SECONDS(`t0`.`response_due`) AS BIGINT),
      FALSE
    ),
    NULL
  ) AS `hit`,
  CAST(UNIX_SECONDS(`t0`.`response_due`) AS BIGINT) < 1791007200 AS `due`
FROM `contacts` AS `t0`
WHERE
  CAST(UNIX_SECONDS(`t0`.`response_due`) AS BIGINT) IS NOT NULL
ORDER BY
  `t0`.`row` ASC NULLS LAST
