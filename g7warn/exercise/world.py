"""The simulated world: calm log prices that return to their level, and the moves told of them."""

from __future__ import annotations

import zlib
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from g7warn.errors import ConfigurationError

_STRICT = ConfigDict(extra="forbid", frozen=True)
_PUBLISHED_BY_DAY = 7  # of the month after; the real workbook comes on the second working day
_MONTHLY_RETURN_TO_LEVEL = 0.06  # a judgement: a calm market forgets half a deviation in a year


class Move(BaseModel):
    """A rise or fall on top of the calm path.

    Attributes:
        until: Last month of the move.
        months: Length of the move.
        change_pct: Change of the price over it, in percent.
        half_life_months: After which half of it is gone again.
    """

    model_config = _STRICT

    until: str = Field(pattern=r"^\d{4}-\d{2}$")
    months: int = Field(ge=1)
    change_pct: float = Field(gt=-100.0)
    half_life_months: float = Field(gt=0.0)


class Market(BaseModel):
    """One price.

    Attributes:
        level: Price to which it returns, in the publisher's unit.
        monthly_volatility_pct: Standard deviation of its monthly change, in percent.
        moves: What happens to it.
    """

    model_config = _STRICT

    level: float = Field(gt=0.0)
    monthly_volatility_pct: float = Field(ge=0.0)
    moves: tuple[Move, ...] = ()


class Production(BaseModel):
    """Output of one commodity in the last two years, by the publisher's country names."""

    model_config = _STRICT

    commodity: str
    type: str
    unit: str
    countries: dict[str, tuple[float, float]]


class World(BaseModel):
    """Everything that is simulated.

    Attributes:
        seed: Decides every random number.
        first_month: First month of prices.
        last_month: Last month of prices.
        issued_on: When the publishers are said to have issued the files.
        as_of: A day on which the last month is known: when a demonstration looks.
        others: Market of a price that is not named.
        prices: Markets by the publisher's column name.
        production: Output by commodity.
    """

    model_config = _STRICT

    seed: int
    first_month: str
    last_month: str
    issued_on: date
    as_of: date
    others: Market
    prices: dict[str, Market]
    production: tuple[Production, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """Labels of all months, first to last, such as 2024-12."""
        first, last = _to_number(self.first_month), _to_number(self.last_month)
        return tuple(_to_month(number) for number in range(first, last + 1))

    def simulate_price(self, name: str) -> np.ndarray:
        """Return the price of a publisher's column in all months.

        Args:
            name: Column name; one that the world does not name gets a calm market.
        """
        market = self.prices.get(name, self.others)
        months = self.months
        generator = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
        shocks = generator.normal(0.0, market.monthly_volatility_pct / 100.0, len(months))
        log_price = np.zeros(len(months))
        for step in range(1, len(months)):
            log_price[step] = log_price[step - 1] * (1.0 - _MONTHLY_RETURN_TO_LEVEL) + shocks[step]
        for move in market.moves:
            log_price += _shape_move(move, first=_to_number(months[0]), count=len(months))
        return np.round(market.level * np.exp(log_price), 2)


def move_world(world: World, *, now: datetime) -> World:
    """Return the same world in other years: its last month is the newest one published by `now`.

    Args:
        world: The world to move in time; its prices and production stay what they are.
        now: Present instant.
    """
    last = now.year * 12 + now.month - (2 if now.day > _PUBLISHED_BY_DAY else 3)
    step = last - _to_number(world.last_month)

    def move_month(month: str) -> str:
        return _to_month(_to_number(month) + step)

    def move_market(market: Market) -> Market:
        moves = tuple(
            move.model_copy(update={"until": move_month(move.until)}) for move in market.moves
        )
        return market.model_copy(update={"moves": moves})

    issued_on = date(last // 12, last % 12 + 1, 1) + timedelta(days=33)
    return world.model_copy(
        update={
            "first_month": move_month(world.first_month),
            "last_month": move_month(world.last_month),
            "issued_on": issued_on.replace(day=world.issued_on.day),
            "as_of": now.date(),
            "prices": {name: move_market(market) for name, market in world.prices.items()},
        }
    )


@cache
def load_world() -> World:
    """Return the world of `world.yaml`.

    Raises:
        ConfigurationError: An unknown key or a value of the wrong kind.
    """
    text = resources.files("g7warn.exercise").joinpath("world.yaml").read_text("utf-8")
    try:
        return World.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        message = f"exercise/world.yaml is wrong: {error.errors()[0]['msg']}"
        raise ConfigurationError(message, faults=[str(e["loc"]) for e in error.errors()]) from error


def _shape_move(move: Move, *, first: int, count: int) -> np.ndarray:
    after = first + np.arange(count) - _to_number(move.until)
    rise = np.clip(1.0 + after / move.months, 0.0, 1.0)
    decay = 0.5 ** (np.maximum(after, 0) / move.half_life_months)
    return np.asarray(np.log1p(move.change_pct / 100.0) * rise * decay)


def _to_number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def _to_month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"
