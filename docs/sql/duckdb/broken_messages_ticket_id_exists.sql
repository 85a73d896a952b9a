SELECT
  *
FROM "messages" AS "t0"
WHERE
  COALESCE(
    CASE
      WHEN "t0"."ticket_id" IS NULL
      THEN FALSE
      ELSE NOT (
        "t0"."ticket_id" IN (
          SELECT
            "t2"."ticket_id"
          FROM "tickets" AS "t2"
          WHERE
            "t2"."ticket_id" IS NOT NULL
        )
      )
    END,
    FALSE
  )
