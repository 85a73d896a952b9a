SELECT
  `t7`.`ticket_id`,
  `t7`.`at` AS `replied_at`,
  `t7`.`author_id` AS `replied_by`
FROM (
  SELECT
    `t6`.`message_id`,
    `t6`.`ticket_id`,
    `t6`.`at`,
    `t6`.`author_type`,
    `t6`.`author_id`,
    `t6`.`is_public`,
    `t6`.`is_auto`,
    `t6`.`text`,
    `t6`.`lang`,
    `t6`.`call_id`,
    `t6`.`start_offset_s`,
    `t6`.`end_offset_s`,
    `t6`.`created_at`,
    `t6`.`channel`,
    ROW_NUMBER() OVER (
      PARTITION BY `t6`.`ticket_id`
      ORDER BY `t6`.`at` ASC NULLS LAST, `t6`.`message_id` ASC NULLS LAST
    ) - 1 AS `place`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t2`.`message_id`,
        `t2`.`ticket_id`,
        `t2`.`at`,
        `t2`.`author_type`,
        `t2`.`author_id`,
        `t2`.`is_public`,
        `t2`.`is_auto`,
        `t2`.`text`,
        `t2`.`lang`,
        `t2`.`call_id`,
        `t2`.`start_offset_s`,
        `t2`.`end_offset_s`,
        `t4`.`created_at`,
        `t4`.`channel`
      FROM `messages` AS `t2`
      INNER JOIN (
        SELECT
          `t1`.`ticket_id`,
          `t1`.`created_at`,
          `t1`.`channel`
        FROM `tickets` AS `t1`
      ) AS `t4`
        ON `t2`.`ticket_id` = `t4`.`ticket_id`
    ) AS `t5`
    WHERE
      CASE
        WHEN CASE
          WHEN COALESCE(
            `t5`.`author_id` IN ('bot_lumi')
            OR REGEXP_LIKE(LOWER(`t5`.`author_id`), '^(.*autoreply.*)$'),
            FALSE
          )
          THEN 'named bot'
          WHEN COALESCE(FALSE, FALSE)
          THEN 'bot by role'
          WHEN COALESCE(FALSE, FALSE)
          THEN 'named former agent'
          WHEN COALESCE(FALSE, FALSE)
          THEN 'agent who has left'
          ELSE 'as delivered'
        END IN ('named bot', 'bot by role')
        THEN 'bot'
        WHEN CASE
          WHEN COALESCE(
            `t5`.`author_id` IN ('bot_lumi')
            OR REGEXP_LIKE(LOWER(`t5`.`author_id`), '^(.*autoreply.*)$'),
            FALSE
          )
          THEN 'named bot'
          WHEN COALESCE(FALSE, FALSE)
          THEN 'bot by role'
          WHEN COALESCE(FALSE, FALSE)
          THEN 'named former agent'
          WHEN COALESCE(FALSE, FALSE)
          THEN 'agent who has left'
          ELSE 'as delivered'
        END = 'named former agent'
        THEN 'agent'
        WHEN (
          CASE
            WHEN COALESCE(
              `t5`.`author_id` IN ('bot_lumi')
              OR REGEXP_LIKE(LOWER(`t5`.`author_id`), '^(.*autoreply.*)$'),
              FALSE
            )
            THEN 'named bot'
            WHEN COALESCE(FALSE, FALSE)
            THEN 'bot by role'
            WHEN COALESCE(FALSE, FALSE)
            THEN 'named former agent'
            WHEN COALESCE(FALSE, FALSE)
            THEN 'agent who has left'
            ELSE 'as delivered'
          END = 'agent who has left'
        )
        AND (
          `t5`.`author_type` = 'customer'
        )
        THEN 'agent'
        ELSE `t5`.`author_type`
      END = 'agent'
      AND `t5`.`is_public`
      AND NOT (
        COALESCE(`t5`.`is_auto`, FALSE)
      )
      AND `t5`.`at` >= `t5`.`created_at`
  ) AS `t6`
) AS `t7`
WHERE
  `t7`.`place` = 0
