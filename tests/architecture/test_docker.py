"""Is the production profile still of one piece with the product? Read as text; nothing is built."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from g7warn.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker" / "compose.yaml").read_text("utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]


def test_every_setting_of_the_profile_exists() -> None:
    named = set(re.findall(r"^  G7WARN_([A-Z_]+):", COMPOSE, re.MULTILINE))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_every_value_that_must_be_given_is_in_the_example() -> None:
    needed = set(re.findall(r"\$\{([A-Z0-9_]+):\?", COMPOSE))
    example = (ROOT / "docker" / "example.env").read_text("utf-8")
    assert needed == {name for name in needed if re.search(rf"^{name}=", example, re.MULTILINE)}


def test_the_profile_has_every_component() -> None:
    assert set(SERVICES) == {
        *("postgres", "redis", "setup", "api-server", "scheduler", "dag-processor"),
        *("triggerer", "worker", "web"),
    }


def test_ports_are_published_on_loopback_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_component_serves_logs_to_every_interface() -> None:
    for name in ("scheduler", "triggerer", "worker"):
        assert "--skip-serve-logs" in SERVICES[name]["command"]
