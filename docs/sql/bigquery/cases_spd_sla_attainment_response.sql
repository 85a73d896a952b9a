SELECT
  `t0`.`row`,
  CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`response_due`)) AS INT64) AS INT64) AS `at`,
  IF(
    TRUE,
    COALESCE(
      CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`first_response_at`)) AS INT64) AS INT64) <= CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`response_due`)) AS INT64) AS INT64),
      FALSE
    ),
    NULL
  ) AS `hit`,
  CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`response_due`)) AS INT64) AS INT64) < 1791007200 AS `due`
FROM `contacts` AS `t0`
WHERE
  CAST(CAST(FLOOR(UNIX_SECONDS(`t0`.`response_due`)) AS INT64) AS INT64) IS NOT NULL
ORDER BY
  `t0`.`row` ASC NULLS LAST
