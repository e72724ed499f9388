from __future__ import annotations

import pytest

from g7warn.domain.series import SeriesId
from g7warn.feeds.countries import HISTORICAL, area_from_code, find_area


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("China", "cn"),
        ("Korea, North", "kp"),
        ("Korea, Republic of", "kr"),
        ("Congo (Kinshasa)", "cd"),
        ("Congo, Democratic Republic", "cd"),
        ("Burma", "mm"),
        ("C\u00f4te d\u2019Ivoire", "ci"),
        ("United\u00a0States (kyanite)", "us"),
        ("Brazil (beneficiated, marketable)", "br"),
        ("Greece", "gr"),
        ("United Kingdom", "gb"),
        ("Namibia", "na"),
        ("Trinidad and Tobago", "tt"),
        ("World total (rounded)", "world"),
        ("Soviet Union", "suhh"),
        ("German Federal Republic", "de"),
    ],
)
def test_a_single_area_is_found_under_the_names_publishers_use(name: str, area: str) -> None:
    assert find_area(name) == area


@pytest.mark.parametrize(
    "name", ["", "Other countries", "United States and Canada", "Rest of Asia", "Atlantis", "Asia"]
)
def test_a_group_or_an_unknown_name_is_not_guessed(name: str) -> None:
    assert find_area(name) == ""


@pytest.mark.parametrize(
    ("code", "area"),
    [
        *(("CHN", "cn"), ("156", "cn"), ("CN", "cn"), ("W00", "world"), ("0", "world")),
        *(("EL", "gr"), ("SCG", "csxx"), ("SUN", "suhh"), ("XX", ""), ("", "")),
    ],
)
def test_codes_of_several_lists_are_known(code: str, area: str) -> None:
    assert area_from_code(code) == area


@pytest.mark.parametrize("area", sorted(set(HISTORICAL.values())))
def test_every_historical_state_makes_a_series_id(area: str) -> None:
    assert SeriesId.parse(f"tin.mine.production.{area}.bgs").area == area
