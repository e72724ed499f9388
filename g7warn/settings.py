"""Settings: the only reader of the environment.

Every setting is a `G7WARN_...` variable; README.md lists them all (a test compares). Secrets are
`SecretStr`: their values appear in no repr, log or error.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from g7warn.errors import ConfigurationError

_PREFIX = "G7WARN_"


class Settings(BaseModel):
    """What an installation decides.

    Attributes:
        var: Folder for everything the product writes.
        database_url: SQLAlchemy address of the store.
        mirror: Manifest of recorded payloads served in place of the network; None: the network.
        data: Folder of real publishers' files for tests and benchmarks.
        drop: Folder into which an operator puts files that come behind a login (`drop://`).
        slack_token: Bot token of the Slack channel.
        slack_base_url: Address of Slack's API, ending in a slash.
        secret_key: Key with which members' secrets are encrypted at rest.
        like_minded: ISO alpha-2 codes of like-minded countries, comma separated.
        allow_private_addresses: Whether webhooks may go to private and loopback addresses.
        sender: CAP sender, an e-mail shaped name of this installation; From of e-mails.
        base_url: Where members reach the pages, without a slash at the end; empty: no links.
        slack_signing_secret: Secret with which Slack signs the buttons that are pressed.
        smtp_host: Mail server; empty: no e-mail.
        smtp_port: Its port: 587 for STARTTLS, 465 for TLS.
        smtp_security: starttls, tls, or none (loopback alone).
        smtp_user: Login at the mail server.
        smtp_password: Of the login.
        simulated: Whether the data are simulated; said on everything that is shown.
        mail_from: Address in From of mails; `sender` where empty.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    var: Path = Path("var")
    database_url: SecretStr | None = None
    mirror: Path | None = None
    data: Path | None = None
    drop: Path | None = None
    slack_token: SecretStr | None = None
    slack_base_url: str = "https://slack.com/api/"
    secret_key: SecretStr | None = None
    like_minded: Annotated[frozenset[str], Field(default_factory=frozenset)]
    allow_private_addresses: bool = False
    sender: str = "g7warn@localhost"
    base_url: str = ""
    slack_signing_secret: SecretStr | None = None
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    simulated: bool = False
    mail_from: str = ""

    @property
    def store_url(self) -> str:
        """SQLAlchemy address of the store; by default an SQLite file under `var`."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.var / 'g7warn.sqlite'}"


def read_settings(environment: dict[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives.

    Args:
        environment: Variables to read in place of the process's own.

    Raises:
        ConfigurationError: An unknown `G7WARN_` variable or a value of the wrong kind; the message
            names the variable and never its value.
    """
    source = dict(os.environ) if environment is None else environment  # noqa: TID251 - the reader
    given: dict[str, object] = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in source.items()
        if name.startswith(_PREFIX) and value
    }
    if isinstance(countries := given.get("like_minded"), str):
        given["like_minded"] = frozenset(filter(None, countries.lower().split(",")))
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        faults = [f"{_PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        message = f"settings are wrong: {'; '.join(faults)}. README.md lists them all"
        raise ConfigurationError(message, settings=faults) from None
