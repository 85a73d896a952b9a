"""Spark: a session on this machine, or the client's cluster."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxaudit.engine.interface import Engine, as_table, kept_schema, ordered
from cxaudit.engine.settings import EngineSettings
from cxaudit.errors import EngagementError, Problem

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

# Names of views are the session's, and one process has one session.
_NUMBERS = itertools.count()
HERE = "local[*]"
# What results rest on; it goes before anything an engagement or a cluster sets.
FIXED = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}


class SparkEngine(Engine):
    """A Spark session; the workspace is a folder that driver and executors all see."""

    def __init__(self, settings: EngineSettings, scratch: Path | None = None):
        import ibis

        from cxaudit.engine.dialects import Spark

        self._rows = Path(tempfile.mkdtemp()) if scratch is None else scratch / "spark"
        # A kernel that is stopped cleans up nothing: the next one does.
        shutil.rmtree(self._rows, ignore_errors=True)
        atexit.register(shutil.rmtree, self._rows, ignore_errors=True)
        with warnings.catch_warnings():
            # It warns of pandas 3, which it is not used with here: rows come as Arrow.
            warnings.simplefilter("ignore", FutureWarning)
            self._session = _session(settings, scratch)
            self._connection = ibis.pyspark.connect(self._session, **FIXED)
        self._connection.compiler = Spark()
        self._read: dict[tuple[Path, int, int], ir.Table] = {}

    def read(self, path: Path) -> ir.Table:
        import ibis
        import pyarrow.parquet as pq

        status = path.stat()
        key = (path, status.st_mtime_ns, status.st_size)
        if key not in self._read:
            frame = self._session.read.parquet(str(path))
            self._read[key] = self._named(frame, ibis.Schema.from_pyarrow(pq.read_schema(path)))
        return self._read[key]

    def table(self, arrow: pa.Table) -> ir.Table:
        import ibis

        return self._named(
            self._session.createDataFrame(arrow), ibis.Schema.from_pyarrow(arrow.schema)
        )

    def cached(self, expression: ir.Table) -> ir.Table:
        # A frame that Spark itself keeps brings its whole history into every later plan.
        rows = self._written(expression)
        frame = self._session.read.parquet(str(rows))
        return self._named(frame, kept_schema(expression.schema()))

    def write(self, expression: ir.Table, path: Path, order_by: Sequence[str] = ()) -> None:
        from cxaudit.engine.parquet import write_batches

        parts = self._written(ordered(expression, order_by))
        write_batches(_batches(parts), expression.schema().to_pyarrow(), path)
        shutil.rmtree(parts)

    def fetch(self, expression: ir.Expr) -> pa.Table:
        table = as_table(expression)
        return self.frame(table).toArrow().cast(table.schema().to_pyarrow())

    def frame(self, expression: ir.Table) -> DataFrame:
        return self._session.sql(self._connection.compile(expression))

    def _written(self, expression: ir.Table) -> Path:
        """A folder of Parquet files with the rows; in the order of their names that of the rows."""
        folder = self._rows / str(next(_NUMBERS))
        self.frame(expression).write.parquet(str(folder))
        return folder

    def _named(self, frame: DataFrame, schema: Any) -> ir.Table:
        """A frame as a table; the schema says of instants that they are UTC, which Spark knows."""
        import ibis.expr.operations as ops

        name = f"cxaudit_{next(_NUMBERS)}"
        frame.createOrReplaceTempView(name)
        return ops.DatabaseTable(name=name, schema=schema, source=self._connection).to_expr()


def _batches(parts: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    for file in sorted(parts.glob("*.parquet")):
        yield from pq.ParquetFile(file).iter_batches()


def _session(settings: EngineSettings, scratch: Path | None) -> SparkSession:
    """The session of this process, or one by the settings where there is none yet."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    master = settings.master or HERE
    chosen = {
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.maxResultSize": "0",
    }
    if master.startswith("local"):
        # Two hundred parts of a shuffle are for clusters: here each costs more than its rows.
        chosen["spark.sql.shuffle.partitions"] = "8"
    if scratch is not None:
        chosen |= {"spark.local.dir": str(scratch), "spark.sql.warehouse.dir": str(scratch)}
    if settings.memory_limit:
        chosen["spark.driver.memory"] = settings.memory_limit.removesuffix("B").lower()
    builder = SparkSession.builder.appName("cxaudit").master(master)
    for name, value in {**chosen, **settings.options}.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except PySparkException as error:
        what = f"the Spark session cannot be opened: {type(error).__name__}"
        do = (
            "Spark needs Java 17 or 21 (Debian, Ubuntu: apt-get install openjdk-17-jre-headless) "
            "and a master that can be reached."
        )
        raise EngagementError(Problem("engine", what, f"master {master}", do)) from error
