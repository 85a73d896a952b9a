"""The way to a PostgreSQL server whose URL an environment variable holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cxaudit.engine.settings import DRIVERS, driver_missing, variable_missing
from cxaudit.errors import EngagementError, Problem

if TYPE_CHECKING:
    from psycopg import Connection


def connect(variable: str, where: str) -> Connection:
    """A connection in UTC that commits each statement; `where` names the setting in messages.

    Raises `EngagementError` without the URL, which may hold a password.
    """
    problems = driver_missing(where, *DRIVERS["postgres"]) or variable_missing(where, variable)
    if problems:
        raise EngagementError(problems)
    import psycopg

    options = {"TimeZone": "UTC", "DateStyle": "ISO", "client_encoding": "UTF8", "jit": "off"}
    try:
        connection = psycopg.connect(os.environ[variable], autocommit=True)
        for name, value in options.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    except psycopg.ProgrammingError:
        what = f"{variable} holds no PostgreSQL URL"
        do = "Write it as postgresql://user:password@host/database."
        raise EngagementError(Problem(where, what, do=do)) from None
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        do = f"Check the server, and the URL that {variable} holds."
        raise EngagementError(Problem(where, "no connection to PostgreSQL", said, do)) from None
    return connection
