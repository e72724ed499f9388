"""`g7warn submission send | list | show`: members' own figures, each file against a receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from g7warn.cli.exits import Exit
from g7warn.cli.options import AsJson, resolve_settings
from g7warn.cli.output import err, out, print_json, print_table

app = typer.Typer(help="Members' own figures, each file against a receipt.", no_args_is_help=True)

File = Annotated[
    Path,
    typer.Argument(
        help="SDMX-CSV with the columns MINERAL, STAGE, MEASURE, REF_AREA, CONTRIBUTOR, "
        "UNIT_MEASURE, TIME_PERIOD, OBS_VALUE, OBS_STATUS, CONF_STATUS."
    ),
]
Member = Annotated[str, typer.Option("--member", help="Member that submits.")]

_COLUMNS = ("receipt", "received_at", "state", "version", "accepted", "quarantined", "file")


@app.command("send")
def send(path: File, member: Member, as_json: AsJson = False) -> None:
    """Submit a file; the same file again gives the same receipt."""
    from g7warn.pipeline.submit import submit

    receipt = submit(path, member_id=member, settings=resolve_settings())
    _print_receipt(receipt, as_json=as_json)
    if receipt["state"] in {"refused", "failed"}:
        err.print(f"exit {Exit.DATA.value}: {Exit.DATA.meaning}")
        raise typer.Exit(Exit.DATA.value)


@app.command("list")
def list_all(member: Member = "", as_json: AsJson = False) -> None:
    """List the receipts of a member, or of all."""
    from g7warn.pipeline.submit import list_receipts

    receipts = list_receipts(member_id=member, settings=resolve_settings())
    if as_json:
        print_json(receipts)
    else:
        print_table("Receipts", _COLUMNS, [[one[name] for name in _COLUMNS] for one in receipts])


@app.command("show")
def show(receipt: str, as_json: AsJson = False) -> None:
    """Show one receipt with everything that was refused."""
    from g7warn.pipeline.submit import show_receipt

    _print_receipt(show_receipt(receipt, settings=resolve_settings()), as_json=as_json)


def _print_receipt(receipt: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(receipt)
        return
    reasons = receipt["reasons"]
    plain = [(name, value) for name, value in receipt.items() if name != "reasons"]
    print_table(f"Receipt {receipt['receipt']}", ["field", "value"], plain)
    for reason in reasons if isinstance(reasons, list) else []:
        out.print(f"{reason['rows']} refused, {reason['defect']}: {'; '.join(reason['examples'])}")
