from __future__ import annotations

import pytest
import time_machine

from tests import house


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW) as traveller:
        yield traveller


@pytest.fixture
def neurologist(join):
    return join("neurologist")
