SELECT
  `t0`.`row`,
  CAST(UNIX_SECONDS(`t0`.`created_at`) AS BIGINT) AS `at`,
  IF(
    CAST(UNIX_SECONDS(`t0`.`solved_at`) AS BIGINT) IS NOT NULL,
    CAST(UNIX_SECONDS(`t0`.`solved_at`) AS BIGINT),
    1791007200
  ) - CAST(UNIX_SECONDS(`t0`.`created_at`) AS BIGINT) AS `seconds`,
  IF(
    `t0`.`solve_is_known`,
    IF(
      (
        CAST(UNIX_SECONDS(`t0`.`solved_at`) AS BIGINT) IS NOT NULL
      )
      AND COALESCE(`t0`.`resolution_code` IN ('withdrawn_by_customer'), FALSE),
      2,
      IF(CAST(UNIX_SECONDS(`t0`.`solved_at`) AS BIGINT) IS NOT NULL, 1, 0)
    ),
    NULL
  ) AS `event`
FROM `contacts` AS `t0`
WHERE
  TRUE
ORDER BY
  `t0`.`row` ASC NULLS LAST
