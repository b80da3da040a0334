"""The documentation against the code: every setting, command and page of the API is named."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = {p.name: p.read_text() for p in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]}


def test_every_setting_is_documented():
    source = (ROOT / "src/quietdays/web").rglob("*.py")
    text = "".join(p.read_text() for p in [*source, ROOT / "src/quietdays/house_commands.py"])
    names = set(re.findall(r"\"(QUIETDAYS_\w+)\"", text))
    assert len(names) >= 5
    missing = {n for n in names if f"`{n}`" not in DOCS["operators.md"]}
    assert missing == set()


def commands(parser: argparse.ArgumentParser, prefix: str = "quietdays") -> list[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return [
                name
                for word, sub in action.choices.items()
                for name in commands(sub, f"{prefix} {word}")
            ]
    return [prefix]


def test_every_command_is_documented():
    from quietdays.cli import _parser

    missing = [c for c in commands(_parser()) if f"`{c}`" not in DOCS["operators.md"]]
    assert missing == []


@pytest.mark.parametrize("name", sorted(DOCS))
def test_links_within_the_documentation_lead_somewhere(name):
    folder = ROOT if (ROOT / name).exists() else ROOT / "docs"
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", DOCS[name]):
        if "://" not in target:
            assert (folder / target).exists(), target


def test_sources_named_in_the_code_exist():
    """A docstring that says docs/FILE.md#anchor points at a heading with that anchor."""
    for path in (ROOT / "src").rglob("*.py"):
        for file, anchor in re.findall(r"docs/(\w+\.md)#([\w-]+)", path.read_text()):
            assert f"{{#{anchor}}}" in DOCS[file], f"{path.name}: docs/{file}#{anchor}"


def test_the_locks_name_no_registry():
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text()


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", ROOT / "docs", tmp_path],
        cwd=ROOT,
        check=True,
    )
    built = {p.stem for p in tmp_path.glob("*.html")}
    assert built >= {Path(name).stem for name in DOCS if (ROOT / "docs" / name).exists()}
    assert "/api/v1/children/" in (tmp_path / "api.html").read_text()


def test_every_picture_of_the_guides_is_there_and_says_what_it_shows():
    for name, text in DOCS.items():
        folder = ROOT if (ROOT / name).exists() else ROOT / "docs"
        for words, picture in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text):
            assert (folder / picture).exists(), picture
            assert len(words) > 10, picture
