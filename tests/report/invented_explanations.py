"""What explaining and scoring add to the invented audit: verdicts, parts, months, other choices."""

CHANNELS = ("E-mail", "Chat")
GATES = ("written_rule", "measured_monthly")


def verdicts(principles):
    """Speed worsened, quality improved within a year, the others cannot be told."""

    def beside(period, verdict, moved=None, low=None, high=None, detectable=None, note=""):
        return {
            "period": period, "difference": moved, "low": low, "high": high, "p": None,
            "adjusted_p": None, "detectable": detectable, "verdict": verdict, "note": note,
        }  # fmt: skip

    nothing = "no figure in both periods"
    told = {
        "speed": (beside("2026Q2", "worsened", -6.7, -9.4, -4.1, 3.2),
                  beside("2025Q3", "not comparable", note=nothing)),
        "quality": (beside("2026Q2", "no demonstrable change", 1.6, -3.3, 6.5, 6.6),
                    beside("2025Q3", "improved", 5.2, 1.1, 9.4, 4.9)),
    }  # fmt: skip
    unknown = [beside(period, "not comparable", note=nothing) for period in ("2026Q2", "2025Q3")]
    found = [(id, *told.get(id, unknown)) for id in principles]
    return [{"principle": id, **now, "year_before": year} for id, now, year in found]


def segments(hostile):
    """Satisfaction by team, one team apart and two not shown; by channel nobody apart."""

    def cell(by, name, cases, estimate, shrunken, half, flag=None, suppressed=None):
        shown = estimate is not None
        return {
            "indicator": "qua_csat", "by": by, "name": name, "cases": cases if shown else None,
            "estimate": estimate, "shrunken": shrunken,
            "low": shrunken - half if shown else None, "high": shrunken + half if shown else None,
            "p": 0.2 if shown else None, "adjusted_p": 0.3 if shown else None,
            "probability": 0.4 if shown else None, "flag": flag, "suppressed": suppressed,
            "funnel_low": 0.8 if shown else None, "funnel_high": 0.95 if shown else None,
        }  # fmt: skip

    return [
        cell("channel", "chat", 610, 0.918, 0.91, 0.03),
        cell("channel", "email", 1202, 0.861, 0.864, 0.025),
        cell("team", "Billing & returns", 700, 0.79, 0.801, 0.03, flag="worse"),
        cell("team", hostile, 1234, 0.89, 0.888, 0.02),
        cell("team", "Night", None, None, None, 0, suppressed="fewer than 3 agents"),
        cell("team", "Port", None, None, None, 0, suppressed="fewer than 10 cases"),
    ]


def charts():
    """Satisfaction with a month beyond the limits, and reopened cases too young for limits."""

    def month(number, value, limits=(0.84, 0.81, 0.87), signal=None):
        centre, lower, upper = limits
        return {
            "month": f"2026-{number:02}", "value": value, "cases": 640, "centre": centre,
            "lower": lower, "upper": upper, "signal": signal,
        }  # fmt: skip

    steady = [month(n, 0.84 + n / 1000) for n in range(1, 9)]
    told = [*steady, month(9, 0.89, signal="beyond the limits")]
    young = [month(n, 0.03, limits=(None, None, None)) for n in (8, 9)]
    return [
        {"indicator": "qua_csat", "slice": {}, "months": told},
        {"indicator": "acc_reopen_14d", "slice": {}, "months": young},
    ]


def maturity(principles, hostile):
    """Accuracy is anchored, speed is not, of the others nothing is known."""

    def level(id, number, name):
        return {
            "id": id, "state": "assessed", "reason": "", "level": number, "name": name,
            "next": "level 5 (Embed): reviewed_by_customers",
            "gates": [
                {"level": 2, "gate": gate, "is_met": True, "evidence_ref": f"wp-{id}"}
                for gate in (*GATES, hostile)
            ],
            "checks": [{"level": 3, "check": "measured at evidence C", "result": "holds"}],
        }  # fmt: skip

    known = {
        "accuracy": level("accuracy", 2, "Initiate"),
        "speed": level("speed", 4, "Scale"),
    }
    unknown = {
        "state": "not assessed", "reason": "no evidence of maturity was supplied", "level": None,
        "name": "", "next": "", "gates": [], "checks": [],
    }  # fmt: skip
    return [known.get(id, {"id": id, **unknown}) for id in principles]


def sensitivity():
    """Speed keeps its grade under other choices, quality does not."""

    def subject(id, score, grade, same, ends, mover):
        return {
            "id": id, "score": score, "grade": grade, "scenarios": 4096, "same_grade": same,
            "is_robust": same >= 0.7, "low": ends[0], "high": ends[1],
            "assumptions": [
                {"name": "weights", "options": [], "variance_share": 0.05},
                {"name": "indicator left out", "options": ["none", "qua_csat"],
                 "variance_share": 0.61},
            ],
            "largest_mover": mover,
        }  # fmt: skip

    moved = {"assumption": "indicator left out", "option": "qua_csat", "change": -7.6}
    return [
        subject("speed", 38.2, "E", 0.93, (30.0, 44.0), None),
        subject("quality", 61.4, "C", 0.41, (48.0, 78.0), moved),
    ]


def nonresponse(hostile):
    """One question weighted, one whose silent customers are unknown."""
    common = {"agents_compared": 40, "agents_outside_funnel": 2}
    return [
        {
            "indicator": "qua_csat", "question": "csat", "invited": 5500, "answered": 1934,
            "response_rate": 0.3516, "raw": 0.861, "weighted": 0.872,
            "bounds": [0.3066, 0.955], "sensitivity": [
                {"ratio": 0.5, "value": 0.9316}, {"ratio": 1.0, "value": 0.872},
                {"ratio": 2.0, "value": 0.773}],
            "moved_more_than_se": True, "invitation_coverage": 0.52, "notes": [hostile], **common,
        },
        {
            "indicator": "qua_fcr_customer", "question": "resolved_first", "invited": None,
            "answered": 1890, "response_rate": None, "raw": 0.731, "weighted": None,
            "bounds": [0.11, 0.96], "sensitivity": [], "moved_more_than_se": None,
            "invitation_coverage": None, "notes": ["not weighted: too few answers"], **common,
        },
    ]  # fmt: skip


def overall():
    """An overall that may be stated, held down by its weakest principle."""
    chances = {"A": 0.0, "B": 0.3, "C": 0.7, "D": 0.0, "E": 0.0}
    return {
        "score": 74.1, "low": 71.2, "high": 76.4, "grade": "C", "grades": "B/C",
        "grade_probability": chances, "is_capped": True, "at_scale_end": False, "bound": "",
        "geometric": 70.6, "minimum": 38.2, "weakest": "speed", "coverage": 0.8,
        "coverage_low": 60.0, "coverage_high": 80.0, "evidence": "B", "principles": ["speed"],
    }  # fmt: skip
