"""The container, the unit and the guide name what is there, and give no secret away.

No container engine runs in the tests: what a file says is held against the repository.
"""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from quietdays.cli import _parser

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
UNIT = (ROOT / "deploy/quietdays.service").read_text()
OPERATORS = (ROOT / "docs/operators.md").read_text()


def lines(instruction: str) -> list[str]:
    whole = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^\s*{instruction} (.+)$", whole, re.MULTILINE)


def test_what_the_image_is_built_from_is_there():
    copied = [line.split() for line in lines("COPY") if "--from" not in line]
    assert len(copied) >= 4
    for *sources, _target in copied:
        for source in sources:
            assert (ROOT / source).exists() or (ROOT / "frontend" / source).exists(), source
    scripts = json.loads((ROOT / "frontend/package.json").read_text())["scripts"]
    assert "build" in scripts
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert needed == ">=3.11"
    assert any(line.startswith("python:3.11") for line in lines("FROM"))


def test_the_image_runs_as_nobody_of_weight_and_asks_whether_it_is_ready():
    assert lines("USER") == ["quietdays"]
    assert "--uid 10001" in DOCKERFILE
    [check] = lines("HEALTHCHECK")
    assert "/readyz" in check
    assert not re.search(r"SECRET|PASSWORD|TOKEN", DOCKERFILE)


def served(words: list[str]) -> None:
    program, *arguments = words
    assert program.endswith("quietdays")
    assert callable(_parser().parse_args(arguments).run)


def test_every_command_is_one_of_ours():
    served(json.loads(lines("CMD")[-1]))
    served(COMPOSE["services"]["quietdays"]["command"])
    [line] = re.findall(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)
    served(shlex.split(line))


def test_compose_names_known_settings_and_starts_with_no_default_secret():
    told = COMPOSE["services"]["quietdays"]["environment"]
    for name in told:
        assert f"| `{name}` |" in OPERATORS, name
    text = (ROOT / "deploy/compose.yaml").read_text()
    asked = re.findall(r"\$\{(\w+)([^}]*)\}", text)
    assert {name for name, _ in asked} == {
        "POSTGRES_PASSWORD", "QUIETDAYS_HOST", "QUIETDAYS_CONTACT",
    }  # fmt: skip
    assert all(how.startswith(":?") for _, how in asked), "one of them has a default"
    assert COMPOSE["services"]["quietdays"]["build"]["dockerfile"] == "deploy/Dockerfile"
    assert (ROOT / "deploy" / COMPOSE["services"]["quietdays"]["build"]["context"]).exists()


def test_only_this_machine_reaches_the_port_and_the_database_has_none():
    assert COMPOSE["services"]["quietdays"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in COMPOSE["services"]["database"]


def test_the_unit_is_closed():
    for line in (
        "User=quietdays", "NoNewPrivileges=true", "ProtectSystem=strict", "UMask=0077",
        "StateDirectoryMode=0700", "CapabilityBoundingSet=", "Restart=always",
    ):  # fmt: skip
        assert line in UNIT.splitlines()
    for name in re.findall(r"QUIETDAYS_\w+", UNIT):
        assert f"| `{name}` |" in OPERATORS, name


@pytest.mark.parametrize("proxy", ["nginx", "Caddy"])
def test_the_guide_has_each_proxy_and_what_it_must_set(proxy):
    _, _, guide = OPERATORS.partition("## Behind a proxy")
    assert f"**{proxy}**" in guide
    assert "X-Forwarded-Proto" in guide
