SELECT
  *
FROM "tickets" AS "t0"
WHERE
  COALESCE(
    CASE
      WHEN "t0"."status" IS NULL
      THEN FALSE
      ELSE NOT (
        "t0"."status" IN ('new', 'open', 'pending', 'on_hold', 'solved', 'closed', 'unknown')
      )
    END,
    FALSE
  )
