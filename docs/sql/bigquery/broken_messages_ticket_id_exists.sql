SELECT
  *
FROM `messages` AS `t0`
WHERE
  COALESCE(
    IF(
      `t0`.`ticket_id` IS NULL,
      FALSE,
      NOT (
        `t0`.`ticket_id` IN (
          SELECT
            `t2`.`ticket_id`
          FROM `tickets` AS `t2`
          WHERE
            `t2`.`ticket_id` IS NOT NULL
        )
      )
    ),
    FALSE
  )
