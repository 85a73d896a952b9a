"""An invented audit in every state a report can meet, as the stages before it save it."""

import runpy
from pathlib import Path

MORE = runpy.run_path(str(Path(__file__).parent / "invented_explanations.py"))
HOSTILE = '<script>document.title="taken"</script><img src=x onerror=alert(1)>"\'&{{ 7*7 }}\u202e'
DAY = 86400


def _row(id, principle, unit, cases, estimate, low, high, at, ends, **more):
    return {
        "id": id,
        "name": id,
        "principle": principle,
        "slice": {},
        "state": "assessed",
        "reason": "",
        "status": "scored",
        "cases": cases,
        "not_yet_due": 0,
        "missing": 0,
        "estimate": estimate,
        "se": 0.1,
        "low": low,
        "high": high,
        "unit": unit,
        "method": "Wilson, two-way",
        "utility": at,
        "utility_low": ends[0] if ends else None,
        "utility_high": ends[1] if ends else None,
        "weight": 1,
        "core": True,
        "coverage_weight": 1,
        "evidence": "B",
        "notes": [],
        "not_reached": False,
        "effective_agents": 21.4,
        "effective_customers": 2810.2,
        "bound": "",
    } | more


def _absent(id, principle, reason, cases=0, **more):
    return _row(
        id, principle, "share", cases, None, None, None, None, None,
        state="not assessed", reason=reason, evidence=None, method="", se=None,
        effective_agents=None, effective_customers=None, **more,
    )  # fmt: skip


def _principle(id, state, score, low, high, grade, evidence, coverage, **more):
    return {
        "id": id,
        "name": id.replace("_", " ").capitalize(),
        "state": state,
        "reason": "",
        "weight": 1.0,
        "previous": None,
        "previous_state": "assessed" if more.get("previous") else "not assessed",
        "year_before": None,
        "year_before_state": "not assessed",
        "score": score,
        "low": low,
        "high": high,
        "grade": grade,
        "grades": grade,
        "bound": "",
        "grade_probability": None,
        "coverage": coverage,
        "coverage_low": None if score is None else score * coverage,
        "coverage_high": None if score is None else score * coverage + 100 * (1 - coverage),
        "evidence": evidence,
        "at_scale_end": False,
    } | more


def _share(id, principle, cases, estimate, half, at, spread, **more):
    return _row(
        id, principle, "share", cases, estimate, max(0, estimate - half), min(1, estimate + half),
        at, (max(0, at - spread), min(100, at + spread)), **more,
    )  # fmt: skip


def _channel(id, channel, cases, estimate, low, high, at, ends, **more):
    return _row(
        id, "speed", "seconds", cases, estimate, low, high, at, ends,
        slice={"channel": channel}, method="Woodruff", **more,
    )  # fmt: skip


def _indicators():
    unweighted = ["not weighted for non-response"]
    csat = "qua_csat"
    return [
        _share("emp_felt_understood", "empathy", 412, 0.71, 0.055, 61, 9, state="indicative",
               reason="agents are not known", weight=2, evidence="C", notes=unweighted),
        _row("spd_first_response", "speed", "seconds", 8012, None, None, None, 44, (38, 50)),
        _channel("spd_first_response", "email", 4210, 33840.0, 30100.0, 38800.0, 56, (52, 60)),
        _channel("spd_first_response", "chat", 2490, 171.0, 140.0, 203.0, 3, (0, 10)),
        _channel("spd_first_response", "social", 1305, 9200.0, 8000.0, 10400.0, 66, (64, 68)),
        _channel("spd_first_response", "in_app", 7, None, None, None, None, None,
                 state="not assessed", reason="too little data"),
        _row("spd_first_response_p90", "speed", "seconds", 8012, None, None, None, 21, (14, 30),
             core=False, evidence="C"),
        _channel("spd_first_response_p90", "email", 4210, None, 96.4 * DAY, None, 0, (0, 0),
                 not_reached=True),
        _channel("spd_first_response_p90", "chat", 2490, 420.0, 380.0, 470.0, 17, (10, 24)),
        _row("spd_resolution_rmst", "speed", "seconds", 8012, 2.9 * DAY, 2.6 * DAY, 3.25 * DAY, 51,
             (45, 58), method="restricted mean, two-way", notes=["solves younger than 14 days"]),
        _share("spd_sla_attainment", "speed", 15102, 0.861, 0.012, 31, 6, not_yet_due=212),
        _share("spd_stale_backlog", "speed", 611, 0.212, 0.04, 29, 13, core=False, weight=0.5),
        _share("acc_reopen_14d", "accuracy", 7020, 0.031, 0.006, 84, 4, not_yet_due=33),
        _share("acc_right_first_routing", "accuracy", 7611, 0.9312, 0.011, 88, 3, core=False,
               notes=["every change of group counts, planned or not"]),
        _absent("acc_customer_rated", "accuracy", "not asked in any survey: accurate", 0,
                core=False),
        _share("tra_resolution_confirmed", "transparency", 7020, 0.22, 0.03, 40, 9, weight=0.5,
               core=False, evidence="C"),
        _absent("tra_honesty_rated", "transparency", "too little data: 31 cases; 80 needed", 31,
                core=True),
        _absent("axs_ces", "accessibility", "not asked in any survey: ces", 0),
        _row("con_agent_icc", "consistency", "share", 1740, 0.018, 0.0, 0.052, 92, (57, 100),
             method="F scaled", evidence="C"),
        _row("con_channel_gap", "consistency", "share_points", 1934, 0.032, 0.011, 0.06, 80,
             (62, 100), core=False),
        _row("con_week_stability", "consistency", "share_points", 1934, 0.012, 0.0, 0.02, 80,
             (67, 100), core=False, weight=0.5),
        _row("con_response_spread", "consistency", "ratio", 8012, 3.1, 2.8, 3.4, 82, (76, 87),
             core=False, weight=0.5),
        _absent("per_treated_individual", "personalization", "not asked in any survey: individual",
                0),
        _absent("per_no_repeat_info", "personalization", "not asked in any survey: had_to_repeat",
                0),
        _absent("per_profile_360", "personalization", "no data of the kind: customers"),
        _absent("per_continuity", "personalization", "too little data: 44 cases; 80 needed", 44,
                weight=0.5, core=False),
        _share(csat, "quality", 1934, 0.872, 0.021, 67, 6, notes=unweighted),
        _share(csat, "quality", 1202, 0.861, 0.026, 64, 7, slice={"channel": "email"}),
        _share(csat, "quality", 610, 0.918, 0.03, 84, 12, slice={"channel": "chat"}),
        _share(csat, "quality", 6, 0.5, 0.3, 0, 40, slice={"channel": "social"}),
        _share(csat, "quality", 700, 0.83, 0.04, 55, 11, slice={"team": "Billing & returns"}),
        _share(csat, "quality", 1234, 0.89, 0.02, 72, 6, slice={"team": HOSTILE}),
        _share("qua_fcr_customer", "quality", 1890, 0.731, 0.024, 66, 12, notes=unweighted),
        _share("qua_fcr_observed", "quality", 6544, 0.842, 0.011, 63, 4, not_yet_due=102),
        _share("qua_resolution_30d", "quality", 8012, 0.951, 0.008, 76, 5, weight=0.5, core=False,
               missing=120),
        _share("qua_frontline_resolution", "quality", 7020, 0.846, 0.014, 61, 5, core=False),
        _row("qua_complaint_recovery", "quality", "share", 74, 0.0, 0.0, 0.061, 0, (0, 0),
             weight=0.5, core=False, evidence="D", state="indicative",
             reason="the interval is too wide"),
        _row("imp_top_driver_reduction", "continuous_improvement", "relative_change", 3911, -0.042,
             -0.081, -0.001, 60, (50, 70), method="two-way log", evidence="C"),
        _absent("spd_next_reply", "speed", "not measured by this version of cxaudit"),
        _share("imp_feedback_coverage", "continuous_improvement", 7020, 0.241, 0.017, 73, 4,
               weight=0.5),
    ]  # fmt: skip


def _chances(**chances):
    return {letter: chances.get(letter, 0.0) for letter in "ABCDE"}


def _principles():
    return [
        _principle("empathy", "indicative", 61.2, 52.1, 70.3, "C", "C", 0.444,
                   reason="less than half of its weight is measured"),
        _principle("speed", "assessed", 38.2, 33.4, 43.1, "E", "B", 0.75, previous=44.9,
                   grade_probability=_chances(D=0.1, E=0.9)),
        _principle("accuracy", "assessed", 85.9, 82.5, 89.2, "A", "B", 0.4, grades="A/B",
                   grade_probability=_chances(A=0.65, B=0.35)),
        _principle("transparency", "not assessed", None, None, None, None, None, 0.09,
                   reason="less than a quarter of its weight is measured"),
        _principle("accessibility", "not assessed", None, None, None, None, None, 0.0,
                   reason="no indicator could be measured"),
        _principle("consistency", "assessed", 84.1, 70.6, 93.0, "B", "C", 0.545,
                   at_scale_end=True, bound=">=", previous=70.0,
                   previous_state="indicative"),
        _principle("personalization", "not assessed", None, None, None, None, None, 0.0,
                   reason="no indicator could be measured"),
        _principle("proactivity", "not assessed", None, None, None, None, None, 0.0,
                   reason="no indicator could be measured"),
        _principle("quality", "assessed", 61.4, 57.6, 65.1, "C", "B", 0.833, previous=59.8),
        _principle("continuous_improvement", "indicative", 64.4, 56.0, 72.8, "C", "C", 0.25,
                   reason="less than half of its weight is measured"),
    ]  # fmt: skip


def _changes():
    def change(id, previous, current, mix=None, note="", parts=(), slice=None, **test):
        moved = current - previous
        return {
            "indicator": id, "slice": slice or {}, "from_period": "2026Q2",
            "previous": previous, "current": current,
            "change": moved, "mix": mix, "rate": None if mix is None else moved - mix,
            "note": note, "parts": list(parts), "year_before": None,
        } | (_test(**test) if test else _untested())  # fmt: skip

    parts = [
        {"channel": "chat", "previous_cases": 402, "cases": 610, "previous": 0.941,
         "current": 0.918, "mix": 0.012, "rate": -0.007},
        {"channel": "email", "previous_cases": 1310, "cases": 1202, "previous": 0.832,
         "current": 0.861, "mix": 0.004, "rate": 0.019},
        {"channel": "social", "previous_cases": 4, "cases": 6, "previous": 0.75,
         "current": 0.5, "mix": 0.0, "rate": -0.001},
    ]  # fmt: skip
    return [
        change(
            "spd_sla_attainment",
            0.894,
            0.861,
            -0.004,
            adjusted=-0.029,
            low=-0.046,
            high=-0.012,
            verdict="worsened",
        ),
        change(
            "spd_resolution_rmst",
            2.4 * DAY,
            2.9 * DAY,
            0.1 * DAY,
            adjusted=0.19,
            low=0.04,
            high=0.36,
            verdict="worsened",
            scale="relative",
            detectable=0.215,
        ),
        change(
            "acc_reopen_14d",
            0.038,
            0.031,
            0.0,
            adjusted=-0.007,
            low=-0.016,
            high=0.002,
            verdict="no demonstrable change",
            detectable=0.0121,
        ),
        change(
            "qua_csat",
            0.845,
            0.872,
            0.016,
            parts=parts,
            adjusted=0.011,
            low=-0.018,
            high=0.04,
            verdict="no demonstrable change",
            detectable=0.0413,
        ),
        change("qua_fcr_observed", 0.842, 0.842, 0.0),
        change("qua_fcr_customer", 0.742, 0.731, 0.001),
        change("imp_feedback_coverage", 0.212, 0.241, None, note="no split by channel"),
        change("con_response_spread", 3.3, 3.1, None),
        change("spd_first_response", 29000.0, 33840.0, slice={"channel": "email"}),
        change("qua_csat", 0.832, 0.861, slice={"channel": "email"}),
        change("qua_csat", 0.966, 0.918, slice={"channel": "chat"}),
    ]


def _untested():
    names = ("adjusted", "low", "high", "p", "adjusted_p", "detectable", "scale", "verdict")
    return dict.fromkeys(names)


def _test(adjusted, low, high, verdict, detectable=0.02, scale="natural"):
    return {
        "adjusted": adjusted, "low": low, "high": high, "p": 0.01, "adjusted_p": 0.03,
        "detectable": detectable, "scale": scale, "verdict": verdict,
    }  # fmt: skip


def _context():
    def figure(id, unit, cases, estimate, low, high, slice=None):
        return {
            "id": id, "definition": "As clients know it.", "slice": slice or {}, "unit": unit,
            "cases": cases, "not_yet_due": 0, "missing": 0, "estimate": estimate, "se": None,
            "low": low, "high": high, "method": "Wilson, two-way", "effective_customers": None,
            "effective_agents": None,
        }  # fmt: skip

    return [
        figure("answered_within_24_hours", "share", 8012, 0.6121, 0.57, 0.65),
        figure("answered_within_24_hours", "share", 4210, 0.513, 0.47, 0.56, {"channel": "email"}),
        figure("answered_within_24_hours", "share", 4, 0.5, 0.1, 0.9, {"channel": "social"}),
        figure("first_response_median_among_answered", "seconds", 5700, 13716.0, 12000.0, 15000.0),
    ]


def invented_audit():
    """The audit of a client that does not exist."""
    return {
        "client": {"id": "harbour", "name": "Harbour Lights Energy"},
        "period": {
            "label": "2026Q3",
            "start": "2026-06-30T22:00:00Z",
            "end": "2026-09-30T22:00:00Z",
            "time_zone": "Europe/Berlin",
            "previous": "2026Q2",
            "year_before": "2025Q3",
        },
        "as_of": "2026-10-03T04:00:00Z",
        "status": "DRAFT",
        "status_reasons": ["no reviewer has signed it off", "data contracts failed"],
        "scorecard": "house-v1",
        "reference_mix": {"id": "mix-2025Q4", "mix": {"email": 0.52, "chat": 0.31, "social": 0.17}},
        "definition_versions": {
            row["id"]: "house-v1" for row in _indicators() if row["id"] != "spd_next_reply"
        },
        "overrides": [],
        "tables": [
            {"table": "tickets", "received": 41230, "kept": 8012, "quarantined": 12,
             "excluded": {"outside period": 32790, "spam": 311, "created by agent": 105}},
            {"table": "messages", "received": 160110, "kept": 160110, "quarantined": 0,
             "excluded": {}},
            {"table": "surveys", "received": 9120, "kept": 8760, "quarantined": 3,
             "excluded": {"parent quarantined": 7, "exact duplicate": 350}},
        ],
        "notes": [
            {"id": "message-authors", "rule": "as delivered", "author_type": "agent", "rows": 9},
            {"id": "status_unknown", "rows": 40, "of": 8012},
            {"id": "category_missing", "rows": 0, "of": 8012},
        ],
        "context": _context(),
        "contracts": {
            "error": {"passed": 61, "failed": 1, "could_not_run": 0},
            "warning": {"passed": 22, "failed": 1, "could_not_run": 1},
            "info": {"passed": 9, "failed": 0, "could_not_run": 0},
            "failed": [
                {"id": "tickets.ticket_id.unique", "table": "tickets", "severity": "error",
                 "failed_rows": 12, "rows": 41230, "message": "ticket_id is not unique"},
                {"id": "tickets.author", "table": "tickets", "severity": "warning",
                 "failed_rows": 400, "rows": 41230, "message": "an author is not named"},
            ],
        },
        "indicators": _indicators(),
        "principles": _principles(),
        "verdicts": MORE["verdicts"]([row["id"] for row in _principles()]),
        "segments": MORE["segments"](HOSTILE),
        "charts": MORE["charts"](),
        "maturity": MORE["maturity"]([row["id"] for row in _principles()], HOSTILE),
        "sensitivity": MORE["sensitivity"](),
        "nonresponse": MORE["nonresponse"](HOSTILE),
        "method": {"confidence": 0.95, "draws": 10000, "step_of_probability": 0.05,
                   "scenarios": 4096, "seed": "made of the client"},
        "overall": None,
        "overall_reason": "4 principles are assessed, 7 are needed",
        "changes": _changes(),
        "findings": [
            {"id": "f1", "severity": "warning", "title": "Replies in under 5 seconds",
             "text": "taken to be human as delivered", "principle": "speed", "rows": 212},
        ],
    }  # fmt: skip
