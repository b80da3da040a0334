"""What the JSON API says of itself beyond its schemas: summaries and worked examples.

One row an operation, by the name of its function; a test holds every example to its schema. The
child of the examples is nobody.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Json = dict[str, Any]


class Told(NamedTuple):
    """A summary in the imperative, a request that works and what comes back for it."""

    summary: str
    body: Any = None
    answer: Any = None
    parameters: Json = {}


CHILD = "0198c0de-0000-7000-8000-00000000c41d"
_CLUSTER = "0198c0de-0000-7000-8000-0000000000c1"
_CLIP = "0198c0de-0000-7000-8000-0000000000f1"
_OPERATION = "0198c0de-0000-7000-8000-0000000000a1"
_DEVICE = "0198c0de-0000-7000-8000-0000000000de"
_CREAM, _EGG, _OIL = (f"0198c0de-0000-7000-8000-0000000000{end}" for end in ("e1", "e2", "e3"))
_ENTRY = {
    "kind": "cluster", "id": _CLUSTER, "revision": 1, "deleted": False, "by": "Pia",
    "entered_at": "2026-06-10T05:12:00Z", "date": "2026-06-10", "at": "2026-06-10T05:10:00Z",
    "time_zone": "Europe/Berlin", "title": "Spasms seen: 7 spasms", "detail": "",
    "values": {"happened_at": "2026-06-10T05:10:00Z", "count_kind": "exact", "spasm_count": 7},
    "conflict": None,
}  # fmt: skip
_FOOD = {
    "id": _CREAM, "name": "Cream, 36 % fat", "group": "dairy", "per_unit": "g", "fat_g": 36.0,
    "protein_g": 2.2, "carbohydrate_g": 3.1, "fibre_g": 0.0, "is_fibre_known": True,
    "is_verified": True, "volume_ml_per_g": 1.0,
}  # fmt: skip
_MEAL = {
    "ratio": 3, "energy_kcal": 155,
    "foods": [{"food": _CREAM, "amount": 30, "is_locked": True}, {"food": _EGG}, {"food": _OIL}],
}  # fmt: skip
_BALANCED = {
    "status": "ok",
    "amounts": [
        {"food": _CREAM, "amount": 30.0},
        {"food": _EGG, "amount": 18.4},
        {"food": _OIL, "amount": 2.7},
    ],
    "ratio": 3.0, "energy_kcal": 155.0, "sensitivity": "", "advice": "", "protein": "",
    "batch_meals": None, "message": "", "fixes": [],
}  # fmt: skip

TOLD: dict[str, Told] = {
    "foods": Told("Find foods", answer=[_FOOD], parameters={"q": "cream"}),
    "balance_meal": Told("Balance a meal to grams", _MEAL, _BALANCED),
    "exchange_food": Told(
        "Find a food that can stand in for another",
        {"meal": _MEAL, "out": _EGG},
        [{"food": _FOOD, "answer": _BALANCED}],
    ),
    "begin_clip": Told(
        "Announce a film or photograph, or ask how much of it is here",
        {"id": _CLIP, "cluster": _CLUSTER, "size_bytes": 4_821_337, "content_type": "video/mp4"},
        {"id": _CLIP, "received_bytes": 0, "complete": False},
    ),
    "put_piece": Told(
        "Send a piece of a film or photograph",
        answer={"id": _CLIP, "received_bytes": 1_048_576, "complete": False},
        parameters={"clip_id": _CLIP, "offset": 0},
    ),
    "sync": Told(
        "Add, change and take back entries",
        {
            "device": _DEVICE,
            "clock": "2026-06-10T05:12:00Z",
            "operations": [
                {
                    "op": _OPERATION, "action": "create", "kind": "cluster", "entry": _CLUSTER,
                    "made_at": "2026-06-10T05:12:00Z",
                    "values": {
                        "happened_at": "2026-06-10T05:10:00Z", "count_kind": "exact",
                        "spasm_count": 7,
                    },
                }
            ],
        },
        {
            "clock": "2026-06-10T05:12:01Z",
            "offset_s": 0.4,
            "results": [
                {
                    "op": _OPERATION, "status": "applied", "entries": [_ENTRY],
                    "echo": "Saved: 7 spasms, 07:10", "notice": "", "conflict": None, "errors": {},
                }
            ],
        },
    ),
    "changes": Told(
        "Read what changed since a cursor",
        answer={
            "clock": "2026-06-10T05:13:00Z", "cursor": 43, "more": False, "plan_changed": False,
            "entries": [_ENTRY],
        },
        parameters={"since": 41},
    ),
    "today": Told(
        "Read what a phone needs for the days to come",
        answer={
            "clock": "2026-06-10T05:13:00Z",
            "may_log": True,
            "may_read": True,
            "person": {"id": _DEVICE, "name": "Pia", "theme": "auto"},
            "words": "",
            "child": {
                "id": CHILD, "name": "Noor", "birth_date": "2025-09-01",
                "glucose_unit": "mmol/L", "weight_unit": "kg",
            },
            "stays": [{"since": "2000-01-01T00:00:00Z", "time_zone": "Europe/Berlin"}],
            "messages": [],
        },
    ),
    "press": Told(
        "Log one thing with a button’s token",
        {"what": "spasms", "count": 7},
        {"echo": "Saved: 7 spasms seen"},
    ),
    "subscribe": Told(
        "Let this phone take reminders",
        {
            "device": _DEVICE, "name": "Pia’s phone", "endpoint": "https://push.example/send/abc",
            "p256dh": "B" + "x" * 86, "auth": "x" * 22,
        },
        {"id": _DEVICE},
    ),
    "test": Told("Send a self-test to this phone", {"device": _DEVICE}, {"id": _DEVICE}),
    "receipt": Told(
        "Say what became of a message",
        {"what": "snoozed", "minutes": 10},
        parameters={"token": "the-token-that-came-in-the-message"},
    ),
}  # fmt: skip
# The bytes of a film have no schema of their own.
BYTES: dict[str, Json] = {
    "put_piece": {
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"},
                "example": "(the bytes of the film from offset on)",
            }
        },
    }
}
SECURITY: dict[str, str] = {
    "ProgramToken": "A token of one child, made by a parent: read for GET, log for the rest.",
    "PhoneSession": "The cookie of a person who is signed in; writing needs X-CSRFToken as well.",
    "QuickToken": "The token of a button outside the app, in the header or as ?token=.",
}
# A person's own addresses, which no token of a child opens; and those with a secret of their own.
OF_A_PERSON = frozenset({"subscribe", "test"})
OF_A_BUTTON = frozenset({"press"})


# What any operation may answer, said once; an operation's own words for a status stand.
REFUSALS: dict[str, str] = {
    "400": "This is no JSON.",
    "401": "Nobody is signed in, or the token does not work.",
    "403": "This person or token may not do this, or X-CSRFToken is missing.",
    "404": "There is no such child for whoever asks, or no such thing of it.",
    "409": "Somebody else is signed in on this phone now. Nothing was taken.",
    "422": "A value cannot be: its name, and why. Nothing was stored.",
}
_DETAIL: Json = {
    "type": "object",
    "required": ["detail"],
    "properties": {"detail": {"type": ["string", "object"]}},
}


def tell(name: str, operation: Json) -> None:
    """Put the summary and examples of the operation of that name into its description."""
    told = TOLD[name]
    operation["summary"] = told.summary
    if name in BYTES:
        operation["requestBody"] = BYTES[name]
    elif told.body is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = told.body
    for status, response in operation["responses"].items():
        if 200 <= int(status) < 300 and "content" in response:
            response["content"]["application/json"]["example"] = told.answer
    for status, words in REFUSALS.items():
        content = {"application/json": {"schema": _DETAIL}}
        operation["responses"].setdefault(status, {"description": words, "content": content})
    examples = {"child_id": CHILD} | told.parameters
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in examples:
            parameter["example"] = examples[parameter["name"]]
    if name in OF_A_PERSON:
        operation["security"] = [{"PhoneSession": []}]
    if name in OF_A_BUTTON:
        operation["security"] = [{"QuickToken": []}]
