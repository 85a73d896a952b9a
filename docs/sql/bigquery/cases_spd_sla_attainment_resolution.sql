SELECT
  `t0`.`row`,
  CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`resolution_due`)) AS INT64) AS INT64) AS `at`,
  IF(
    (
      CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`first_solved_at`)) AS INT64) AS INT64) IS NOT NULL
    )
    OR `t0`.`solve_is_known`,
    COALESCE(
      CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`first_solved_at`)) AS INT64) AS INT64) <= CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`resolution_due`)) AS INT64) AS INT64),
      FALSE
    ),
    NULL
  ) AS `hit`,
  CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`resolution_due`)) AS INT64) AS INT64) < 1791007200 AS `due`
FROM `contacts` AS `t0`
WHERE
  CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`resolution_due`)) AS INT64) AS INT64) IS NOT NULL
ORDER BY
  `t0`.`row` ASC NULLS LAST
