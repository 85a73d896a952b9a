"""Readers: one per layout a client may deliver, found by the name in `reader = "..."`."""

from __future__ import annotations

from typing import Any

from cxaudit.readers import mapped, zendesk

# each has paths, announce, check and read, all of (source, deliveries)
READERS: dict[str, Any] = {"mapped": mapped, "zendesk": zendesk}
