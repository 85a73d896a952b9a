WITH `t2` AS (
  SELECT
    `t1`.`ticket_id`,
    `t1`.`at`,
    `t1`.`event_id`,
    `t1`.`actor_id`,
    CASE
      WHEN CASE
        WHEN COALESCE(
          `t1`.`actor_id` IN ('bot_lumi')
          OR REGEXP_CONTAINS(LOWER(`t1`.`actor_id`), '^(.*autoreply.*)$'),
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
          `t1`.`actor_id` IN ('bot_lumi')
          OR REGEXP_CONTAINS(LOWER(`t1`.`actor_id`), '^(.*autoreply.*)$'),
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
            `t1`.`actor_id` IN ('bot_lumi')
            OR REGEXP_CONTAINS(LOWER(`t1`.`actor_id`), '^(.*autoreply.*)$'),
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
        `t1`.`actor_type` = 'customer'
      )
      THEN 'agent'
      ELSE `t1`.`actor_type`
    END AS `actor`,
    COALESCE(
      `t1`.`from_value`,
      LAG(`t1`.`to_value`) OVER (
        PARTITION BY `t1`.`ticket_id`
        ORDER BY `t1`.`at` ASC, LENGTH(`t1`.`event_id`) ASC, `t1`.`event_id` ASC
      )
    ) AS `before`,
    `t1`.`to_value` AS `after`
  FROM (
    SELECT
      *
    FROM `ticket_events` AS `t0`
    WHERE
      `t0`.`type` = 'status'
  ) AS `t1`
), `t6` AS (
  SELECT
    `t3`.`ticket_id`,
    `t3`.`at`,
    `t3`.`event_id`,
    `t3`.`actor_id`,
    `t3`.`actor`,
    `t3`.`before`,
    `t3`.`after`,
    FALSE AS `is_unanswered`
  FROM `t2` AS `t3`
  WHERE
    `t3`.`at` <= TIMESTAMP('2026-10-03T06:00:00+00:00')
), `t11` AS (
  SELECT
    `t7`.`ticket_id`,
    MAX(`t7`.`at`) AS `last_at`,
    MIN(
      IF((
        `t7`.`after` = 'solved'
      ) AND NOT (
        `t7`.`is_unanswered`
      ), `t7`.`at`, NULL)
    ) AS `solved_first_at`,
    MIN(
      IF((
        `t7`.`after` = 'closed'
      ) AND NOT (
        `t7`.`is_unanswered`
      ), `t7`.`at`, NULL)
    ) AS `closed_first_at`,
    MAX(
      IF(
        `t7`.`after` IN ('solved', 'closed')
        AND NOT (
          COALESCE(`t7`.`before` IN ('solved', 'closed'), FALSE)
        )
        AND NOT (
          `t7`.`is_unanswered`
        ),
        `t7`.`at`,
        NULL
      )
    ) AS `solved_last_at`,
    MAX(
      IF(
        `t7`.`after` IN ('solved', 'closed')
        AND NOT (
          COALESCE(`t7`.`before` IN ('solved', 'closed'), FALSE)
        )
        AND `t7`.`is_unanswered`,
        `t7`.`at`,
        NULL
      )
    ) AS `closed_unanswered_at`,
    MIN(
      IF(
        COALESCE(
          `t7`.`before` IN ('solved', 'closed')
          AND `t7`.`after` IN ('new', 'open', 'pending', 'on_hold'),
          FALSE
        ),
        `t7`.`at`,
        NULL
      )
    ) AS `unsolved_at`,
    SUM(
      CAST(CAST(COALESCE(
        `t7`.`before` IN ('solved', 'closed')
        AND `t7`.`after` IN ('new', 'open', 'pending', 'on_hold'),
        FALSE
      ) AS INT64) AS INT64)
    ) AS `returns`,
    SUM(
      IF(
        COALESCE(
          `t7`.`after` IN ('pending', 'on_hold')
          AND NOT (
            COALESCE(`t7`.`before` IN ('pending', 'on_hold'), FALSE)
          ),
          FALSE
        ),
        CAST(CAST(FLOOR(UNIX_SECONDS(`t7`.`at`)) AS INT64) AS INT64),
        NULL
      )
    ) AS `entered`,
    SUM(
      IF(
        COALESCE(
          `t7`.`before` IN ('pending', 'on_hold')
          AND NOT (
            `t7`.`after` IN ('pending', 'on_hold')
          ),
          FALSE
        ),
        CAST(CAST(FLOOR(UNIX_SECONDS(`t7`.`at`)) AS INT64) AS INT64),
        NULL
      )
    ) AS `left`,
    SUM(
      CAST(CAST(COALESCE(
        `t7`.`after` IN ('pending', 'on_hold')
        AND NOT (
          COALESCE(`t7`.`before` IN ('pending', 'on_hold'), FALSE)
        ),
        FALSE
      ) AS INT64) AS INT64)
    ) AS `pauses`,
    SUM(
      CAST(CAST(COALESCE(
        `t7`.`before` IN ('pending', 'on_hold')
        AND NOT (
          `t7`.`after` IN ('pending', 'on_hold')
        ),
        FALSE
      ) AS INT64) AS INT64)
    ) AS `ends`
  FROM `t6` AS `t7`
  GROUP BY
    1
)
SELECT
  `t30`.`ticket_id`,
  `t30`.`solved_first_at`,
  `t30`.`closed_first_at`,
  `t30`.`solved_last_at`,
  `t30`.`closed_unanswered_at`,
  `t30`.`unsolved_at`,
  `t30`.`returns`,
  COALESCE(`t30`.`status_now`, 'open') AS `status_now`,
  `t30`.`solver_id`,
  IF(
    COALESCE(`t30`.`pauses` - `t30`.`ends`, 0) = IF(COALESCE(`t30`.`status_now`, 'open') IN ('pending', 'on_hold'), 1, 0),
    (
      COALESCE(`t30`.`left`, 0) - COALESCE(`t30`.`entered`, 0)
    ) + IF(
      COALESCE(`t30`.`status_now`, 'open') IN ('pending', 'on_hold'),
      CAST(CAST(FLOOR(UNIX_SECONDS(TIMESTAMP('2026-10-03T06:00:00+00:00'))) AS INT64) AS INT64),
      0
    ),
    NULL
  ) AS `paused_seconds`
FROM (
  SELECT
    `t29`.*
    EXCEPT (`ticket_id_right`)
  FROM (
    SELECT
      `t28`.`ticket_id`,
      `t28`.`solved_first_at`,
      `t28`.`closed_first_at`,
      `t28`.`solved_last_at`,
      `t28`.`closed_unanswered_at`,
      `t28`.`unsolved_at`,
      `t28`.`returns`,
      `t28`.`entered`,
      `t28`.`left`,
      `t28`.`pauses`,
      `t28`.`ends`,
      `t28`.`status_now`,
      `t15`.`ticket_id` AS `ticket_id_right`,
      `t15`.`solver_id`
    FROM (
      SELECT
        `t26`.*
        EXCEPT (`ticket_id_right`)
      FROM (
        SELECT
          `t22`.`ticket_id`,
          `t22`.`solved_first_at`,
          `t22`.`closed_first_at`,
          `t22`.`solved_last_at`,
          `t22`.`closed_unanswered_at`,
          `t22`.`unsolved_at`,
          `t22`.`returns`,
          `t22`.`entered`,
          `t22`.`left`,
          `t22`.`pauses`,
          `t22`.`ends`,
          `t25`.`ticket_id` AS `ticket_id_right`,
          `t25`.`status_now`
        FROM (
          SELECT
            `t19`.*
            EXCEPT (`ticket_id_right`)
          FROM (
            SELECT
              `t5`.`ticket_id`,
              `t16`.`ticket_id` AS `ticket_id_right`,
              `t16`.`solved_first_at`,
              `t16`.`closed_first_at`,
              `t16`.`solved_last_at`,
              `t16`.`closed_unanswered_at`,
              `t16`.`unsolved_at`,
              `t16`.`returns`,
              `t16`.`entered`,
              `t16`.`left`,
              `t16`.`pauses`,
              `t16`.`ends`
            FROM (
              SELECT DISTINCT
                `t3`.`ticket_id`
              FROM `t2` AS `t3`
            ) AS `t5`
            LEFT OUTER JOIN (
              SELECT
                `t12`.*
                EXCEPT (`last_at`)
              FROM `t11` AS `t12`
            ) AS `t16`
              ON `t5`.`ticket_id` = `t16`.`ticket_id`
          ) AS `t19`
        ) AS `t22`
        LEFT OUTER JOIN (
          SELECT
            `t23`.`ticket_id`,
            `t23`.`after` AS `status_now`
          FROM (
            SELECT
              `t21`.`ticket_id`,
              `t21`.`at`,
              `t21`.`event_id`,
              `t21`.`actor_id`,
              `t21`.`actor`,
              `t21`.`before`,
              `t21`.`after`,
              `t21`.`is_unanswered`,
              `t21`.`of_ticket`,
              `t21`.`last_at`,
              ROW_NUMBER() OVER (
                PARTITION BY `t21`.`ticket_id`
                ORDER BY `t21`.`at` DESC, LENGTH(`t21`.`event_id`) DESC, `t21`.`event_id` DESC
              ) - 1 AS `place`
            FROM (
              SELECT
                `t8`.`ticket_id`,
                `t8`.`at`,
                `t8`.`event_id`,
                `t8`.`actor_id`,
                `t8`.`actor`,
                `t8`.`before`,
                `t8`.`after`,
                `t8`.`is_unanswered`,
                `t18`.`of_ticket`,
                `t18`.`last_at`
              FROM `t6` AS `t8`
              INNER JOIN (
                SELECT
                  `t12`.`ticket_id` AS `of_ticket`,
                  `t12`.`last_at`
                FROM `t11` AS `t12`
              ) AS `t18`
                ON `t8`.`ticket_id` = `t18`.`of_ticket` AND `t8`.`at` = `t18`.`last_at`
            ) AS `t21`
          ) AS `t23`
          WHERE
            `t23`.`place` = 0
        ) AS `t25`
          ON `t22`.`ticket_id` = `t25`.`ticket_id`
      ) AS `t26`
    ) AS `t28`
    LEFT OUTER JOIN (
      SELECT
        `t10`.`ticket_id`,
        `t10`.`actor_id` AS `solver_id`
      FROM (
        SELECT
          `t9`.`ticket_id`,
          `t9`.`at`,
          `t9`.`event_id`,
          `t9`.`actor_id`,
          `t9`.`actor`,
          `t9`.`before`,
          `t9`.`after`,
          `t9`.`is_unanswered`,
          ROW_NUMBER() OVER (
            PARTITION BY `t9`.`ticket_id`
            ORDER BY `t9`.`at` DESC, LENGTH(`t9`.`event_id`) DESC, `t9`.`event_id` DESC
          ) - 1 AS `place`
        FROM (
          SELECT
            `t3`.`ticket_id`,
            `t3`.`at`,
            `t3`.`event_id`,
            `t3`.`actor_id`,
            `t3`.`actor`,
            `t3`.`before`,
            `t3`.`after`,
            FALSE AS `is_unanswered`
          FROM `t2` AS `t3`
          WHERE
            `t3`.`at` <= TIMESTAMP('2026-10-03T06:00:00+00:00')
            AND `t3`.`after` IN ('solved', 'closed')
            AND NOT (
              COALESCE(`t3`.`before` IN ('solved', 'closed'), FALSE)
            )
            AND `t3`.`actor` = 'agent'
            AND `t3`.`actor_id` IS NOT NULL
        ) AS `t9`
      ) AS `t10`
      WHERE
        `t10`.`place` = 0
    ) AS `t15`
      ON `t28`.`ticket_id` = `t15`.`ticket_id`
  ) AS `t29`
) AS `t30`
