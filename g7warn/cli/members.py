"""`g7warn member list | import | export | operating-point | secret`: who is told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from g7warn.cli.options import AsJson, resolve_settings
from g7warn.cli.output import out, print_json, print_table
from g7warn.clock import SystemClock
from g7warn.errors import ConfigurationError

app = typer.Typer(help="Members, their endpoints and subscriptions.", no_args_is_help=True)

YamlFile = Annotated[
    Path,
    typer.Argument(help="YAML as `g7warn member export` writes it; docs/members.yaml is one."),
]


@app.command("list")
def list_members(as_json: AsJson = False) -> None:
    """List members with their audiences, endpoints and subscriptions."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.member_codec import member_to_plain
    from g7warn.store.members import read_members

    with open_workspace(resolve_settings()) as workspace:
        members = read_members(workspace.engine)
    if as_json:
        print_json([member_to_plain(member) for member in members])
        return
    rows = [
        (
            member.member_id,
            member.name,
            " ".join(sorted(member.audiences)),
            " ".join(f"{one.channel}:{one.endpoint_id}" for one in member.endpoints),
            len(member.subscriptions),
            "active" if member.is_active else "left",
        )
        for member in members
    ]
    columns = ["member", "name", "audiences", "endpoints", "subscriptions", "state"]
    print_table("Members", columns, rows)


@app.command("import")
def import_members(path: YamlFile) -> None:
    """Enter the members of a YAML file; one that is there already is replaced. All or none."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.member_codec import yaml_to_members
    from g7warn.store.members import put_members

    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read: {error}"
        raise ConfigurationError(message, path=str(path)) from error
    members = yaml_to_members(text)
    with open_workspace(resolve_settings()) as workspace:
        put_members(workspace.engine, members, at=workspace.clock.now())
    out.print(f"{len(members)} members entered")


@app.command("export")
def export_members() -> None:
    """Print all members as YAML; secrets are never in it."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.member_codec import members_to_yaml
    from g7warn.store.members import read_members

    with open_workspace(resolve_settings()) as workspace:
        print(members_to_yaml(read_members(workspace.engine)), end="")  # noqa: T201 - the document


@app.command("operating-point")
def set_operating_point(
    member_id: str,
    subscription_id: str,
    probability: Annotated[float, typer.Argument(min=0.0, max=1.0, help="From 0 to 1.")],
    is_sure: Annotated[bool, typer.Option("--yes", help="Keep it without asking.")] = False,
) -> None:
    """Choose from which probability on to be told, after seeing what that would have caught."""
    from g7warn.pipeline.operating_point import choose, preview

    now, settings = SystemClock().now(), resolve_settings()
    asked = (member_id, subscription_id, probability)
    told = preview(*asked, as_of=now, settings=settings)
    for row in told:
        out.print(_word_point(row))
    if not told:
        out.print("No record yet: no fitted model has one. `g7warn train` needs thirty years.")
    if is_sure or typer.confirm(f"Keep {probability:.0%}?"):
        choose(*asked, as_of=now, settings=settings)
        out.print(f"{member_id}/{subscription_id}: told from {probability:.0%} on")


def _word_point(row: dict[str, Any]) -> str:
    event = "rises" if row["direction"] == "up" else "falls"
    return (
        f"{event}, {row['first_month']} to {row['last_month']}, {row['series']} prices, "
        f"from {row['probability']:.0%} on: {row['caught']} of {row['episodes']} onsets caught, "
        f"a median {row['median_lead_months']:g} months before; {row['alerts']} alerts "
        f"({row['alerts_per_year']:.2f} a price and year), "
        f"{row['alerts'] - row['right']} of them false"
    )


@app.command("secret")
def put_secret(secret_ref: str) -> None:
    """Keep an endpoint's secret, sealed; it is asked for and never shown."""
    from g7warn.pipeline.wiring import open_workspace
    from g7warn.store.vault import Vault
    from g7warn.store.vault import put_secret as keep

    settings = resolve_settings()
    vault = Vault(settings.secret_key)
    value = SecretStr(typer.prompt("secret", hide_input=True))
    with open_workspace(settings) as workspace:
        keep(workspace.engine, secret_ref, [value], vault=vault, at=workspace.clock.now())
    out.print(f"{secret_ref}: sealed")
