"""The audit as JUnit XML: a test case per contract check, principle and gate."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Any

from cxaudit.pipeline.sarif import contract_place

# What XML 1.0 cannot hold, escaped or not.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(
    validation: Mapping[str, Any] | None,
    audit: Mapping[str, Any] | None = None,
    gates: Sequence[str] = (),
    failed: Mapping[str, str] | None = None,
    stopped: str = "",
) -> bytes:
    """A JUnit document; of a run that stopped it holds the reason and the checks it came to.

    A failed check of severity error is a failure; of a lower one it passes with a note, as a
    counted finding does. A check that could not run is an error: neither passed nor failed.
    """
    root = ET.Element("testsuites", name="cxaudit")
    if stopped:
        run = ET.SubElement(root, "testsuite", name="run")
        case = ET.SubElement(run, "testcase", classname="run", name="reaches a report")
        ET.SubElement(case, "error", message=_clean(stopped))
    contracts = ET.SubElement(root, "testsuite", name="contracts")
    for check in validation["checks"] if validation else ():
        _contract_case(contracts, check)
    if audit is not None:
        principles = ET.SubElement(root, "testsuite", name="principles")
        for principle in audit["principles"]:
            _principle_case(principles, principle)
        gate_suite = ET.SubElement(root, "testsuite", name="gates")
        for name in gates:
            case = ET.SubElement(gate_suite, "testcase", classname="gates", name=_clean(name))
            if reason := (failed or {}).get(name):
                ET.SubElement(case, "failure", message=_clean(reason))
    for suite in root:
        _count(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _contract_case(suite: ET.Element, check: Mapping[str, Any]) -> None:
    state, message = check["state"], _clean(check.get("message") or check["state"])
    name, place = _clean(check["id"]), _clean(f"contracts.{check['table']}")
    case = ET.SubElement(suite, "testcase", classname=place, name=name)
    if check.get("line"):
        case.set("file", _clean(contract_place(check["contract"])))
        case.set("line", str(check["line"]))
    if state == "failed" and check["severity"] == "error":
        ET.SubElement(case, "failure", message=message)
    elif state == "failed":
        ET.SubElement(case, "system-out").text = f"{check['severity']}: {message}"
    elif state == "could not run":
        ET.SubElement(case, "error", message=message)
    elif state != "passed":
        ET.SubElement(case, "skipped", message=_clean(state))


def _principle_case(suite: ET.Element, principle: Mapping[str, Any]) -> None:
    name = _clean(principle["id"])
    case = ET.SubElement(suite, "testcase", classname="principles", name=name)
    if principle["score"] is None:
        reason = principle.get("reason") or "no reason given"
        ET.SubElement(case, "skipped", message=_clean(f"{principle['state']}: {reason}"))
        return
    text = f"{principle['state']}: {principle['score']:.1f}"
    if principle.get("low") is not None and principle.get("high") is not None:
        text += f" ({principle['low']:.1f} to {principle['high']:.1f})"
    ET.SubElement(case, "system-out").text = text


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite)))
    for attribute, outcome in (
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(attribute, str(len(suite.findall(f"testcase/{outcome}"))))


def _clean(text: Any) -> str:
    return NOT_XML.sub("\ufffd", str(text))
