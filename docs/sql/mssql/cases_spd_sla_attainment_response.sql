SELECT
  [t0].[row],
  CAST(CAST(FLOOR(
    CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[response_due] AS DATETIME2)) AS BIGINT)
  ) AS BIGINT) AS BIGINT) AS [at],
  IIF(
    IIF(
      (1 = 1),
      COALESCE(
        CAST(CAST(FLOOR(
          CAST(DATEDIFF(
            S,
            CAST('1970-01-01 00:00:00' AS DATETIME2),
            CAST([t0].[first_response_at] AS DATETIME2)
          ) AS BIGINT)
        ) AS BIGINT) AS BIGINT) <= CAST(CAST(FLOOR(
          CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[response_due] AS DATETIME2)) AS BIGINT)
        ) AS BIGINT) AS BIGINT),
        (1 = 0)
      ),
      NULL
    ),
    1,
    0
  ) AS [hit],
  IIF(
    CAST(CAST(FLOOR(
      CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[response_due] AS DATETIME2)) AS BIGINT)
    ) AS BIGINT) AS BIGINT) < 1791007200,
    1,
    0
  ) AS [due]
FROM [contacts] AS [t0]
WHERE
  CAST(CAST(FLOOR(
    CAST(DATEDIFF(S, CAST('1970-01-01 00:00:00' AS DATETIME2), CAST([t0].[response_due] AS DATETIME2)) AS BIGINT)
  ) AS BIGINT) AS BIGINT) IS NOT NULL
ORDER BY
  CASE WHEN [t0].[row] IS NULL THEN 1 ELSE 0 END, [t0].[row] ASC
