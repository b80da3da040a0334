"""What could be read in two ways is rejected by the name of its field, and nothing is stored."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.sync.kinds import SYNC_KINDS
from quietdays.sync.models import Operation
from tests import house
from tests.sync.phones import Phone, good_values

pytestmark = pytest.mark.django_db

WRONG = {
    "number": [True, False, "", "3,2", "1e3", " 3", "3 2", "NaN", "٣", [3], {}, 10**400, 1e300,
               "99999999999", "3.123456789"],
    "grade": [True, "6", "-1", 2.5, "+++", None],
    "whole": [True, False, "7", 1.5, 7.0, -1, 10**30, [7], {}],
    "duration": [True, "60", -1, 86_401, 1.0],
    "scale": [True, "4", 0, 6, 3.0],
    "yesno": [0, 1, "yes", "true", []],
    "flag": [0, 1, "yes", None, []],
    "time": [0, 1767225600, "", "2026-06-10", "2026-06-10T02:14:00", "2026-06-10 02:14:00Z",
             "20260610T021400Z", "2026-06-31T00:00:00Z", "2026-06-10T25:00:00Z",
             "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "yesterday", True, [], {}],
    "date": [0, 20260610, "", "2026-6-1", "10.06.2026", "2026-06-31", "2026-06-10T00:00:00Z",
             "9999-12-31", True, []],
    "clock": [0, 715, "", "7:15", "24:00", "07:60", "07:15:00", "07:15Z", "٠٧:١٥", True, []],
    "choice": [0, True, None, "dancing", [], {}],
    "choices": ["refused", None, ["dancing"], [1], {}, [["refused"]]],
    "text": [0, True, None, [], "a\0b", "\ud800", "x" * 5001],
    "id": [0, True, "", "x", "7", [], {}, "00000000-0000-0000-0000-000000000000"],
    "apart": [0, True, "x", {}, [True], [{}], [{"amount": "1"}], ["x"]],
}  # fmt: skip


def cases():
    return [
        pytest.param(kind.slug, field.name, value, id=f"{kind.slug}-{field.name}-{value!r}"[:70])
        for kind in SYNC_KINDS.values()
        for field in kind.fields
        for value in WRONG[field.type]
        if not (value is None and field.may_be_null)
        and not (field.name == "touches" and value == {})  # no touch at all: no count
    ]


def test_every_type_is_tried_here():
    assert {f.type for k in SYNC_KINDS.values() for f in k.fields} == set(WRONG)


# One family for all cases of a kind: what is rejected leaves nothing that a later case could see.
@pytest.mark.parametrize("slug", SYNC_KINDS)
def test_a_wrong_value_is_rejected_by_the_name_of_its_field(mine, parent, child, slug):
    good = good_values(child, parent) | {
        "watched-so-far": {"happened_at": "2026-06-10T06:10:00.000Z"},
        "stay": {"since": "2026-06-10T06:10:00.000Z", "time_zone": "Asia/Tokyo"},
        "reminder-answer": {"key": "dose:none:1781000000", "what": "snoozed", "minutes": 10},
    }
    tried = [case.values[1:] for case in cases() if case.values[0] == slug]
    operations = [mine.create(slug, **(good[slug] | {name: value})) for name, value in tried]
    before = house.rows()
    for start in range(0, len(operations), 200):
        batch = operations[start : start + 200]
        for operation, result in zip(batch, mine.send(*batch), strict=True):
            name, value = tried[operations.index(operation)]
            assert result["status"] == "rejected", (name, value, result)
            assert list(result["errors"]) == [name], (name, value, result)
    assert house.rows() == before | {"sync.Operation": len(operations)}


@pytest.mark.parametrize("slug", SYNC_KINDS)
def test_what_a_kind_cannot_do_without_is_asked_for(mine, parent, child, slug):
    needed = {f.name for f in SYNC_KINDS[slug].fields if f.is_needed}
    result = mine.one(mine.create(slug))
    assert result["status"] == "rejected"
    assert set(result["errors"]) == needed
    assert needed


@pytest.mark.parametrize("name", ["colour", "child", "entered_by", "deleted_at", "time_zone", "id",
                                  "kind", "history", "\ud800", "x" * 5000, "a\0"])  # fmt: skip
@pytest.mark.parametrize("action", ["create", "edit"])
def test_an_unknown_field_is_rejected_by_its_name(mine, name, action):
    made = mine.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=3)
    mine.done(made)
    operation = mine.op(
        action, "cluster", made["entry"], base=1,
        values={"happened_at": "2026-06-10T01:10:00Z", "spasm_count": 9, name: "x"},
    )  # fmt: skip
    result = mine.one(operation)
    assert result["status"] == "rejected"
    said = {"id": "entry"}.get(name, name if name.isidentifier() and len(name) < 40 else "values")
    assert list(result["errors"]) == [said]
    assert mine.changes()["entries"][0]["values"]["spasm_count"] == 3


@pytest.mark.parametrize("slug", ["delete", "undo"])
def test_values_belong_to_no_deletion_and_no_undo(mine, slug):
    made = mine.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=3)
    mine.done(made)
    operation = mine.op(
        slug, "cluster", made["entry"], base=1, undoes=made["op"], values={"note": "x"}
    )
    assert list(mine.one(operation)["errors"]) == ["note"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"kind": "spasm"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "measurement"}, "kind"),
        ({"action": "replace"}, "action"),
        ({"action": ""}, "action"),
        ({"typed": ["happenedAt"]}, "typed"),
        ({"typed": ["\ud800"]}, "typed"),
    ],
    ids=str,
)
def test_an_unknown_kind_action_or_typed_field_is_rejected_by_its_name(mine, changes, name):
    made = mine.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=3) | changes
    result = mine.one(made)
    assert (result["status"], list(result["errors"])) == ("rejected", [name])
    assert mine.one(made)["status"] == "rejected"


@pytest.mark.parametrize("name", ["planned", "served"])
def test_the_foods_of_a_meal_are_not_edited(mine, child, parent, name):
    values = good_values(child, parent)["meal"]
    made = mine.create("meal", **values)
    mine.done(made)
    result = mine.one(mine.edit("meal", made["entry"], 1, **{name: values[name]}))
    assert list(result["errors"]) == [name]


@pytest.mark.parametrize(
    "row",
    [
        {"composition": None, "amount": "1"},
        {"composition": "x", "amount": "1"},
        {"amount": "1", "left": "0"},
        {"composition": "ID"},
        {"composition": "ID", "amount": None},
        {"composition": "ID", "amount": True},
        {"composition": "ID", "amount": "1,5"},
        {"composition": "ID", "amount": "0"},
        {"composition": "ID", "amount": "-1"},
        {"composition": "ID", "amount": "5001"},
        {"composition": "ID", "amount": "1.234"},
        {"composition": "ID", "amount": "10", "left": "11"},
        {"composition": "ID", "amount": "10", "left": "-1"},
        {"composition": "ID", "amount": "10", "left": None},
        {"composition": "ID", "amount": "10", "colour": "blue"},
        "cream",
    ],
    ids=str,
)
def test_a_wrong_gram_is_rejected_and_no_part_of_the_meal_stays(mine, child, parent, row):
    values = good_values(child, parent)["meal"]
    good = values["served"][0]
    if isinstance(row, dict) and row.get("composition") == "ID":
        row = row | {"composition": good["composition"]}
    before = house.rows()
    result = mine.one(mine.create("meal", **(values | {"served": [good, row]})))
    assert (result["status"], list(result["errors"])) == ("rejected", ["served"])
    assert house.rows() == before | {"sync.Operation": 1}


@pytest.mark.parametrize("value", ["21", "-0.1", "3.2345"])
def test_a_reading_that_cannot_be_right_is_rejected(mine, value):
    made = mine.create(
        "ketones-blood", happened_at="2026-06-10T01:10:00Z", value=value, unit="mmol/L"
    )
    assert mine.one(made)["status"] == "rejected"


def test_a_unit_is_never_guessed_where_there_are_two(mine):
    at = "2026-06-10T01:10:00Z"
    result = mine.one(mine.create("weight", happened_at=at, value="8"))
    assert list(result["errors"]) == ["unit"]
    assert mine.one(mine.create("weight", happened_at=at, value="8", unit="mmol/L"))["errors"]
    assert mine.done(mine.create("head", happened_at=at, value="44"))["values"]["unit"] == "cm"


def test_numbers_and_decimal_text_are_the_same_decimal(mine):
    at = "2026-06-10T01:10:00Z"
    for value in (3.2, "3.2", "3.20", "3.200"):
        made = mine.create("ketones-blood", happened_at=at, value=value, unit="mmol/L")
        assert mine.done(made)["values"]["value"] == "3.2"


@pytest.mark.parametrize(
    "when", ["2026-06-10T12:16:00+02:00", "2025-08-30T00:00:00Z"], ids=["ahead", "before birth"]
)
def test_a_typed_time_that_cannot_be_is_rejected(mine, when):
    made = mine.create("cluster", typed=["happened_at"], happened_at=when, spasm_count=1)
    assert list(mine.one(made)["errors"]) == ["happened_at"]


# --- the envelope


def envelope(mine, **changes):
    made = mine.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=3) | changes
    return mine.batch({k: v for k, v in made.items() if v != "MISSING"})


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"op": "x"}, "op"), ({"op": None}, "op"), ({"op": "MISSING"}, "op"), ({"op": 7}, "op"),
        ({"entry": "x"}, "entry"), ({"entry": "MISSING"}, "entry"),
        ({"made_at": 0}, "made_at"), ({"made_at": "2026-06-10T01:10:00"}, "made_at"),
        ({"made_at": "0001-01-01T00:00:00Z"}, "made_at"), ({"made_at": "MISSING"}, "made_at"),
        ({"base": -1}, "base"), ({"base": True}, "base"), ({"base": "1"}, "base"),
        ({"values": []}, "values"), ({"values": None}, "values"),
        ({"typed": "happened_at"}, "typed"), ({"typed": [1]}, "typed.0"),
        ({"kind": 7}, "kind"), ({"kind": "a\0"}, "kind"), ({"action": None}, "action"),
        ({"undoes": "x"}, "undoes"), ({"colour": "blue"}, "colour"),
    ],
    ids=str,
)  # fmt: skip
def test_a_batch_that_cannot_be_read_is_refused_with_the_place(mine, changes, place):
    response = mine.post(envelope(mine, **changes))
    assert response.status_code == 422, response.content
    assert list(response.json()["detail"]) == [f"operations.0.{place}"]
    assert Operation.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"device": "x"}, "device"),
        ({"clock": "2026-06-10T12:00:00"}, "clock"),
        ({"clock": 1767225600}, "clock"),
        ({"operations": {}}, "operations"),
        ({"more": 1}, "more"),
    ],
    ids=str,
)
def test_an_envelope_that_cannot_be_read_is_refused(mine, changes, place):
    response = mine.post(mine.batch() | changes)
    assert response.status_code == 422
    assert list(response.json()["detail"]) == [place]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"'])
def test_a_body_that_is_none_is_refused(mine, body):
    response = mine.client.post(mine.url("sync"), body, content_type="application/json")
    assert response.status_code in (400, 422)


def test_two_hundred_operations_are_taken_and_one_more_is_not(mine):
    made = [mine.delete("cluster", house.new_id(), 0) for _ in range(201)]
    assert mine.post(mine.batch(*made)).status_code == 422
    assert Operation.objects.count() == 0
    assert {r["status"] for r in mine.send(*made[:200])} == {"rejected"}
    assert mine.send() == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
names = sorted({f.name for kind in SYNC_KINDS.values() for f in kind.fields})


@settings(max_examples=150)
@given(
    slug=st.sampled_from(sorted(SYNC_KINDS)),
    changes=st.dictionaries(st.sampled_from(names) | st.text(max_size=5), json_values, min_size=1),
)
def test_no_value_breaks_the_server(parent, child, slug, changes):
    """Never “failed”: a phone would send such an operation for ever."""
    if not hasattr(child, "good"):
        child.good, child.phone = good_values(child, parent), Phone(parent, child)
    values = child.good.get(slug, {"happened_at": "2026-06-10T06:10:00Z"}) | changes
    # Not by `create`: a name may be one of its own arguments.
    result = child.phone.one(child.phone.op("create", slug, values=values, typed=[]))
    assert result["status"] in ("applied", "rejected"), result
