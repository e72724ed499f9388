"""When an edition came out, for workbooks that do not say it themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from g7warn.feeds.catalog import Dataset


class EditionOptions(BaseModel):
    """What the workbook does not say.

    Attributes:
        editions: Base year, the newest that is history -> ISO date of the edition's publication.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    editions: dict[str, str]


def find_edition(dataset: Dataset, base_year: int) -> datetime | None:
    """Return when the edition with this base year came out, None where the catalogue does not know.

    Raises:
        ConfigurationError: The dataset's options are no list of editions.
    """
    try:
        listed = EditionOptions.model_validate(dataset.options).editions
    except ValidationError as error:
        message = f"options of {dataset.feed} are wrong: {error.errors()[0]['msg']}"
        raise ConfigurationError(message, feed=dataset.feed) from error
    day = listed.get(str(base_year))
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
