"""The table of surveys: one row per invitation and question, answered or not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from cxaudit.simulate.answers import UNSAID
from cxaudit.simulate.cases import NEVER
from cxaudit.simulate.columns import flags, instants, named, numbered, numbers, table_of
from cxaudit.simulate.draw import Draw
from cxaudit.simulate.service import LANGUAGES, MODES

COMMENTS = {
    "de": ("Sehr freundlich und schnell.", "Es hat gedauert, ging dann aber.", "Niemand hilft."),
    "en": ("Friendly and quick.", "It took a while but worked out.", "Nobody helps."),
    "fr": ("Aimable et rapide.", "C'était long mais réglé.", "Personne n'aide."),
    "tr": ("Nazik ve hızlı.", "Uzun sürdü ama oldu.", "Kimse yardım etmiyor."),
}
COMMENTED = 0.2


def surveys_table(draw: Draw) -> pa.Table:
    """The table `surveys`, in order of sending; what was skipped has no value."""
    service, invitations = draw.service, draw.invitations
    scales = {key: (item.scale_min, item.scale_max) for key, item in service.items.items()}
    scales["had_to_repeat"] = (0, 1)
    keys = list(scales)
    asked = np.stack([invitations.asked[key] for key in keys], axis=1)
    values = np.stack([invitations.values[key] for key in keys], axis=1)
    number, question = np.nonzero(asked)
    value = values[number, question]
    place = draw.place[invitations.case[number]]
    responded = invitations.responded[number]
    customer = draw.tickets.customer[place]
    delay = (responded - draw.tickets.solved[place]) / 86400.0
    lowest, highest = (np.array([scales[key][end] for key in keys]) for end in (0, 1))
    rng = draw.random("comments")
    comments = [text for code in LANGUAGES for text in COMMENTS[code]]
    mood = np.select([value >= 4, value >= 3], [0, 1], default=2)
    said = draw.languages[customer] * 3 + mood
    has_comment = (question == keys.index("csat")) & (value != UNSAID)
    has_comment &= rng.random(number.size) < COMMENTED
    return table_of(
        "surveys",
        {
            "invite_id": numbered("I", number + 1),
            "question_key": named(keys, question),
            "ticket_id": named(draw.ticket_ids, place),
            "customer_id": named(draw.customer_ids, customer),
            "agent_id": named(draw.agent_ids, draw.tickets.agent[place]),
            "sent_at": instants(invitations.sent[number]),
            "mode": named(MODES, invitations.mode[number]),
            "responded_at": instants(responded),
            "value": numbers(value.astype(np.float64), value != UNSAID),
            "scale_min": numbers(lowest[question].astype(np.float64)),
            "scale_max": numbers(highest[question].astype(np.float64)),
            "higher_is_better": flags(question != keys.index("had_to_repeat")),
            "delay_days": numbers(np.round(delay, 4), responded < NEVER),
            "comment": named(comments, said, has_comment),
        },
    )
