from __future__ import annotations

import pytest

from g7warn.domain.series import SeriesId
from g7warn.errors import ConfigurationError
from g7warn.feeds.base import list_sources
from g7warn.feeds.catalog import get_dataset, list_feeds, load_catalog, parse_catalog

ENTRY = """
- feed: toy
  publisher: Toys
  source: worldbank
  title: Toy prices
  licence: CC BY 4.0
  attribution: Toys, CC BY 4.0
  documents: [{name: all, addresses: ["https://toys.example/{part}.csv"], parts: [a, b]}]
  frequency: M
  lag_days: 4
  suite: toy
  families: [price]
  series: [{id: tin.market.price.world.toy, names: [Tin], unit: USD/t}]
"""


def test_a_catalogue_entry_is_read() -> None:
    (dataset,) = parse_catalog(ENTRY, name="toy.yaml")
    assert dataset.find_rule(" TIN **").id == "tin.market.price.world.toy"
    expected = ("https://toys.example/a.csv", "https://toys.example/b.csv")
    assert dataset.list_addresses() == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("licence:", "license:", id="unknown key"),
        pytest.param("frequency: M", "frequency: X", id="unknown frequency"),
        pytest.param("lag_days: 4", "lag_days: -4", id="negative lag"),
        pytest.param("tin.market", "Tin.market", id="no series id"),
        pytest.param("names: [Tin]", "names: [Tin], factor: 2", id="factor without source"),
        pytest.param(
            "names: [Tin]", "names: [Tin], new_basis_from: 2003-01", id="break without source"
        ),
        pytest.param(
            "names: [Tin]",
            "names: [Tin], new_basis_from: spring, basis_source: x",
            id="break at no period",
        ),
        pytest.param("[{name: all", "[{pattern: '(', name: all", id="no regular expression"),
        pytest.param("- feed", "feed", id="no list"),
        pytest.param("- feed", "\t- feed", id="no yaml"),
    ],
)
def test_a_wrong_catalogue_is_refused_by_name(old: str, new: str) -> None:
    with pytest.raises(ConfigurationError, match=r"toy\.yaml"):
        parse_catalog(ENTRY.replace(old, new), name="toy.yaml")


def test_two_series_may_not_share_a_name() -> None:
    twice = ENTRY.replace("unit: USD/t}", "unit: USD/t}, {id: tin.a.b.c.d, names: [tin]}")
    with pytest.raises(ConfigurationError, match="share the name"):
        parse_catalog(twice, name="toy.yaml")


def test_an_unknown_feed_is_refused_with_the_list_of_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="worldbank"):
        get_dataset("worldbonk")


@pytest.mark.parametrize("feed", list_feeds())
def test_every_dataset_names_a_source_a_licence_and_real_series(feed: str) -> None:
    dataset = load_catalog()[feed]
    assert dataset.source in list_sources()
    assert dataset.licence
    assert dataset.attribution
    for rule in dataset.series:
        SeriesId.parse(rule.id.replace("{", "").replace("}", ""))
        assert rule.to_unit or rule.unit or dataset.units, rule.id
        for text in filter(None, rule.unit.split("|")):
            dataset.scale_of(rule, text)
