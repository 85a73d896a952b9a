"""Responses to a survey → a row for each response and question that the engagement names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxaudit.errors import Problem, UnreadableData, nearest
from cxaudit.readers.cells import mask_of, replaced
from cxaudit.readers.findings import Finding
from cxaudit.readers.layouts.declaration import Shaped
from cxaudit.sources import Question, VendorSource
from cxaudit.sources.questions import COMMENT

TEXT = pa.large_string()
NOTHING = pa.scalar(None, TEXT)
# the columns added to each response; names in capitals are no vendor's
QUESTION, ANSWER, RESPONDED = "QUESTION", "ANSWER", "RESPONDED"
LOWEST, HIGHEST, UPWARDS, WRITTEN = "LOWEST", "HIGHEST", "UPWARDS", "WRITTEN"
# the columns of the table surveys that come from the questions, alike for every vendor
SURVEYED = {
    "question_key": QUESTION,
    "responded_at": RESPONDED,
    "value": ANSWER,
    "scale_min": LOWEST,
    "scale_max": HIGHEST,
    "higher_is_better": UPWARDS,
    "comment": WRITTEN,
}


def surveyed(
    source: VendorSource,
    responses: pa.Table,
    answers: Mapping[str, pa.ChunkedArray],
    responded: pa.ChunkedArray,
    *,
    finished: np.ndarray,
    tests: np.ndarray,
    survey: pa.ChunkedArray,
) -> Shaped:
    """A row for each response and question; tests left out, unfinished responses unanswered.

    A response to a survey that asks none of the questions is left out, and counted once.

    answers: the vendor's name of a question -> its cell of every response. responded: when each
    response was sent in. survey: which survey each response is to; a question is asked in those in
    which somebody answered it, in all if nobody did. Raises UnreadableData for a question that was
    not delivered.
    """
    unknown = [name for name in source.questions if name not in answers]
    if unknown:
        raise UnreadableData([_not_asked(source, name, answers) for name in unknown])
    nothing = pa.array(~finished)
    parts: list[pa.Table] = []
    left_out = 0
    asked_any = np.zeros(responses.num_rows, dtype=bool)
    asked_for = _by_key(source.questions, answers)
    written = [pc.coalesce(*given) for key, _, given in asked_for if key == COMMENT]
    for key, question, given in asked_for:
        if key == COMMENT:
            continue
        answer = pc.coalesce(*given)
        part = _part(responses, key, question, answer, responded, nothing)
        # what was written is carried once, beside the first question
        comment = written[0] if written and not parts else pa.nulls(part.num_rows, TEXT)
        part = part.append_column(WRITTEN, comment)
        asked = _asked(answer, survey)
        asked_any |= asked
        parts.append(part.filter(pa.array(asked & ~tests)))
        left_out += int((asked & tests).sum())
    findings = [
        Finding("test-response", "", int(tests.sum())),
        Finding("unfinished-response", "", int((~finished & ~tests & asked_any).sum())),
        Finding("not-asked", "", int((~asked_any & ~tests).sum())),
    ]
    left_out += int((~asked_any).sum())
    return Shaped(pa.concat_tables(parts), left_out=left_out, findings=findings)


def spread(
    keys: pa.ChunkedArray,
    of: pa.ChunkedArray,
    names: Sequence[pa.ChunkedArray],
    cells: pa.ChunkedArray,
    asked: Sequence[str],
) -> tuple[dict[str, pa.ChunkedArray], list[Finding]]:
    """Answers delivered one a row, as columns: question -> its cell of every response in `keys`.

    of, names, cells: each answer's response, the names its question goes by, what was answered.
    Several different answers of one response to one question are none. Where some of the questions
    asked for are there, the others were not answered by anybody.
    """
    known = {name for column in names for name in column.unique().to_pylist() if name}
    there = [name for name in asked if name in known]
    given: dict[tuple[str, str], set[str]] = {}
    called = zip(*(column.to_pylist() for column in names), strict=True)
    for response, own, cell in zip(of.to_pylist(), called, cells.to_pylist(), strict=True):
        if response is not None and cell is not None:
            for name in set(there).intersection(own):
                given.setdefault((name, response), set()).add(cell)
    several = sum(len(found) > 1 for found in given.values())
    silent = sorted(set(asked) - set(there)) if there or not known else []
    columns = {}
    for name in (*there, *silent):
        found = (given.get((name, key), ()) for key in keys.to_pylist())
        cells_of = [next(iter(one)) if len(one) == 1 else None for one in found]
        columns[name] = pa.chunked_array([pa.array(cells_of, TEXT)])
    return columns, [
        Finding("several-answers", "", several),
        Finding("question-unanswered", "", len(silent), how=", ".join(silent)),
    ]


def among(column: pa.ChunkedArray, words: Iterable[str]) -> np.ndarray:
    """A mask of the cells that hold one of these words, in whatever case."""
    lowered = pc.utf8_lower(column)
    return mask_of(pc.is_in(lowered, value_set=pa.array([w.lower() for w in words], TEXT)))


def _by_key(
    questions: Mapping[str, Question], answers: Mapping[str, pa.ChunkedArray]
) -> list[tuple[str, Question, list[pa.ChunkedArray]]]:
    """Our questions, each with its columns; one asked in several places is one question."""
    found: dict[str, tuple[Question, list[pa.ChunkedArray]]] = {}
    for name, question in questions.items():
        words = question.values
        cells = replaced(answers[name], words, None)[0] if words else answers[name]
        found.setdefault(question.key, (question, []))[1].append(cells)
    return [(key, question, columns) for key, (question, columns) in found.items()]


def _asked(answer: pa.ChunkedArray, survey: pa.ChunkedArray) -> np.ndarray:
    """A mask of the responses to surveys in which somebody answered the question."""
    filled = survey.filter(pc.is_valid(answer)).unique()
    if not len(filled):
        return np.ones(len(survey), dtype=bool)
    return mask_of(pc.is_in(survey, value_set=filled))


def _part(
    responses: pa.Table,
    key: str,
    question: Question,
    answer: pa.ChunkedArray,
    responded: pa.ChunkedArray,
    nothing: pa.Array,
) -> pa.Table:
    same = np.zeros(responses.num_rows, dtype=np.int64)
    words = {
        QUESTION: key,
        LOWEST: str(question.scale[0]),
        HIGHEST: str(question.scale[1]),
        UPWARDS: "true" if question.higher_is_better else "false",
    }
    part = responses.append_column(ANSWER, pc.if_else(nothing, NOTHING, answer))
    part = part.append_column(RESPONDED, pc.if_else(nothing, NOTHING, responded))
    for name, word in words.items():
        part = part.append_column(name, pa.array([word], TEXT).take(pa.array(same)))
    return part


def _not_asked(source: VendorSource, name: str, answers: Iterable[str]) -> Problem:
    what = f"no question '{name}' was delivered"
    return Problem(f"source '{source.name}', questions", what, do=nearest(name, [*answers]))
