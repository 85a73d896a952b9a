SELECT
  [t0].[row],
  CAST(CAST(FLOOR(
    CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[created_at] AS DATETIME2)) AS BIGINT)
  ) AS BIGINT) AS BIGINT) AS [at],
  IIF(
    CAST(CAST(FLOOR(
      CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[solved_at] AS DATETIME2)) AS BIGINT)
    ) AS BIGINT) AS BIGINT) IS NOT NULL,
    CAST(CAST(FLOOR(
      CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[solved_at] AS DATETIME2)) AS BIGINT)
    ) AS BIGINT) AS BIGINT),
    1791007200
  ) - CAST(CAST(FLOOR(
    CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[created_at] AS DATETIME2)) AS BIGINT)
  ) AS BIGINT) AS BIGINT) AS [seconds],
  IIF(
    [t0].[solve_is_known] <> 0,
    IIF(
      (
        CAST(CAST(FLOOR(
          CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[solved_at] AS DATETIME2)) AS BIGINT)
        ) AS BIGINT) AS BIGINT) IS NOT NULL
      )
      AND COALESCE([t0].[resolution_code] IN ('withdrawn_by_customer'), (1 = 0)),
      2,
      IIF(
        CAST(CAST(FLOOR(
          CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[solved_at] AS DATETIME2)) AS BIGINT)
        ) AS BIGINT) AS BIGINT) IS NOT NULL,
        1,
        0
      )
    ),
    NULL
  ) AS [event]
FROM [contacts] AS [t0]
WHERE
  (1 = 1)
ORDER BY
  CASE WHEN [t0].[row] IS NULL THEN 1 ELSE 0 END, [t0].[row] ASC
