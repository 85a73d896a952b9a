from pathlib import Path
import pyarrow.parquet as pq
from cxaudit.engine import EngineSettings
from cxaudit.facts.tables import CheckedTables
from cxaudit.facts import stage
from cxaudit.facts.population import scoped_tickets, IN_SCOPE
from tests.workspace import workspace
from tests.facts.test_business_time import OFFICE
from ibis import _
import sys; sys.path.insert(0,'/tmp/w/clock')

def facts(folder, settings):
    import ws, shutil
    shutil.copytree('/tmp/w/clock/small/workspace', folder/'workspace')
    r = ws.run(folder, engine=settings)
    keep=[f for f in stage.FACT_TABLES if f.name in ('next_replies','silences','promises')]
    old=stage.FACT_TABLES; stage.FACT_TABLES=tuple(keep)
    try: stage.make_facts(r)
    finally: stage.FACT_TABLES=old
    return {n: pq.read_table(r.folder('2_validate')/'facts'/f'{n}.parquet') for n in ('contacts','next_replies','silences','promises')}

def test_same(tmp_path, other):
    a=facts(tmp_path/'a', EngineSettings()); b=facts(tmp_path/'b', other)
    for n in a:
        x,y=a[n].to_pandas(),b[n].to_pandas()
        assert set(x.columns)==set(y.columns)
        diff=[c for c in x.columns if not x[c].equals(y[c])]
        print(other.kind, n, len(x), diff)
        assert not diff, (n, diff, [(x[c][x[c]!=y[c]].head(3).tolist(), y[c][x[c]!=y[c]].head(3).tolist()) for c in diff[:3]])
