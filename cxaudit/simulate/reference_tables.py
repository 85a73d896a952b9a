"""The small tables: channels, processes, articles, maturity and peers."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from cxaudit.simulate.columns import flags, instants, lists, named, numbers, table_of
from cxaudit.simulate.contacts_tables import ARTICLES
from cxaudit.simulate.days import simulated_days
from cxaudit.simulate.draw import Draw
from cxaudit.simulate.service import CATEGORIES, CHANNELS, LANGUAGES

OBSERVED_AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
PRINCIPLES = (
    "empathy",
    "speed",
    "accuracy",
    "transparency",
    "accessibility",
    "consistency",
    "personalization",
    "proactivity",
    "quality",
    "continuous_improvement",
)
GATES = (
    (2, "written_rule"),
    (3, "measured_monthly"),
    (4, "target_and_owner"),
    (5, "reviewed_by_customers"),
)
FLOWS = (
    ("new", "open"),
    ("open", "pending"),
    ("pending", "open"),
    ("open", "on_hold"),
    ("on_hold", "open"),
    ("open", "solved"),
    ("new", "solved"),
    ("solved", "closed"),
    ("solved", "open"),
)
PEER_VALUES = {
    "qua_csat": (0.79, 0.84, 0.76),
    "axs_ces": (0.72, 0.78, 0.70),
    "acc_reopen_14d": (0.061, 0.048, 0.082),
    "spd_resolution_rmst": (241_000.0, 188_000.0, 310_000.0),
}


def channel_catalogue_table(draw: Draw) -> pa.Table:
    """The table `channel_catalogue`: all channels, self-service included."""
    names = [*CHANNELS, "self_service"]
    size = len(names)
    spoken = [[0, 1, 2, 3] if name in ("email", "web_form") else [0, 1] for name in names]
    return table_of(
        "channel_catalogue",
        {
            "channel": names,
            "offered": [True] * size,
            "entry_homepage": [name not in ("in_app", "social") for name in names],
            "entry_in_app": [
                name in ("in_app", "chat", "messaging", "self_service") for name in names
            ],
            "wcag_level": ["AA" if name in ("email", "web_form") else "A" for name in names],
            "languages": lists(LANGUAGES, spoken),
            "observed_at": [OBSERVED_AT] * size,
            "observer_ids": [["auditor_1", "auditor_2"]] * size,
            "evidence_ref": [f"wp-{name}" for name in names],
        },
    )


def process_catalogue_table(draw: Draw) -> pa.Table:
    """The table `process_catalogue`: one row per contact reason."""
    size = len(CATEGORIES)
    preventable = ("bill_question", "slow_connection", "no_connection", "account_access")
    after = {"bill_question": ["payment"], "moving_house": ["router_setup", "no_connection"]}
    return table_of(
        "process_catalogue",
        {
            "category": list(CATEGORIES),
            "has_sop": [n % 6 != 5 for n in range(size)],
            "has_flowchart": [n % 4 != 3 for n in range(size)],
            "reviewed_at": [datetime(2025, 3 + n % 9, 12, tzinfo=UTC) for n in range(size)],
            "owner": [f"lead_{n % 7 + 1:02d}" for n in range(size)],
            "is_preventable": [name in preventable for name in CATEGORIES],
            "downstream_categories": [after.get(name, []) for name in CATEGORIES],
            "is_escalation_mandatory": [False] * size,
        },
    )


def process_flows_table(draw: Draw) -> pa.Table:
    """The table `process_flows`: the changes of status that every contact reason allows."""
    rows = [(category, *flow) for category in CATEGORIES for flow in FLOWS]
    return table_of(
        "process_flows",
        {
            "category": [row[0] for row in rows],
            "from_value": [row[1] for row in rows],
            "to_value": [row[2] for row in rows],
            "approved_exception": [row[1:] == ("new", "solved") for row in rows],
        },
    )


def kb_articles_table(draw: Draw) -> pa.Table:
    """The table `kb_articles`."""
    rng, days = draw.random("articles"), simulated_days()
    count = len(ARTICLES)
    published = int(days.starts[0]) - rng.integers(86400, 4 * 365 * 86400, count)
    updated = published + ((days.as_of - published) * rng.random(count)).astype(np.int64)
    reviewed = published + ((days.as_of - published) * rng.random(count)).astype(np.int64)
    views = rng.integers(20, 4000, count)
    liked = rng.binomial(views // 20, 0.65)
    return table_of(
        "kb_articles",
        {
            "article_id": list(ARTICLES),
            "published_at": instants(published),
            "updated_at": instants(updated),
            "reviewed_at": instants(reviewed, rng.random(count) < 0.8),
            "reviewer_id": named(("editor_1", "editor_2"), rng.integers(0, 2, count)),
            "views": numbers(views),
            "helpful_yes": numbers(liked),
            "helpful_no": numbers(views // 20 - liked),
            "open_incorrect_flags": numbers(rng.poisson(0.15, count)),
            "audience": named(("public", "internal"), (rng.random(count) < 0.2).astype(np.int64)),
        },
    )


def maturity_evidence_table(draw: Draw) -> pa.Table:
    """The table `maturity_evidence`: four gates for each principle."""
    rows = [(p, principle, *gate) for p, principle in enumerate(PRINCIPLES) for gate in GATES]
    return table_of(
        "maturity_evidence",
        {
            "principle": [row[1] for row in rows],
            "level": [row[2] for row in rows],
            "gate": [row[3] for row in rows],
            "is_met": flags(np.array([row[2] <= 2 + row[0] % 3 for row in rows])),
            "evidence_ref": [f"wp-{row[1]}-{row[2]}" for row in rows],
            "observed_at": [OBSERVED_AT] * len(rows),
            "observer_id": ["auditor_1"] * len(rows),
        },
    )


def peers_table(draw: Draw) -> pa.Table:
    """The table `peers`: made-up services to compare with."""
    rows = [
        (indicator, f"peer_{number}", value)
        for indicator, values in PEER_VALUES.items()
        for number, value in enumerate(values, start=1)
    ]
    return table_of(
        "peers",
        {
            "indicator_id": [row[0] for row in rows],
            "peer_id": [row[1] for row in rows],
            "value": [row[2] for row in rows],
            "n": [2400 + 100 * place for place in range(len(rows))],
            "period": ["2026Q2"] * len(rows),
            "definition_version": ["house-v1"] * len(rows),
        },
    )
