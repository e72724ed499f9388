from __future__ import annotations

import pytest

from g7warn.domain.mineral import find_mineral, get_mineral, list_minerals
from g7warn.errors import ConfigurationError


def test_the_catalogue_holds_the_core_of_the_critical_lists() -> None:
    assert len(list_minerals()) >= 34
    assert {m.code for m in list_minerals() if m.is_pilot} == {"lithium", "nickel"}
    assert {"rare_earths", "permanent_magnets"} <= {
        m.code for m in list_minerals() if m.is_strategic
    }


def test_no_name_stands_for_two_minerals() -> None:
    names = [
        name
        for mineral in list_minerals()
        for name in {mineral.code, mineral.name.lower(), *mineral.aliases}
    ]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("name", "code"), [("Aluminum", "aluminium"), ("Rare  earths", "rare_earths"), ("TIN", "tin")]
)
def test_a_publishers_name_is_found(name: str, code: str) -> None:
    mineral = find_mineral(name)
    assert mineral is not None
    assert mineral.code == code


def test_an_unknown_code_lists_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match="nickel"):
        get_mineral("unobtainium")
