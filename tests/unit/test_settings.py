from __future__ import annotations

import pytest

from g7warn.errors import ConfigurationError
from g7warn.settings import read_settings


def test_without_any_variable_the_store_is_a_file_under_var() -> None:
    assert read_settings({}).store_url == "sqlite:///var/g7warn.sqlite"


def test_an_unknown_variable_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="G7WARN_MIROR"):
        read_settings({"G7WARN_MIROR": "x"})


def test_a_secret_is_in_no_repr() -> None:
    settings = read_settings({"G7WARN_SLACK_TOKEN": "xoxb-secret", "G7WARN_DATABASE_URL": "pw"})
    assert "xoxb-secret" not in repr(settings)
    assert "pw" not in str(settings.model_dump())


def test_like_minded_countries_are_a_comma_separated_list() -> None:
    assert read_settings({"G7WARN_LIKE_MINDED": "KR,in"}).like_minded == {"kr", "in"}
