SELECT
  [t0].[ticket_id],
  [t0].[customer_id],
  [t0].[channel],
  [t0].[created_at],
  [t0].[first_response_at],
  [t0].[solved_at],
  [t0].[first_solved_at],
  [t0].[status],
  [t0].[assignee_id],
  [t0].[group_id],
  [t0].[category],
  [t0].[subcategory],
  [t0].[priority],
  [t0].[language],
  IIF([t0].[is_complaint] <> 0, 1, 0) AS [is_complaint],
  IIF([t0].[complaint_upheld] <> 0, 1, 0) AS [complaint_upheld],
  [t0].[created_by],
  IIF([t0].[is_spam] <> 0, 1, 0) AS [is_spam],
  IIF([t0].[is_test] <> 0, 1, 0) AS [is_test],
  [t0].[merged_into],
  IIF([t0].[is_deleted] <> 0, 1, 0) AS [is_deleted],
  [t0].[follow_up_of],
  [t0].[split_from],
  IIF([t0].[is_bot_only] <> 0, 1, 0) AS [is_bot_only],
  [t0].[resolution_code],
  [t0].[sla_first_response_due_at],
  [t0].[sla_resolution_due_at],
  IIF([t0].[sla_met] <> 0, 1, 0) AS [sla_met],
  [t0].[reopen_count],
  IIF([t0].[escalated] <> 0, 1, 0) AS [escalated],
  [t0].[event_id],
  [t0].[outreach_id],
  IIF([t0].[ai_assist_used] <> 0, 1, 0) AS [ai_assist_used],
  [t0].[kb_article_ids],
  [t0].[cost]
FROM [tickets] AS [t0]
WHERE
  COALESCE(
    IIF(
      [t0].[status] IS NULL,
      (1 = 0),
      IIF(
        [t0].[status] IN ('new', 'open', 'pending', 'on_hold', 'solved', 'closed', 'unknown'),
        1,
        0
      ) = 0
    ),
    (1 = 0)
  )
