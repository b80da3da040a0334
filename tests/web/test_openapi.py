"""The API's description of itself: each operation with a summary and examples that fit and work."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from jsonschema import Draft202012Validator

from quietdays.people.tokens import make_token
from quietdays.web.api import api
from quietdays.web.api_examples import CHILD, TOLD
from tests import house

NOW = house.at("2026-06-10 07:12")  # the clock of the examples
SCHEMA = api.get_openapi_schema(path_prefix="/api/v1/")
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, operations in SCHEMA["paths"].items()
    for method, operation in operations.items()
}


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


def test_each_row_of_examples_is_of_an_operation():
    assert set(OPERATIONS) == set(TOLD)


def fits(content: dict) -> None:
    [(kind, media)] = content.items()
    assert "example" in media
    if kind == "application/json":
        whole = media["schema"] | {"components": SCHEMA["components"]}
        Draft202012Validator(whole).validate(media["example"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_told_with_examples_that_fit_its_schemas(name):
    _, _, operation = OPERATIONS[name]
    assert operation["summary"]
    assert len(operation["description"]) > 20
    if "requestBody" in operation:
        fits(operation["requestBody"]["content"])
    answers = [r for status, r in operation["responses"].items() if 200 <= int(status) < 300]
    assert len(answers) == 1
    if "content" in answers[0]:
        fits(answers[0]["content"])
    for parameter in operation.get("parameters", ()):
        if "example" in parameter:
            schema = parameter["schema"] | {"components": SCHEMA["components"]}
            Draft202012Validator(schema).validate(parameter["example"])


def test_it_says_who_is_let_in_where():
    assert set(SCHEMA["components"]["securitySchemes"]) == {
        "ProgramToken", "PhoneSession", "QuickToken",
    }  # fmt: skip
    for name, (_, path, operation) in OPERATIONS.items():
        schemes = [next(iter(s)) for s in operation.get("security") or ()]
        if "{child_id}" in path:
            assert schemes == ["ProgramToken", "PhoneSession"], name
        else:
            assert "ProgramToken" not in schemes, name


@pytest.mark.django_db
def test_the_description_is_served_and_names_no_child(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(SCHEMA))


@pytest.mark.django_db
def test_the_example_of_an_entry_is_stored_and_answered_as_told(parent, child):
    _, secret = make_token(
        by=parent, child=child, entry_id=house.new_id(), name="Display",
        scopes=["read", "log"], lasts=timedelta(days=1),
    )  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    _, path, _ = OPERATIONS["sync"]
    answer = client.post(
        path.replace("{child_id}", str(child.pk)),
        json.dumps(TOLD["sync"].body),
        content_type="application/json",
    ).json()
    _, path, _ = OPERATIONS["changes"]
    read = client.get(path.replace("{child_id}", str(child.pk))).json()
    [result], [told] = answer["results"], TOLD["sync"].answer["results"]
    assert result["status"] == told["status"]
    assert result["echo"].startswith(told["echo"])
    assert set(result["entries"][0]) == set(told["entries"][0])
    assert result["entries"][0]["title"] == told["entries"][0]["title"]
    assert set(read) == set(TOLD["changes"].answer)


@pytest.mark.django_db
def test_the_examples_child_is_nobody(client, parent):
    client.force_login(parent)
    assert client.get(f"/api/v1/children/{CHILD}/changes").status_code == 404
