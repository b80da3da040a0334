"""Two phones of two parents, and a server whose clock says noon."""

from __future__ import annotations

import pytest
import time_machine

from tests import house
from tests.sync.phones import Phone


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW) as clock:
        yield clock


@pytest.fixture
def other(child):
    """The other parent."""
    return house.joined(child, "parent")


@pytest.fixture
def mine(parent, child):
    return Phone(parent, child)


@pytest.fixture
def theirs(other, child):
    return Phone(other, child)
