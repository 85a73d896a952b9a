"""What tests of engines need on the machine: Java, and a PostgreSQL server of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

URL_VARIABLE = "CXAUDIT_TEST_POSTGRES_URL"
USER = "postgres"


def has_spark() -> bool:
    """Whether a Spark session can be opened here."""
    java = shutil.which("java") or os.environ.get("JAVA_HOME")
    return bool(java) and find_spec("pyspark") is not None


def has_postgres() -> bool:
    """Whether a PostgreSQL server is given by its URL, or can be started here."""
    return bool(os.environ.get(URL_VARIABLE) or _programs()) and find_spec("psycopg") is not None


def _programs() -> Path | None:
    """The folder with the server's programs, which Debian keeps out of PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a server that lives in a temporary folder and listens on a socket there alone.

    It refuses to run as root: root lends it to the user that Debian's package makes.
    """
    programs = _programs()
    assert programs is not None, "asked for where there is none"
    folder = Path(tempfile.mkdtemp(prefix="cxaudit-postgres-"))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
        as_user = {"user": USER, "group": USER, "extra_groups": []}
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        with (folder / "log").open("a") as log:
            subprocess.run(command, stdout=log, stderr=log, cwd=folder, check=True, **as_user)

    try:
        run("initdb", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        only_here = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-w", "-o", only_here, "start")
        try:
            yield f"postgresql:///postgres?host={folder}&user={USER}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
