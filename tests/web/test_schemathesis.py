"""Requests that the description allows and that it forbids, made up, as a parent with real data.

No operation breaks, and none answers with a status that its description does not name.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from quietdays.web.wsgi import application
from tests import house
from tests.web.test_openapi import OPERATIONS

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EXAMPLES = 6
CHECKS = [not_a_server_error, status_code_conformance]
TOKEN = "x" * 32


@pytest.fixture
def described(db):
    """The description as it is served; requests stay within this test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def session(parent):
    """What a phone of this parent sends with each request."""
    client = Client()
    client.force_login(parent)
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": TOKEN}
    return {"cookies": cookies, "headers": {"X-CSRFToken": TOKEN}}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_only_as_it_is_described(
    name, mode, described, session, parent, child
):
    house.cluster(parent, child, "2026-06-09 07:30", 5)
    house.meal_food(parent, child)
    method, path, _ = OPERATIONS[name]
    operation = described[path][method.upper()]
    seen: set[int] = set()

    @settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate))
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case):
        if "child_id" in case.path_parameters:
            case.path_parameters["child_id"] = str(child.pk)
        answer = case.call(**session)
        case.validate_response(answer, checks=CHECKS)
        seen.add(answer.status_code)

    tried()
    assert seen - {401}, "nobody was let in"
