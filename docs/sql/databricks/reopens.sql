WITH `t4` AS (
  SELECT
    `t3`.`ticket_id`,
    `t3`.`at`,
    `t3`.`event_id`,
    `t3`.`actor_id`,
    CASE
      WHEN CASE
        WHEN COALESCE(
          `t3`.`actor_id` IN ('bot_lumi')
          OR REGEXP_LIKE(LOWER(`t3`.`actor_id`), '^(.*autoreply.*)$'),
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
          `t3`.`actor_id` IN ('bot_lumi')
          OR REGEXP_LIKE(LOWER(`t3`.`actor_id`), '^(.*autoreply.*)$'),
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
            `t3`.`actor_id` IN ('bot_lumi')
            OR REGEXP_LIKE(LOWER(`t3`.`actor_id`), '^(.*autoreply.*)$'),
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
        `t3`.`actor_type` = 'customer'
      )
      THEN 'agent'
      ELSE `t3`.`actor_type`
    END AS `actor`,
    COALESCE(
      `t3`.`from_value`,
      LAG(`t3`.`to_value`) OVER (
        PARTITION BY `t3`.`ticket_id`
        ORDER BY `t3`.`at` ASC NULLS LAST, LENGTH(`t3`.`event_id`) ASC NULLS LAST, `t3`.`event_id` ASC NULLS LAST
      )
    ) AS `before`,
    `t3`.`to_value` AS `after`
  FROM (
    SELECT
      *
    FROM `ticket_events` AS `t1`
    WHERE
      `t1`.`type` = 'status'
  ) AS `t3`
)
SELECT
  `t14`.`ticket_id`,
  `t14`.`at` AS `reopened_at`
FROM (
  SELECT
    `t13`.`ticket_id`,
    `t13`.`at`,
    `t13`.`order`,
    `t13`.`is_reopen`,
    `t13`.`is_solve`,
    `t13`.`is_message`,
    MAX(IF(`t13`.`is_message`, `t13`.`at`, NULL)) OVER (
      PARTITION BY `t13`.`ticket_id`
      ORDER BY `t13`.`at` ASC NULLS LAST, `t13`.`order` ASC NULLS LAST, `t13`.`is_reopen` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `wrote_at`,
    MAX(IF(`t13`.`is_solve`, `t13`.`at`, NULL)) OVER (
      PARTITION BY `t13`.`ticket_id`
      ORDER BY `t13`.`at` ASC NULLS LAST, `t13`.`order` ASC NULLS LAST, `t13`.`is_reopen` ASC NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS `solve_at`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        `t10`.`ticket_id`,
        `t10`.`at`,
        0 AS `order`,
        FALSE AS `is_reopen`,
        FALSE AS `is_solve`,
        TRUE AS `is_message`
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
          `t2`.`end_offset_s`
        FROM `messages` AS `t2`
        LEFT SEMI JOIN (
          SELECT DISTINCT
            `t5`.`ticket_id`
          FROM `t4` AS `t5`
          WHERE
            `t5`.`before` IN ('solved', 'closed')
            AND `t5`.`after` IN ('new', 'open', 'pending', 'on_hold')
        ) AS `t7`
          ON `t2`.`ticket_id` = `t7`.`ticket_id`
      ) AS `t10`
      WHERE
        CASE
          WHEN CASE
            WHEN COALESCE(
              `t10`.`author_id` IN ('bot_lumi')
              OR REGEXP_LIKE(LOWER(`t10`.`author_id`), '^(.*autoreply.*)$'),
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
              `t10`.`author_id` IN ('bot_lumi')
              OR REGEXP_LIKE(LOWER(`t10`.`author_id`), '^(.*autoreply.*)$'),
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
                `t10`.`author_id` IN ('bot_lumi')
                OR REGEXP_LIKE(LOWER(`t10`.`author_id`), '^(.*autoreply.*)$'),
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
            `t10`.`author_type` = 'customer'
          )
          THEN 'agent'
          ELSE `t10`.`author_type`
        END = 'customer'
    ) AS `t12`
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        `t9`.`ticket_id`,
        `t9`.`at`,
        1 AS `order`,
        COALESCE(`t9`.`is_reopen`, FALSE) AS `is_reopen`,
        COALESCE(`t9`.`is_solve`, FALSE) AS `is_solve`,
        FALSE AS `is_message`
      FROM (
        SELECT
          `t5`.`ticket_id`,
          `t5`.`at`,
          `t5`.`event_id`,
          `t5`.`actor_id`,
          `t5`.`actor`,
          `t5`.`before`,
          `t5`.`after`,
          `t5`.`before` IN ('solved', 'closed')
          AND `t5`.`after` IN ('new', 'open', 'pending', 'on_hold') AS `is_reopen`,
          `t5`.`after` IN ('solved', 'closed')
          AND NOT (
            COALESCE(`t5`.`before` IN ('solved', 'closed'), FALSE)
          ) AS `is_solve`
        FROM `t4` AS `t5`
      ) AS `t9`
      LEFT SEMI JOIN (
        SELECT DISTINCT
          `t5`.`ticket_id`
        FROM `t4` AS `t5`
        WHERE
          `t5`.`before` IN ('solved', 'closed')
          AND `t5`.`after` IN ('new', 'open', 'pending', 'on_hold')
      ) AS `t7`
        ON `t9`.`ticket_id` = `t7`.`ticket_id`
    ) AS `t11`
  ) AS `t13`
) AS `t14`
WHERE
  `t14`.`is_reopen`
  AND (
    (
      `t14`.`wrote_at` > `t14`.`solve_at`
    )
    OR (
      (
        `t14`.`wrote_at` = `t14`.`solve_at`
      ) AND (
        `t14`.`at` = `t14`.`wrote_at`
      )
    )
  )
