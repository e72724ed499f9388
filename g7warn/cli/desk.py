"""`g7warn approve | silence | acknowledge | outbox`: what people decide about notices."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from g7warn.cli.options import AsJson, resolve_settings
from g7warn.cli.output import out, print_json, print_table
from g7warn.clock import SystemClock

By = Annotated[str, typer.Option("--by", help="Who decides; kept.")]
Why = Annotated[str, typer.Option("--why", help="In your words; kept.")]

silence_app = typer.Typer(help="Times in which nobody wants to hear of something.")
outbox_app = typer.Typer(help="Deliveries: how they stand, dead letters.", no_args_is_help=True)


def approve(
    identifier: Annotated[str, typer.Argument(help="Notice; empty lists those that wait.")] = "",
    by: By = "",
    why: Why = "",
    reject: Annotated[bool, typer.Option("--reject", help="Hold the notice back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Approve a notice that waits for a duty officer; without a name, list them."""
    from g7warn.pipeline import approve as use_case

    now, settings = SystemClock().now(), resolve_settings()
    if identifier:
        state = use_case.decide(
            identifier, is_approved=not reject, by=by, why=why, as_of=now, settings=settings
        )
        out.print(f"{identifier}: {state}")
        return
    waiting = use_case.list_waiting(as_of=now, settings=settings)
    if as_json:
        print_json(waiting)
        return
    columns = ["identifier", "subject", "requested_at"]
    print_table("Waiting", columns, [[row[name] for name in columns] for row in waiting])


def acknowledge(alert_id: str, member_id: str, by: By = "") -> None:
    """Note that a member has taken note of an alert: its reminders stop."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.desk import acknowledge as keep

    with open_workspace(resolve_settings()) as workspace:
        now = workspace.clock.now()
        taken = keep(workspace.engine, alert_id, member_id, at=now, by=by, via="command line")
    out.print(f"{member_id} has acknowledged {taken.alert_id} up to event {taken.sequence}")


@silence_app.command("add")
def add_silence(
    silence_id: str,
    by: By,
    why: Why,
    hours: Annotated[float, typer.Option("--hours", help="From now on.")],
    mineral: str = "",
    alert_id: str = "",
    member_id: str = "",
) -> None:
    """Silence a mineral or an alert, for everybody or one member, until a stated end."""
    from g7warn.domain.delivery import Silence
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.desk import put_silence

    with open_workspace(resolve_settings()) as workspace:
        now = workspace.clock.now()
        silence = Silence(
            silence_id=silence_id,
            author=by,
            reason=why,
            starts_at=now,
            ends_at=now + timedelta(hours=hours),
            mineral=mineral,
            alert_id=alert_id,
            member_id=member_id,
        )
        put_silence(workspace.engine, silence)
    out.print(f"{silence_id}: silent until {silence.ends_at:%Y-%m-%d %H:%M} UTC")


@silence_app.command("list")
def list_silences() -> None:
    """List the silences that have not ended."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.desk import read_silences

    with open_workspace(resolve_settings()) as workspace:
        found = read_silences(workspace.engine, as_of=workspace.clock.now())
    columns = ["silence_id", "author", "reason", "ends_at", "mineral", "alert_id", "member_id"]
    print_table("Silences", columns, [[getattr(one, name) for name in columns] for one in found])


@silence_app.command("end")
def end_silence(silence_id: str) -> None:
    """End a silence now."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.desk import end_silence as end

    with open_workspace(resolve_settings()) as workspace:
        end(workspace.engine, silence_id, at=workspace.clock.now())
    out.print(f"{silence_id}: ended")


@outbox_app.command("status")
def outbox_status(as_json: AsJson = False) -> None:
    """Show how many deliveries stand where, and how old the oldest waiting one is."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.outbox import OutboxQueue

    with open_workspace(resolve_settings()) as workspace:
        queue = OutboxQueue(workspace.engine)
        report, dead = queue.report(), queue.read_dead_letters()
    oldest = report.oldest_pending_at.isoformat() if report.oldest_pending_at else None
    if as_json:
        print_json({"states": report.states, "oldest_pending_at": oldest, "dead_letters": dead})
        return
    print_table("Outbox", ["state", "rows"], sorted(report.states.items()))
    columns = ["delivery_id", "identifier", "endpoint_id", "attempts", "detail"]
    print_table("Dead letters", columns, [[row[name] for name in columns] for row in dead])


@outbox_app.command("replay")
def outbox_replay(delivery_id: str) -> None:
    """Queue a dead letter again, under the same delivery id."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.outbox import OutboxQueue

    with open_workspace(resolve_settings()) as workspace:
        OutboxQueue(workspace.engine).replay(delivery_id)
    out.print(f"{delivery_id}: queued again")
