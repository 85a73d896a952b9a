"""`questions` of a survey's source: what each of the client's questions asks, on which scale."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from cxaudit.sources.columns import Settings, Word

YES_OR_NO = (0.0, 1.0)
COMMENT = "comment"
# what is fixed by the question itself: (scale, whether higher is better)
FIXED = {
    "nps": ((0.0, 10.0), True),
    "resolved": (YES_OR_NO, True),
    "resolved_first": (YES_OR_NO, True),
    "had_to_repeat": (YES_OR_NO, False),
    # words are on no scale
    COMMENT: (YES_OR_NO, True),
}
YES_NO_WORDS = {"true": "1", "false": "0", "yes": "1", "no": "0", "Yes": "1", "No": "0"}


class Question(Settings):
    """A question of a client's survey, in our terms.

    key: what it asks, a word of surveys.question_key, or `comment` for what the customer wrote.
    scale: the lowest and the highest answer; known for nps and yes-or-no questions.
    higher_is_better: to be said for ces, which is asked both ways. values: the survey's answers ->
    numbers of the scale.
    """

    key: str
    scale: tuple[float, float]
    higher_is_better: bool
    values: dict[str, Word] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, raw: Any) -> Any:
        """`"nps"` is short for `{ key = "nps" }`; what the key settles is filled in."""
        if isinstance(raw, str):
            raw = {"key": raw}
        if not isinstance(raw, dict):
            return raw
        key = raw.get("key")
        scale, upwards = FIXED.get(str(key), (None, None if key == "ces" else True))
        if scale is not None:
            raw = {"scale": scale, **raw}
        if upwards is not None:
            raw = {"higher_is_better": upwards, **raw}
        if scale == YES_OR_NO and key != COMMENT:
            raw = {**raw, "values": {**YES_NO_WORDS, **(raw.get("values") or {})}}
        for needed in ("scale", "higher_is_better"):
            if key is not None and needed not in raw:
                raise ValueError(f"question '{key}' needs '{needed}': {WHY[needed]}")
        return raw

    @model_validator(mode="after")
    def _rising(self) -> Question:
        if self.scale[0] >= self.scale[1]:
            raise ValueError("'scale' is the lowest answer and the highest, for example [1, 5]")
        return self


WHY = {
    "scale": "the lowest answer and the highest, for example [1, 5]",
    "higher_is_better": "effort is asked both ways",
}
