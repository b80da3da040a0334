"""docs/safety.md against the tests: every hazard has a control, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs/safety.md").read_text()
CASE = TEXT.split("{#case}")[1].split("## What it never does")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in CASE.splitlines()
    if line.startswith("| ") and not line.startswith("| Hazard")
]
TESTS = sorted({t for row in ROWS for t in re.findall(r"`([^`]+::[^`]+)`", row[3])})
NEEDED = {
    "Wrong ratio", "Stale verdict", "Missing read as zero", "Lost entry", "Wrong child",
    "Wrong unit", "Wrong day", "Silent reminder", "Leaked data",
}  # fmt: skip


def test_every_hazard_has_a_control_and_a_test():
    assert {row[0] for row in ROWS} >= NEEDED
    for row in ROWS:
        assert len(row) == 4, row[0]
        assert all(row), row[0]
        assert "::" in row[3], row[0]


def _holds(node: ast.AST) -> bool:
    """An assertion, or a call that is one."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).endswith(("raises", "expect", "eventually", "wait_for"))
    return isinstance(node, ast.Assert)


@pytest.mark.parametrize("named", TESTS)
def test_a_test_that_is_named_exists_and_holds_something(named):
    file, _, name = named.partition("::")
    tree = ast.parse((ROOT / file).read_text())
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name]
    assert len(found) == 1
    helpers = {n.name: n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    called = {n.id for n in ast.walk(found[0]) if isinstance(n, ast.Name) and n.id in helpers}
    held = [found[0], *(helpers[name] for name in called)]
    assert any(_holds(node) for part in held for node in ast.walk(part)), named
    marks = {ast.unparse(d) for d in found[0].decorator_list}
    assert not any("skip" in mark or "xfail" in mark for mark in marks)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT))))
def test_a_file_that_is_named_exists(named):
    assert (ROOT / named).exists()
