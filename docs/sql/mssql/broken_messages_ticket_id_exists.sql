SELECT
  [t4].[message_id],
  [t4].[ticket_id],
  [t4].[at],
  [t4].[author_type],
  [t4].[author_id],
  IIF([t4].[is_public] <> 0, 1, 0) AS [is_public],
  IIF([t4].[is_auto] <> 0, 1, 0) AS [is_auto],
  [t4].[text],
  [t4].[lang],
  [t4].[call_id],
  [t4].[start_offset_s],
  [t4].[end_offset_s]
FROM (
  SELECT
    [t0].[message_id],
    [t0].[ticket_id],
    [t0].[at],
    [t0].[author_type],
    [t0].[author_id],
    [t0].[is_public],
    [t0].[is_auto],
    [t0].[text],
    [t0].[lang],
    [t0].[call_id],
    [t0].[start_offset_s],
    [t0].[end_offset_s]
  FROM [messages] AS [t0]
  WHERE
    COALESCE(
      (
        [t0].[ticket_id] IS NOT NULL
      )
      AND (
        IIF(
          [t0].[ticket_id] IN (
            SELECT
              [t2].[ticket_id] AS [key]
            FROM [tickets] AS [t2]
            WHERE
              [t2].[ticket_id] IS NOT NULL
          ),
          1,
          0
        ) = 0
      ),
      (1 = 0)
    )
) AS [t4]
