"""The catalogue: what every dataset is, where it is found, and what its columns mean."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from typing import Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from g7warn.domain.marking import Tlp
from g7warn.domain.period import Frequency, Period
from g7warn.domain.series import SeriesId
from g7warn.domain.signal import Family
from g7warn.errors import ConfigurationError, UnitMismatch
from g7warn.feeds.text import normalise_name
from g7warn.feeds.units import conversion_factor

_STRICT = ConfigDict(extra="forbid", frozen=True)


def _parse_tlp(label: object) -> object:
    return Tlp.__members__.get(label, label) if isinstance(label, str) else label


class KnownAtRule(StrEnum):
    """How the instant is found from which an observation may be used.

    `estimate`: period end plus the publication lag, for bulk histories. `release`: the release
    that carried it, for files whose every release is kept or whose periods lie in the future.
    """

    ESTIMATE = "estimate"
    RELEASE = "release"


class Document(BaseModel):
    """One file of a dataset, or a set of files that differ in one part of their address.

    Attributes:
        name: Token, unique in the dataset.
        addresses: Known addresses, newest first; `{part}` is filled from `parts`.
        pattern: Regular expression of further addresses of the same document, which a mirror, a
            watched folder or a landing page may offer.
        landing_page: Page that links to the newest address; empty where the address is steady.
        parts: Texts for `{part}`: years, commodities, ...
    """

    model_config = _STRICT

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    addresses: tuple[str, ...] = Field(min_length=1)
    pattern: str = ""
    landing_page: str = ""
    parts: tuple[str, ...] = ()

    @field_validator("pattern")
    @classmethod
    def _check_pattern(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            message = f"{pattern!r} is no regular expression: {error}"
            raise ValueError(message) from error
        return pattern

    @property
    def all_addresses(self) -> tuple[str, ...]:
        """All known addresses, with the parts filled in."""
        return tuple(text for address in self.addresses for text in self._fill(address))

    @property
    def newest_addresses(self) -> tuple[str, ...]:
        """The newest known address, with the parts filled in."""
        return self._fill(self.addresses[0])

    def _fill(self, address: str) -> tuple[str, ...]:
        if not self.parts:
            return (address,)
        return tuple(address.replace("{part}", part) for part in self.parts)


class SeriesRule(BaseModel):
    """What one column, code or combination of labels of a publisher means.

    Attributes:
        id: Series id; `{area}`, `{mineral}` and the like are filled in by the source.
        names: The publisher's labels for it, in any release; parts are joined by `|`.
        unit: The publisher's unit texts, joined by `|`; a payload that states another one is
            refused. Empty: any text that the catalogue's `units` know.
        to_unit: Unit in which values are stored; empty: as the catalogue's `units` translate it.
        factor: Multiplies the number found; 1 where units alone differ.
        factor_source: Where the factor was read; needed when it is not 1.
        new_basis_from: First period on another basis where the publisher marks no break: that cell
            is stored as a break of series (OBS_STATUS B). Empty: there is none.
        basis_source: Where the break was read; needed with it.
    """

    model_config = _STRICT

    id: str
    names: tuple[str, ...] = Field(min_length=1)
    unit: str = ""
    to_unit: str = ""
    factor: float = 1.0
    factor_source: str = ""
    new_basis_from: str = ""
    basis_source: str = ""

    @model_validator(mode="after")
    def _check(self) -> SeriesRule:
        try:
            SeriesId.parse(re.sub(r"\{[a-z_]+\}", "x", self.id))
            if self.new_basis_from:
                Period.parse(self.new_basis_from)
        except ConfigurationError as error:
            raise ValueError(error.message) from error
        if self.factor != 1.0 and not self.factor_source:
            message = f"{self.id}: a factor needs its source"
            raise ValueError(message)
        if self.new_basis_from and not self.basis_source:
            message = f"{self.id}: a new basis needs its source"
            raise ValueError(message)
        return self


class PublicationCalendar(BaseModel):
    """When a release is late.

    Attributes:
        grace_days: Days after the expected release before the dataset counts as stale.
        suspended_after_days: Days after it before the dataset counts as suspended.
    """

    model_config = _STRICT

    grace_days: int = Field(default=10, ge=0)
    suspended_after_days: int = Field(default=120, ge=1)


class Dataset(BaseModel):
    """One feed.

    Attributes:
        feed: Name under which it is ingested; unique.
        publisher: Who publishes it.
        source: Module of `feeds/sources` that reads it.
        title: English title.
        licence: Licence in the publisher's words, or its SPDX name.
        attribution: Sentence that the licence asks for.
        may_redistribute: Whether values may be shown to others than the operator.
        documents: The files it consists of.
        frequency: Of its periods.
        lag_days: Days from a period's end to its first publication.
        known_at_rule: How `known_at` is found.
        units: Publisher's unit text -> unit of the stored value; texts are held without case.
        series: What its columns or labels mean.
        ignored: Labels that are known and not read: commodities outside the watch.
        options: What else the source needs to know, described there.
        may_rewrite: Whether a release may change its past without a person's word: contributors
            replace their own figures by version.
        suite: Expectation suite in `expectations/`.
        tlp: Label of what is derived from it.
        families: Indicator families it serves.
        calendar: When a release is late.
    """

    model_config = _STRICT

    feed: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    publisher: str
    source: str
    title: str
    licence: str
    attribution: str
    may_redistribute: bool = True
    documents: tuple[Document, ...] = Field(min_length=1)
    frequency: Frequency
    lag_days: int = Field(ge=0)
    known_at_rule: KnownAtRule = KnownAtRule.ESTIMATE
    units: dict[str, str] = Field(default_factory=dict)
    series: tuple[SeriesRule, ...] = ()
    ignored: tuple[str, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)
    may_rewrite: bool = False
    suite: str
    tlp: Annotated[Tlp, BeforeValidator(_parse_tlp)] = Tlp.CLEAR
    families: tuple[Family, ...] = Field(min_length=1)
    calendar: PublicationCalendar = PublicationCalendar()

    @model_validator(mode="after")
    def _check_names(self) -> Dataset:
        seen: set[str] = set()
        for rule in self.series:
            for name in map(normalise_name, rule.names):
                if name in seen:
                    message = f"{self.feed}: two series share the name {name!r}"
                    raise ValueError(message)
                seen.add(name)
        return self

    @cached_property
    def _rules(self) -> dict[str, SeriesRule]:
        return {normalise_name(name): rule for rule in self.series for name in rule.names}

    @cached_property
    def _units(self) -> dict[str, str]:
        return {normalise_name(text): unit for text, unit in self.units.items()}

    @cached_property
    def _ignored(self) -> frozenset[str]:
        return frozenset(map(normalise_name, self.ignored))

    def find_rule(self, *labels: object) -> SeriesRule | None:
        """Return the rule for a publisher's labels, or None where there is none."""
        return self._rules.get("|".join(normalise_name(label) for label in labels))

    def unit_of(self, text: object) -> str:
        """Return the unit that a publisher's unit text stands for; empty where it is unknown."""
        return self._units.get(normalise_name(text), "")

    def scale_of(self, rule: SeriesRule, unit_text: object) -> tuple[str, float]:
        """Return the unit in which values of a series are stored, and what they are multiplied by.

        Raises:
            UnitMismatch: The payload's unit text is not the series's own, or it is unknown, or it
                cannot be converted.
        """
        text = normalise_name(unit_text)
        if rule.unit and text not in map(normalise_name, rule.unit.split("|")):
            message = f"unit {unit_text!r} where {rule.unit!r} is expected"
            raise UnitMismatch(message, series_id=rule.id)
        unit = self.unit_of(text)
        if not unit:
            message = f"unit {unit_text!r} is not in the catalogue of {self.feed}"
            raise UnitMismatch(message, series_id=rule.id)
        to_unit = rule.to_unit or unit
        return to_unit, rule.factor * conversion_factor(unit, to_unit)

    def is_ignored(self, *labels: object) -> bool:
        """Return whether labels are known and deliberately not read."""
        return "|".join(normalise_name(label) for label in labels) in self._ignored

    def list_addresses(self) -> tuple[str, ...]:
        """Return all known addresses of all documents."""
        return tuple(text for document in self.documents for text in document.all_addresses)


def parse_catalog(text: str, *, name: str) -> tuple[Dataset, ...]:
    """Return the datasets that a catalogue file describes.

    Raises:
        ConfigurationError: No list of datasets, an unknown key, or a value of the wrong kind.
    """
    try:
        return tuple(Dataset.model_validate(entry) for entry in yaml.safe_load(text) or ())
    except ValidationError as error:
        faults = [
            f"{'.'.join(str(step) for step in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        ]
        message = f"catalogue {name} is wrong: {'; '.join(faults[:5])}"
        raise ConfigurationError(message, catalogue=name, faults=faults) from error
    except (yaml.YAMLError, TypeError) as error:
        message = f"catalogue {name} is no list of datasets: {error}"
        raise ConfigurationError(message, catalogue=name) from error


@cache
def load_catalog() -> dict[str, Dataset]:
    """Return the datasets of all files in `catalog/` by feed.

    Raises:
        ConfigurationError: A file is wrong, or two datasets share a feed name.
    """
    folder = resources.files("g7warn.feeds").joinpath("catalog")
    datasets: dict[str, Dataset] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".yaml"):
            continue
        for dataset in parse_catalog(file.read_text("utf-8"), name=file.name):
            if dataset.feed in datasets:
                message = f"two datasets are called {dataset.feed!r}, the second in {file.name}"
                raise ConfigurationError(message, feed=dataset.feed)
            datasets[dataset.feed] = dataset
    return datasets


def list_feeds() -> tuple[str, ...]:
    """Return the names of all feeds, in alphabetical order."""
    return tuple(sorted(load_catalog()))


def get_dataset(feed: str) -> Dataset:
    """Return the dataset of a feed.

    Raises:
        ConfigurationError: No such feed; the message lists those there are.
    """
    catalog = load_catalog()
    if feed not in catalog:
        message = f"no feed {feed!r}; there are: {', '.join(list_feeds())}"
        raise ConfigurationError(message, feed=feed)
    return catalog[feed]
