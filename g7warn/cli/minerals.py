"""`g7warn minerals`: the catalogue of minerals."""

from __future__ import annotations

from typing import Annotated

import typer

from g7warn.cli.output import print_json, print_table
from g7warn.domain.mineral import list_minerals


def list_catalogue(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the minerals watched, with their HS headings and the critical lists that name them."""
    if as_json:
        print_json([mineral.model_dump() for mineral in list_minerals()])
        return
    rows = [
        (
            mineral.code,
            mineral.name,
            mineral.symbol,
            " ".join(mineral.hs),
            " ".join(mineral.lists),
            " ".join(
                name
                for name, is_true in (
                    ("pilot", mineral.is_pilot),
                    ("strategic", mineral.is_strategic),
                )
                if is_true
            ),
        )
        for mineral in list_minerals()
    ]
    print_table("Minerals watched", ["code", "name", "symbol", "HS 2022", "lists", "flags"], rows)
