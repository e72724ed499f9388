"""`g7warn alerts list | show | export`: the archive of alerts from a shell."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from g7warn.cli.options import AsJson, AsOf, resolve_as_of, resolve_settings
from g7warn.cli.output import GRADE_STYLES, out, print_json, print_table

_SERIES_NAMED = 5
"""Of a signal that reads many series; `--json` names all."""

app = typer.Typer(help="Alerts: list, show with evidence, export.", no_args_is_help=True)


class Format(StrEnum):
    """Formats of an export."""

    JSON = "json"
    CSV = "csv"


@app.command("list")
def list_open(
    as_of: AsOf = "",
    every: Annotated[bool, typer.Option("--all", help="Also alerts that have ended.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the alerts that are open at a date, the gravest first."""
    from g7warn.pipeline.alerts import list_alerts, was_assessed

    instant = resolve_as_of(as_of)
    alerts = list_alerts(as_of=instant, settings=resolve_settings(), is_ended_shown=every)
    if as_json:
        print_json(alerts)
    elif alerts or was_assessed(as_of=instant, settings=resolve_settings()):
        print_alerts(alerts, as_of=instant.isoformat())
    else:
        out.print(
            f"Nothing was assessed up to {instant:%Y-%m-%d}: this is no sign of calm. "
            "`g7warn run` assesses."
        )


@app.command("show")
def show(alert_id: str, as_of: AsOf = "", as_json: AsJson = False) -> None:
    """Show one alert: its life, its reasons and the evidence as known at each step."""
    from g7warn.pipeline.alerts import show_alert

    alert = show_alert(alert_id, as_of=resolve_as_of(as_of), settings=resolve_settings())
    if as_json:
        print_json(alert)
        return
    for event in alert["events"]:
        style = GRADE_STYLES.get(event["grade"], "")
        out.print(
            f"[bold]{event['as_of'][:10]}[/]  [{style}]{event['grade']}[/]  {event['kind']} "
            f"({event['reason']})"
        )
        out.print(f"  {escape(event['headline'])}")
        for reason in event["reasons"]:
            out.print(f"  - {escape(reason)}")
        for change in event["changes"]:
            out.print(f"  > {escape(change)}")
    out.print(f"Track record: {escape(alert['track_record'])}")
    print_evidence(alert["events"][-1]["signals"])


@app.command("record")
def show_record(as_of: AsOf = "", as_json: AsJson = False) -> None:
    """Show how earlier alerts turned out, by grade, rule and direction."""
    from g7warn.pipeline.record import list_records

    records = list_records(as_of=resolve_as_of(as_of), settings=resolve_settings())
    if as_json:
        print_json(records)
        return
    columns = ["grade", "rule", "direction", "alerts", "hits", "median_lead_months"]
    columns += ["open", "superseded", "in_event"]
    print_table("Track record", columns, [[row[name] for name in columns] for row in records])


@app.command("export")
def export(
    as_of: AsOf = "",
    form: Annotated[Format, typer.Option("--format", help="json or csv.")] = Format.JSON,
) -> None:
    """Print every event of every alert up to a date, for a program or a spreadsheet."""
    from g7warn.pipeline.alerts import export_alerts

    text = export_alerts(as_of=resolve_as_of(as_of), form=form, settings=resolve_settings())
    print(text, end="")  # noqa: T201 - the document itself


def print_alerts(alerts: list[dict[str, Any]], *, as_of: str) -> None:
    """Print a table of alerts."""
    if not alerts:
        out.print(f"No alert is open as of {as_of[:10]}.")
        return
    simulated = " (SIMULATED DATA)" if resolve_settings().simulated else ""
    print_table(
        f"Alerts open as of {as_of[:10]}{simulated}",
        ["grade", "since", "alert"],
        [
            (
                alert["grade"],
                str(alert["raised_at"])[:10],
                f"{alert['headline'].partition(': ')[2]}\n{alert['alert_id']}",
            )
            for alert in alerts
        ],
    )


def print_evidence(signals: list[dict[str, Any]]) -> None:
    """Print the signals of an assessment with series, values, thresholds and vintage."""
    out.print("[bold]Evidence[/]")
    for signal in signals:
        evidence = signal["evidence"]
        known = (evidence["vintage_at"] or "")[:10] + (" est." if evidence["is_estimated"] else "")
        about = (signal["severity"], f"{signal['probability']:.0%}", f"known {known}")
        out.print(f"[bold]{signal['indicator']}[/]  {'  '.join(about)}")
        for name, text in {
            "series": ", ".join(evidence["series_ids"][:_SERIES_NAMED])
            + (", ..." if len(evidence["series_ids"]) > _SERIES_NAMED else ""),
            "periods": " to ".join(evidence["periods"]),
            "values": _join_numbers(evidence["values"]),
            "thresholds": _join_numbers(evidence["thresholds"]),
            "notes": "; ".join(evidence["notes"]),
        }.items():
            if text:
                out.print(f"  {name}: {escape(text)}")


def _join_numbers(numbers: dict[str, float]) -> str:
    return "; ".join(f"{name} {_plain(value)}" for name, value in numbers.items())


def _plain(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000.0 else f"{number:.4g}"
