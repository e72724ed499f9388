from __future__ import annotations

import json
import pickle

import pytest

from g7warn import errors
from g7warn.errors import DataError, G7WarnError, PermanentError, TransientError

ALL = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, G7WarnError)
]


@pytest.mark.parametrize("error_class", ALL)
def test_an_error_survives_pickling_and_is_json_safe(error_class: type[G7WarnError]) -> None:
    error = pickle.loads(pickle.dumps(error_class("what happened", feed="worldbank")))  # noqa: S301
    assert type(error) is error_class
    assert error.context == {"feed": "worldbank"}
    assert json.loads(json.dumps(error.to_dict()))["message"] == "what happened"


@pytest.mark.parametrize("error_class", ALL)
def test_every_error_stands_in_exactly_one_branch(error_class: type[G7WarnError]) -> None:
    branches = [
        b for b in (TransientError, PermanentError, DataError) if issubclass(error_class, b)
    ]
    assert len(branches) == (0 if error_class is G7WarnError else 1)
