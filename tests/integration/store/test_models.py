"""Fitted models on both databases: kept once, found by instant, refused when damaged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from g7warn.errors import ValidationFailed
from g7warn.store import models
from g7warn.store.engine import begin_writing
from g7warn.store.schema import MODELS
from tests.support.observing import day

if TYPE_CHECKING:
    from sqlalchemy import Engine

BODY = bytes(range(256)) * 50


def put(store: Engine, body: bytes, trained_on: str, *, name: str = "price") -> bool:
    return models.put(
        store, body, name=name, trained_at=day(trained_on), facts={"training_cutoff": trained_on}
    )


def test_a_model_comes_back_byte_for_byte_and_is_kept_once(store: Engine) -> None:
    assert put(store, BODY, "2022-03-06")
    assert not put(store, BODY, "2022-03-06")
    found = models.read_newest(store, name="price", as_of=day("2022-03-06"))
    assert found is not None
    assert found.body == BODY
    assert found.note.digest == hashlib.sha256(BODY).hexdigest()
    assert found.note.trained_at == day("2022-03-06")
    assert found.note.facts == {"training_cutoff": "2022-03-06"}


def test_the_newest_model_that_learned_from_nothing_later_is_found(store: Engine) -> None:
    put(store, b"april", "2022-04-06")
    put(store, b"march", "2022-03-06")
    put(store, b"another", "2022-03-20", name="other")
    bodies = {}
    for instant in ("2022-03-05", "2022-04-05", "2022-04-06", "2023-01-01"):
        found = models.read_newest(store, name="price", as_of=day(instant))
        bodies[instant] = found.body if found else None
    assert list(bodies.values()) == [None, b"march", b"april", b"april"]


def test_of_two_models_of_one_instant_the_one_put_last_counts(store: Engine) -> None:
    put(store, b"first", "2022-03-06")
    put(store, b"second", "2022-03-06")
    found = models.read_newest(store, name="price", as_of=day("2022-04-01"))
    assert found is not None
    assert found.body == b"second"


@pytest.mark.parametrize(
    "damaged", [pytest.param(b"no zlib", id="garbled"), pytest.param(b"", id="empty")]
)
def test_a_damaged_model_is_refused_with_what_to_do(store: Engine, damaged: bytes) -> None:
    put(store, BODY, "2022-03-06")
    with begin_writing(store) as connection:
        connection.execute(MODELS.update().values(body=damaged))
    with pytest.raises(ValidationFailed, match="g7warn train"):
        models.read_newest(store, name="price", as_of=day("2022-04-01"))
