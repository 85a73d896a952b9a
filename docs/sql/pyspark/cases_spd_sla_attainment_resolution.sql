SELECT
  `t0`.`row`,
  CAST(UNIX_SECONDS(`t0`.`resolution_due`) AS BIGINT) AS `at`,
  IF(
    (
      CAST(UNIX_SECONDS(`t0`.`first_solved_at`) AS BIGINT) IS NOT NULL
    )
    OR `t0`.`solve_is_known`,
    COALESCE(
      CAST(UNIX_SECONDS(`t0`.`first_solved_at`) AS BIGINT) <= CAST(UNIX_SECONDS(`t0`.`resolution_due`) AS BIGINT),
      FALSE
    ),
    NULL
  ) AS `hit`,
  CAST(UNIX_SECONDS(`t0`.`resolution_due`) AS BIGINT) < 1791007200 AS `due`
FROM `contacts` AS `t0`
WHERE
  CAST(UNIX_SECONDS(`t0`.`resolution_due`) AS BIGINT) IS NOT NULL
ORDER BY
  `t0`.`row` ASC NULLS LAST
