SELECT
  *
FROM "tickets" AS "t0"
WHERE
  COALESCE(
    IF(
      "t0"."status" IS NULL,
      FALSE,
      NOT (
        "t0"."status" IN ('new', 'open', 'pending', 'on_hold', 'solved', 'closed', 'unknown')
      )
    ),
    FALSE
  )
