SELECT
  *
FROM `messages` AS `t0`
WHERE
  COALESCE(
    (
      `t0`.`ticket_id` IS NOT NULL
    )
    AND NOT (
      `t0`.`ticket_id` IN (
        SELECT
          `t2`.`ticket_id` AS `key`
        FROM `tickets` AS `t2`
        WHERE
          `t2`.`ticket_id` IS NOT NULL
      )
    ),
    FALSE
  )
