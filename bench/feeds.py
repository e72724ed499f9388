"""Feeds against peers: `python bench/feeds.py [--data DIR] [--only NAME ...]`.

Prints (a) seconds to parse each release of the Pink Sheet, beside pandas on the same sheet; (b) a
structure-specific SDMX message of a million observations, seconds and peak memory, beside pysdmx
and sdmx1, each in a process of its own. `feed_tables.py` ingests every file from an empty store.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pandas as pd

from g7warn.feeds.base import Payload, hash_body
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.worldbank import SOURCE
from g7warn.feeds.vintage import stamp_known_at
from g7warn.validate import validate_batch

DATA = Path(__file__).parents[2] / "shared" / "data"
SERIES, PERIODS = 4_000, 250

_READERS = {
    "g7warn": """
from g7warn.feeds.sdmx_stream import read_structure_specific
with open(path, "rb") as stream:
    count = len(read_structure_specific(stream, what="bench"))""",
    "g7warn, whole source": """
from datetime import UTC, datetime
from g7warn.feeds.base import Payload
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.sdmx import SOURCE
dataset = get_dataset("imf_pcps")
options = {"key": ["COMMODITY"], "areas": {}, "keep": {"FREQ": ["M"]}, "unit": "UNIT_MEASURE"}
rules = tuple(
    dataset.series[0].model_copy(
        update={"id": f"c{n}.market.price.world.bench", "names": (f"C{n}",)}
    )
    for n in range(4000)
)
dataset = dataset.model_copy(update={"options": options, "series": rules})
body = open(path, "rb").read()
now = datetime(2025, 1, 1, tzinfo=UTC)
count = len(SOURCE.parse(Payload(address="x", body=body, sha256="", fetched_at=now), dataset).table)
""",
    "pysdmx": """
from pysdmx.io import read_sdmx
count = len(read_sdmx(path, validate=False).data[0].data)""",
    "sdmx1": """
import sdmx
count = len(sdmx.read_sdmx(path).data[0])""",
}
_WRAPPER = """
import resource, sys, time
path = sys.argv[1]
started = time.perf_counter()
{body}
took = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{{count:,}} observations, {{took:.1f}} s, peak {{peak:.0f}} MiB")
"""


def write_message(path: Path) -> None:
    """Write a structure-specific message of a million observations."""
    generator = random.Random(1)  # noqa: S311 - a benchmark
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    urn = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=OECD:DS(1.0):ObsLevelDim:"
    with path.open("w") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?><mes:StructureSpecificTimeSeriesData '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xmlns:mes="{space}/message" xmlns:com="{space}/common" '
            f'xmlns:ss="{space}/data/structurespecific" xmlns:ns1="{urn}TIME_PERIOD">'
            "<mes:Header><mes:ID>x</mes:ID><mes:Test>false</mes:Test>"
            "<mes:Prepared>2025-01-01T00:00:00</mes:Prepared><mes:Sender id='X'/>"
            f'<mes:Structure structureID="DS" namespace="{urn}TIME_PERIOD" '
            'dimensionAtObservation="TIME_PERIOD"><com:Structure><Ref agencyID="OECD" id="DS" '
            'version="1.0" class="DataStructure"/></com:Structure></mes:Structure></mes:Header>'
            '<mes:DataSet ss:structureRef="DS" ss:dataScope="DataStructure" '
            'xsi:type="ns1:DataSetType" ss:action="Replace">'
        )
        for number in range(SERIES):
            out.write(f'<Series FREQ="M" REF_AREA="W00" COMMODITY="C{number}" UNIT_MEASURE="USD">')
            for step in range(PERIODS):
                label = f"{2000 + step // 12}-{step % 12 + 1:02d}"
                value = generator.random() * 1e4
                out.write(f'<Obs TIME_PERIOD="{label}" OBS_VALUE="{value:.4f}" OBS_STATUS="A"/>')
            out.write("</Series>")
        out.write("</mes:DataSet></mes:StructureSpecificTimeSeriesData>")


def bench_sdmx(_data: Path) -> None:
    """Read the same message with each reader, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.xml"
        write_message(path)
        print(f"SDMX-ML structure-specific, {path.stat().st_size / 2**20:.0f} MiB")
        for name, body in _READERS.items():
            command = [sys.executable, "-W", "ignore", "-c", _WRAPPER.format(body=body), str(path)]
            root = str(Path(__file__).parents[1])
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
            last = (done.stdout or done.stderr).strip().splitlines()[-1:]
            print(f"  {name:22} {' '.join(last)}", flush=True)


def bench_pink_sheet(data: Path) -> None:
    """Parse and validate each release; three runs, the best counts."""
    dataset, now = get_dataset("worldbank"), datetime(2025, 1, 3, tzinfo=UTC)
    print("Pink Sheet, best of three, seconds")
    for path in sorted((data / "worldbank").glob("*/*.xlsx")):
        body = path.read_bytes()
        payload = Payload(address="x", body=body, sha256=hash_body(body), fetched_at=now)
        rows = []
        for _ in range(3):
            started = time.perf_counter()
            parsed = SOURCE.parse(payload, dataset)
            stamped = stamp_known_at(parsed, dataset, payload).assign(payload=payload.sha256)
            read = time.perf_counter() - started
            validate_batch(stamped, dataset=dataset)
            whole = time.perf_counter() - started
            started = time.perf_counter()
            pd.read_excel(path, sheet_name="Monthly Prices", header=None)
            rows.append((read, whole, time.perf_counter() - started))
        read, whole, peer = (min(column) for column in zip(*rows, strict=True))
        print(
            f"  {path.parent.name}  parse {read:.2f}  with validation {whole:.2f}  "
            f"pandas.read_excel alone {peer:.2f}",
            flush=True,
        )


PARTS = {"pink_sheet": bench_pink_sheet, "sdmx": bench_sdmx}


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--only", nargs="*", choices=sorted(PARTS))
    given = parser.parse_args()
    for name, part in PARTS.items():
        if not given.only or name in given.only:
            part(given.data)


if __name__ == "__main__":
    main()
