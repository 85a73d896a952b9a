"""The `[privacy]` section of an engagement: the salt that turns ids of people into pseudonyms.

The salt is the client's and never in the file: it names the environment variable that holds it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import model_validator

from cxaudit.errors import EngagementError, Problem
from cxaudit.sources.columns import Settings

# 64 bits: among five million people, two share a pseudonym once in 1.5 million engagements.
PSEUDONYM_BYTES = 8
# In front of the pseudonym of an id that the engagement's rules take for a bot.
BOT = "bot-"
# Below this a salt is found by trying, by whoever knows one id and its pseudonym.
SAFE_SALT_LENGTH = 16


@dataclass(frozen=True)
class Salt:
    """The client's salt: what a pseudonym cannot be made or traced back without."""

    key: bytes = field(repr=False)

    def pseudonym(self, id: str) -> str:
        """The pseudonym of an id: 16 hexadecimal digits of HMAC-SHA256 over its UTF-8."""
        return hmac.digest(self.key, id.encode("utf-8"), "sha256")[:PSEUDONYM_BYTES].hex()

    @property
    def is_short(self) -> bool:
        """Whether the salt has fewer characters than are safe."""
        return len(self.key.decode("utf-8", "replace")) < SAFE_SALT_LENGTH


class Privacy(Settings):
    """Where the client's salt is; without one, ids stay as they are delivered.

    salt_variable: the environment variable that holds it.
    """

    salt_variable: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_of_a_variable(cls, raw: Any) -> Any:
        """Refuses what may be the salt itself before anything repeats it."""
        given = raw.get("salt_variable") if isinstance(raw, dict) else None
        if given is not None and not re.fullmatch(r"[A-Z][A-Z0-9_]*", str(given)):
            raise ValueError(
                "salt_variable is to be the name of an environment variable in capitals, such as "
                "ACME_SALT; the salt itself does not belong in the engagement"
            )
        return raw

    def salt(self) -> Salt | None:
        """The client's salt; None where none is named.

        Raises `EngagementError` where the variable named is not set.
        """
        if problems := self.problems():
            raise EngagementError(problems)
        if self.salt_variable is None:
            return None
        return Salt(os.environ[self.salt_variable].encode("utf-8", "surrogateescape"))

    def problems(self) -> list[Problem]:
        """The problem that the variable named is not set."""
        name = self.salt_variable
        if name is None or os.environ.get(name):
            return []
        what = f"the environment variable {name} is not set"
        do = f"Set it to the client's salt, the same for every audit: export {name}=…"
        return [Problem("privacy.salt_variable", what, do=do)]

    def fingerprint(self) -> str:
        """What changes with the salt and does not tell it; empty where none is named."""
        salt = self.salt()
        return _fingerprint(salt.key) if salt else ""


@lru_cache(maxsize=8)
def _fingerprint(key: bytes) -> str:
    """Slow on purpose, so that a salt cannot be found by trying."""
    return hashlib.scrypt(key, salt=b"cxaudit fingerprint", n=1 << 14, r=8, p=1, dklen=16).hex()
