from __future__ import annotations

from typing import TYPE_CHECKING

import capvalidator
import pytest

from g7warn.deliver.render_cap import render_cap
from g7warn.errors import ConfigurationError
from g7warn.pipeline.cap_key import open_cap_signer
from g7warn.settings import Settings
from tests.support.notices import SENT, make_notice

if TYPE_CHECKING:
    from pathlib import Path


def test_the_key_is_made_once_kept_private_and_signs_valid_documents(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    first, second = (open_cap_signer(settings, as_of=SENT) for _ in range(2))
    assert first == second
    assert (tmp_path / "cap" / "key.pem").stat().st_mode & 0o077 == 0
    document = render_cap(make_notice(), signer=second)
    assert capvalidator.validate_cap_message(document, strict=True).passed


def test_a_key_without_its_certificate_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    (tmp_path / "cap").mkdir()
    (tmp_path / "cap" / "key.pem").write_text("key")
    with pytest.raises(ConfigurationError, match=r"needs key\.pem and certificate\.pem"):
        open_cap_signer(Settings(var=tmp_path), as_of=SENT)
