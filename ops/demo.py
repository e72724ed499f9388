"""`make demo`: the real DAGs, one after the other, and the graded alerts they end in.

Without G7WARN_MIRROR it runs on simulated payloads and says so; with it, on the recorded ones that
the manifest lists. Everything it writes is under var/demo, which each run makes anew.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from environment import ROOT, build_environment, prepare_home

from g7warn.exercise.mirror import FEEDS, write_mirror
from g7warn.exercise.world import load_world

SIMULATED = "SIMULATED DATA: invented prices in the publishers' formats, no real market"


def main() -> int:
    """Prepare, run the chain, show what came of it; 0 when every DAG succeeded."""
    started = time.perf_counter()
    arguments = _read_arguments()
    var: Path = arguments.var.resolve()
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    given = os.environ.get("G7WARN_MIRROR", "")  # noqa: TID251 - before any setting is read
    manifest = Path(given).resolve() if given else write_mirror(var / "mirror")
    banner = f"recorded payloads of {manifest}" if given else SIMULATED
    as_of = arguments.as_of or load_world().as_of.isoformat()
    _enter_environment(manifest, var=var, is_simulated=not given)
    print(f"==> g7warn demonstration, as of {as_of}: {banner}")

    is_well = _run_chain(_choose_feeds(manifest, is_simulated=not given), as_of=as_of, var=var)
    _show_alerts(as_of, banner=banner)
    _show_next_steps(var)
    print(f"==> done in {time.perf_counter() - started:.0f} s. {banner}")
    return 0 if is_well else 1


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the real DAGs and show the alerts.")
    parser.add_argument("--as-of", default="", help="date to look from; default: the simulation's")
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "demo", help="emptied first")
    return parser.parse_args()


def _enter_environment(manifest: Path, *, var: Path, is_simulated: bool) -> None:
    """Become the process that the DAGs run in: settings first, Airflow's import afterwards."""
    home = var / "airflow"
    environment = build_environment(home, var=var)
    environment |= {
        "G7WARN_MIRROR": str(manifest),
        "G7WARN_SIMULATED": str(is_simulated),
        "G7WARN_DATABASE_URL": f"sqlite:///{var / 'g7warn.sqlite'}",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "COLUMNS": str(shutil.get_terminal_size(fallback=(150, 40)).columns),
    }
    os.environ.update(environment)  # noqa: TID251 - likewise
    prepare_home(home)


def _choose_feeds(manifest: Path, *, is_simulated: bool) -> list[str]:
    """Return the feeds of which the manifest lists a payload."""
    from g7warn.feeds.catalog import load_catalog

    if is_simulated:
        return list(FEEDS)
    listed = manifest.read_text("utf-8")
    return [
        feed
        for feed, dataset in load_catalog().items()
        if any(address in listed for address in dataset.list_addresses())
    ]


def _run_chain(feeds: list[str], *, as_of: str, var: Path) -> bool:
    """Run ingest of each feed, then assess and notify; return whether all succeeded."""
    import chain

    log = var / "airflow.log"
    print(f"==> Airflow: preparing its database (its own log: {log})", flush=True)
    is_well = True
    dag_ids = [f"g7warn_ingest_{feed}" for feed in feeds]
    with chain.output_to(log) as screen:
        chain.migrate()
        dags = chain.load_dags()
        for dag_id in (*dag_ids, "g7warn_assess", "g7warn_notify"):
            if screen.isatty():
                print(f"    {dag_id:32} ...", end="\r", file=screen, flush=True)
            outcome = chain.run_dag(dags[dag_id], as_of=as_of)
            is_well = is_well and outcome.state == "success"
            print(
                f"    {dag_id:32} {outcome.state:8} {outcome.seconds:5.1f} s  "
                f"{_summarise(outcome.results)}",
                file=screen,
                flush=True,
            )
    return is_well


def _summarise(results: dict[str, Any]) -> str:
    """Return the counts that the tasks returned, as one line."""
    parts = [part for one in results.values() for part in (one if isinstance(one, list) else [one])]
    return "; ".join(filter(None, (_join(part) for part in parts if isinstance(part, dict))))


def _join(part: dict[str, Any]) -> str:
    counts = part | part.get("events", {})
    return ", ".join(
        f"{name} {value}"
        for name, value in counts.items()
        if isinstance(value, int | str) and value != ""
    )


def _show_alerts(as_of: str, *, banner: str) -> None:
    """Show the table of alerts, the reasons of the gravest, and where to look next."""
    print(f"\n==> graded alerts ({banner})", flush=True)
    _call_g7warn("alerts", "list", "--as-of", as_of)
    alerts = json.loads(_call_g7warn("alerts", "list", "--as-of", as_of, "--json", is_shown=False))
    if alerts:
        _show_reasons(alerts[0]["alert_id"], as_of=as_of)


def _show_reasons(alert_id: str, *, as_of: str) -> None:
    shown = _call_g7warn("alerts", "show", alert_id, "--as-of", as_of, "--json", is_shown=False)
    event = json.loads(shown)["events"][-1]
    print(f"\n==> why {alert_id}\n    {event['headline']}")
    for reason in event["reasons"]:
        print(f"    - {reason}")
    print(f"    with the evidence: g7warn alerts show {alert_id} --as-of {as_of}", flush=True)


def _show_next_steps(var: Path) -> None:
    store = f"G7WARN_DATABASE_URL=sqlite:///{var / 'g7warn.sqlite'}"
    print(
        "\n==> where to look next\n"
        f"    what was sent: {var / 'notices'} (marked Test: the date lies in the past)\n"
        f"    {store} .venv/bin/g7warn feeds status\n"
        "    real data:     make demo G7WARN_MIRROR=../shared/data/manifest.csv "
        'ARGS="--as-of 2022-04-05"\n'
        '    the scheduler: make airflow ARGS="--simulated"\n'
        "    what the words mean: README.md"
    )


def _call_g7warn(*arguments: str, is_shown: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from g7warn.cli import main; main()", *arguments],
        check=True,
        stdout=None if is_shown else subprocess.PIPE,
        text=True,
    )
    return done.stdout or ""


if __name__ == "__main__":
    sys.exit(main())
