"""The REST face: two strangers' clients read it, a search gives what fits and nothing else, and a
token opens one child alone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quietdays.people.models import AccessUse
from quietdays.people.tokens import make_token
from quietdays.sharing.fhir import search
from quietdays.sharing.fhir.bundles import diary_collection, patient_summary
from quietdays.sharing.fhir.codes import DIARY, HPO, LOINC, OWN
from quietdays.sharing.fhir.moments import moment_of
from quietdays.sharing.fhir.shelves import SHELVES, Reader
from tests import house

pytestmark = pytest.mark.django_db
DAY = house.NOW.date()
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW) as clock:
        yield clock


def token_of(parent, child, *scopes):
    return make_token(
        by=parent, child=child, entry_id=house.new_id(), name="Hospital",
        scopes=scopes or ["fhir"], lasts=timedelta(days=30),
    )[1]  # fmt: skip


class Face:
    """A client with a token; the resources of an answer, and of all its pages."""

    def __init__(self, secret: str | None) -> None:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(enforce_csrf_checks=True, headers=headers)

    def ask(self, path: str, expect=200, **values):
        answer = self.client.get(f"/fhir/{path}", values)
        made = json.loads(answer.content)
        assert answer.status_code == expect, made
        assert answer["Content-Type"] == "application/fhir+json; charset=utf-8"
        assert answer["Cache-Control"] == "no-store"
        if expect >= 400:
            assert made["resourceType"] == "OperationOutcome"
        get_fhir_model_class(made["resourceType"]).model_validate(made)
        return made

    def all(self, kind: str, **values) -> list[dict]:
        """Every resource of every page."""
        page, found = self.ask(kind, **values), []
        while True:
            found += [entry["resource"] for entry in page.get("entry", ())]
            after = [link["url"] for link in page["link"] if link["relation"] == "next"]
            if not after:
                assert len(found) == page["total"]
                return found
            parts = urlsplit(after[0])
            page = self.ask(parts.path.removeprefix("/fhir/"), **dict(parse_qsl(parts.query)))


@pytest.fixture
def face(parent, lived):
    return Face(token_of(parent, lived))


# -- strangers' clients


@pytest.mark.django_db(transaction=True)
def test_fhirclient_reads_searches_and_turns_pages(live_server, parent, lived):
    from fhirclient import client, server
    from fhirclient.models.observation import Observation
    from fhirclient.models.patient import Patient

    smart = client.FHIRClient(settings={"app_id": "test", "api_base": f"{live_server.url}/fhir"})
    smart.server.session.headers["Authorization"] = f"Bearer {token_of(parent, lived)}"
    smart.prepare()
    assert smart.server.capabilityStatement.fhirVersion == "4.0.1"
    patient = Patient.read(str(lived.pk), smart.server)
    assert patient.birthDate.isostring == lived.birth_date.isoformat()
    asked = Observation.where({"patient": str(lived.pk), "_count": "5"})
    rows = list(asked.perform_resources_iter(smart.server))
    assert len(rows) == len(set(r.id for r in rows)) > 15
    assert asked.perform(smart.server).total == len(rows)
    with pytest.raises(server.FHIRNotFoundException):
        Patient.read(str(house.new_id()), smart.server)
    smart.server.session.headers["Authorization"] = "Bearer nothing"
    with pytest.raises(server.FHIRUnauthorizedException):
        Patient.read(str(lived.pk), smart.server)


@pytest.mark.django_db(transaction=True)
def test_fhirpy_reads_searches_counts_and_is_refused_in_words(live_server, parent, lived):
    from fhirpy import SyncFHIRClient
    from fhirpy.base.exceptions import AuthorizationError, OperationOutcome, ResourceNotFound

    url = f"{live_server.url}/fhir"
    stranger = SyncFHIRClient(url, authorization=f"Bearer {token_of(parent, lived)}")
    [patient] = stranger.resources("Patient").fetch_all()
    assert patient["id"] == str(lived.pk)
    asked = stranger.resources("Observation").search(patient=patient["id"])
    rows = asked.limit(4).fetch_all()
    assert len(rows) == asked.count() > 15
    assert {row["subject"]["reference"] for row in rows} == {f"Patient/{lived.pk}"}
    assert rows[0].get_by_path(["subject"]).to_resource()["id"] == patient["id"]
    summary = patient.execute("$summary", method="get")
    assert summary["type"] == "document"
    with pytest.raises(ResourceNotFound):
        stranger.reference("Observation", str(house.new_id())).to_resource()
    with pytest.raises(OperationOutcome):
        stranger.resource("Observation", status="final").save()
    with pytest.raises(OperationOutcome):
        stranger.resources("Observation").search(colour="red").fetch()
    with pytest.raises(AuthorizationError):
        SyncFHIRClient(url, authorization="Bearer nothing").resources("Patient").fetch()


# -- what is there


def test_everything_is_read_by_its_id_and_every_reference_leads_to_something(face):
    seen = set()
    for kind in SHELVES:
        rows = face.all(kind)
        assert rows, kind
        for made in rows:
            get_fhir_model_class(kind).model_validate(made)
            assert made["resourceType"] == kind
            assert face.ask(f"{kind}/{made['id']}") == made
            seen |= set(references(made))
    for reference in seen:
        kind, _, key = reference.partition("/")
        assert face.ask(f"{kind}/{key}")["id"] == key


def references(value):
    if isinstance(value, dict):
        if "reference" in value:
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def without_references(value):
    if isinstance(value, dict):
        return {k: without_references(v) for k, v in value.items() if k != "reference"}
    return [without_references(v) for v in value] if isinstance(value, list) else value


def test_all_of_the_bundle_is_reached_by_turning_pages_and_says_the_same(face, lived):
    made = diary_collection(lived, lived.birth_date, lived.today(), now=house.NOW)
    inside = [entry["resource"] for entry in made["entry"]]
    for kind in SHELVES:
        told = {r["id"]: without_references(r) for r in inside if r["resourceType"] == kind}
        found = {r["id"]: without_references(r) for r in face.all(kind, _count=7)}
        if kind in ("RelatedPerson", "Practitioner"):  # a Bundle names only those who wrote
            assert told.items() <= found.items()
        else:
            assert told == found, kind


def test_the_rows_say_the_same_of_time_and_code_as_what_is_made_of_them(lived):
    """The search judges rows before they are mapped: both must agree."""
    reader = Reader(lived, house.NOW)
    for shelves in SHELVES.values():
        for shelf in shelves:
            rows = shelf.rows(reader, reader.life)
            made = shelf.made(reader, rows)
            example = shelf.example(reader)
            codes: dict[object, object] = {}
            for row, one in zip(rows, made, strict=True):
                at = shelf.when(reader, row)
                assert at == moment_of(one, reader.zone)
                assert one["id"] == str(shelf.key(reader, row))
                about = [one.get(name) for name in ("category", "status")]
                about.append(one.get("code", {}).get("coding"))
                assert codes.setdefault(shelf.sort(row), about) == about
                if example is not None:
                    assert example["code"]["coding"] == one["code"]["coding"]
                    assert example["category"] == one["category"]


def test_the_summary_is_the_one_of_the_file(face, lived):
    with time_machine.travel(house.NOW, tick=False):
        told = face.ask(f"Patient/{lived.pk}/$summary")
        assert told == json.loads(json.dumps(patient_summary(lived, now=timezone.now())))
    face.ask(f"Patient/{house.new_id()}/$summary", expect=404)


def test_the_capability_statement_is_open_and_claims_what_holds(face):
    told = Face(None).ask("metadata")
    assert told["fhirVersion"] == "4.0.1"
    assert "instantiates" not in told
    kinds = {r["type"]: r for r in told["rest"][0]["resource"]}
    assert set(kinds) == {*SHELVES, "CodeSystem"}
    for kind, params in search.PARAMS.items():
        assert {p["name"] for p in kinds[kind]["searchParam"]} == set(params)
        for name, param in params.items():
            value = "2026" if param.kind == "date" else "x"
            face.ask(kind, **{name: value})


def test_the_diarys_codes_are_open_and_are_those_that_are_written(face):
    told = Face(None).ask("CodeSystem/diary")
    assert told["url"] == OWN
    assert {c["code"]: c["display"] for c in told["concept"]} == DIARY
    written = {
        coding["code"]
        for made in face.all("Observation")
        for part in [made, *made.get("component", ())]
        for coding in part["code"].get("coding", ())
        if coding["system"] == OWN
    }
    assert written <= {c["code"] for c in told["concept"]}
    Face(None).ask("CodeSystem/nothing", expect=404)


# -- searching


def codes(rows):
    return {r["code"]["coding"][0]["code"] for r in rows if "coding" in r["code"]}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"code": "spasm-cluster"}, {"spasm-cluster"}),
        ({"code": f"{OWN}|spasm-cluster"}, {"spasm-cluster"}),
        ({"code": f"{HPO}|HP:0011097"}, {"spasm-cluster"}),
        ({"code": f"{LOINC}|spasm-cluster"}, set()),
        ({"code": "|spasm-cluster"}, set()),
        ({"code": f"{LOINC}|8306-3"}, {"8302-2"}),
        ({"code": "29463-7,9843-4"}, {"29463-7", "9843-4"}),
        ({"code": f"{LOINC}|", "category": "laboratory"}, {"66441-7", "41653-7", "14743-9"}),
        ({"category": "vital-signs"}, {"29463-7", "8302-2", "9843-4", "8310-5"}),
        ({"category": "laboratory", "code": "29463-7"}, set()),
        ({"code": "day-observed"}, {"day-observed"}),
        ({"code": "93832-4"}, {"93832-4"}),
        ({"code": "cluster-count-period"}, {"cluster-count-period"}),
        ({"status": "http://hl7.org/fhir/observation-status|final", "code": "meal"}, {"meal"}),
        ({"status": "preliminary"}, set()),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",  # sets have no order
)
def test_a_token_is_found_by_code_or_by_system_and_code(face, lived, values, found):
    assert codes(face.all("Observation", patient=lived.pk, **values)) == found


def test_the_patient_is_found_by_its_identifier_and_nobody_elses_is(face, lived):
    [made] = face.all("Patient")
    [identifier] = made["identifier"]
    asked = f"{identifier['system']}|{identifier['value']}"
    assert face.all("Patient", identifier=asked) == [made]
    assert face.all("Patient", identifier=f"{identifier['system']}|x") == []
    for patient in (lived.pk, f"Patient/{lived.pk}", f"http://testserver/fhir/Patient/{lived.pk}"):
        assert face.all("Condition", patient=patient)
    assert face.all("Condition", patient=house.new_id()) == []
    assert face.all("Condition", subject=f"Patient/{lived.pk},Patient/{house.new_id()}")


def test_ids_are_found_several_at_once_and_with_other_parameters(face):
    rows = face.all("Observation", code="spasm-cluster,day-observed,93832-4")
    keys = ",".join(r["id"] for r in rows)
    assert face.all("Observation", _id=keys) == rows
    assert codes(face.all("Observation", _id=keys, code="93832-4")) == {"93832-4"}
    assert face.all("Observation", _id="not-an-id") == []


def test_a_page_is_no_larger_than_asked_and_the_next_moves_with_nothing(face, parent, lived):
    whole = face.all("Observation", _count=200)
    page = face.ask("Observation", _count=6)
    assert [e["resource"] for e in page["entry"]] == whole[:6]
    house.cluster(parent, lived, f"{lived.birth_date} 10:00")  # before all that was read
    after = next(link["url"] for link in page["link"] if link["relation"] == "next")
    following = face.ask(
        f"Observation?{urlsplit(after).query}".removeprefix("/fhir/"),
    )
    assert [e["resource"]["id"] for e in following["entry"]] == [r["id"] for r in whole[6:12]]
    newest = face.all("Observation", _sort="-date", _count=9, code="spasm-cluster")
    times = [moment_of(r, TOKYO).start for r in newest]
    assert times == sorted(times, reverse=True)


def test_counting_maps_nothing_and_a_larger_page_is_cut(face):
    whole = face.all("Observation")
    for values in ({"_summary": "count"}, {"_count": "0"}):
        told = face.ask("Observation", **values)
        assert (told["total"], "entry" in told) == (len(whole), False)
    assert face.ask("Observation", _count="100000")["total"] == len(whole)


def test_the_self_link_says_what_was_understood_and_what_is_unknown_is_refused(face):
    told = face.ask("Observation", code="meal", _totalMethod="count", _include="x")
    assert told["link"] == [
        {"relation": "self", "url": "http://testserver/fhir/Observation?code=meal"}
    ]
    for wrong in (
        {"colour": "red"}, {"code:text": "x"}, {"_lastUpdated": "gt2026"}, {"date": "yesterday"},
        {"date": "2026-13"}, {"date": "2026-02-30"}, {"date": "ap2026"}, {"date": ""},
        {"code": "a,,b"}, {"_count": "many"}, {"_count": "-1"}, {"_cursor": "x"},
        {"_cursor": "MjAyNg=="}, {"_sort": "colour"}, {"_summary": "text"}, {"date": "0000"},
        {"_total": "x"}, {"_id": "x," * 200 + "x"}, {"date": "2026-06-10T25:00:00Z"}, {"date": "2026-06-10T10:00:00+99:99"},
    ):  # fmt: skip
        face.ask("Observation", expect=400, **wrong)
    lenient = face.client.get(
        "/fhir/Observation?colour=red", headers={"Prefer": "handling=lenient"}
    )
    assert lenient.status_code == 200
    assert "colour" not in json.loads(lenient.content)["link"][0]["url"]


def test_a_search_by_post_finds_the_same(face):
    asked = {"code": "spasm-cluster", "_count": "3"}
    answer = face.client.post("/fhir/Observation/_search", asked)
    assert answer.status_code == 200
    assert json.loads(answer.content) == face.ask("Observation", **asked)
    assert face.client.get("/fhir/Observation/_search").status_code == 405


# -- dates, against a slow and simple judge


def ends_of(text: str) -> tuple[datetime, datetime]:
    """First and last second of a date as it is written, by its own clock."""
    if len(text) == 4:
        return datetime(int(text), 1, 1), datetime(int(text), 12, 31, 23, 59, 59)
    if len(text) == 7:
        first = date.fromisoformat(f"{text}-01")
        following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return (
            datetime.combine(first, time()),
            datetime.combine(following, time()) - timedelta(seconds=1),
        )
    if len(text) == 10:
        day = date.fromisoformat(text)
        return datetime.combine(day, time()), datetime.combine(day, time(23, 59, 59))
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at, at


def naive_fits(made: dict, prefix: str, text: str) -> bool:
    period = made.get("effectivePeriod")
    first = period["start"] if period else made["effectiveDateTime"]
    last = period.get("end", "9998") if period else first
    is_zoned = len(text) > 10
    start, end = ends_of(first)[0], ends_of(last)[1]
    low, high = ends_of(text)
    if is_zoned:
        start, end = (t if t.tzinfo else t.replace(tzinfo=TOKYO) for t in (start, end))
        start, end, low, high = (t.astimezone(UTC) for t in (start, end, low, high))
    else:
        start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    return {
        "eq": low <= start and end <= high,
        "ne": not (low <= start and end <= high),
        "gt": end > high,
        "lt": start < low,
        "ge": end > high or (low <= start and end <= high),
        "le": start < low or (low <= start and end <= high),
        "sa": start > high,
        "eb": end < low,
    }[prefix]


seconds = st.integers(-20 * 86_400, 3 * 86_400)
instants = st.builds(
    lambda s, zone: (house.NOW + timedelta(seconds=s)).astimezone(ZoneInfo(zone)),
    seconds,
    st.sampled_from(["UTC", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
)
texts = st.one_of(
    instants.map(lambda t: t.isoformat(timespec="seconds")),
    instants.map(lambda t: t.date().isoformat()),
    st.sampled_from(
        ["2026", "2026-06", "2026-05", "2025-09", "2025-09-01", "2026-06-08T23:59:00Z"]
    ),
)


@pytest.mark.slow
def test_dates_many_more_times(lived):
    judge_dates(lived, examples=2_000)


def test_a_date_finds_what_a_simple_filter_finds(lived):
    judge_dates(lived, examples=60)


def judge_dates(lived, *, examples: int) -> None:
    whole = search.find(
        Reader(lived, house.NOW), search.read("Observation", [("_count", "200")])
    ).made

    @settings(max_examples=examples)
    @given(st.sampled_from(["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"]), texts, st.booleans())
    @example("eq", f"{DAY - timedelta(days=1)}", True)
    @example("ge", f"{DAY - timedelta(days=2)}", False)
    @example("sa", "2026-06-08T16:39:00+02:00", False)
    def judge(prefix, text, is_bare):
        value = text if is_bare and prefix == "eq" else prefix + text
        asked = search.read("Observation", [("date", value), ("_count", "200")])
        found = search.find(Reader(lived, house.NOW), asked).made
        expected = [made["id"] for made in whole if naive_fits(made, prefix, text)]
        assert [made["id"] for made in found] == expected

    judge()


def test_two_dates_are_a_stretch_and_a_comma_is_or(face):
    day = DAY - timedelta(days=5)
    stretch = face.ask(
        f"Observation?code=spasm-cluster&date=ge{day}&date=lt{day + timedelta(days=1)}"
    )
    assert stretch["total"] == 2
    either = face.ask("Observation", code="spasm-cluster", date=f"{day},{DAY - timedelta(days=9)}")
    # The late cluster of each ends on the next day: it is not within the date.
    assert either["total"] == 2


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("MedicationStatement", "effective", f"ge{DAY}"),
        ("NutritionOrder", "datetime", f"{DAY}"),
        ("CarePlan", "date", f"ge{DAY}"),
        ("Condition", "recorded-date", f"{DAY}"),
        ("QuestionnaireResponse", "authored", f"{DAY}"),
        ("MedicationAdministration", "effective-time", f"{DAY - timedelta(days=1)}"),
    ],
)
def test_each_type_has_its_own_date(face, kind, name, value):
    assert face.all(kind, **{name: value})
    assert face.all(kind, **{name: "lt2001"}) == []


# -- who may


def test_without_a_token_nothing_is_told(lived):
    for secret in (None, "nothing", ""):
        answer = Face(secret).client.get("/fhir/Patient")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert json.loads(answer.content)["issue"][0]["code"] == "login"


def test_a_sign_in_is_no_token(parent, lived):
    client = Client()
    client.force_login(parent)
    assert client.get("/fhir/Patient").status_code == 401


def test_a_token_for_json_does_not_open_it(parent, lived):
    told = Face(token_of(parent, lived, "read", "log")).ask("Patient", expect=403)
    assert "“fhir”" in told["issue"][0]["diagnostics"]


def test_another_childs_ids_are_never_readable(face, lived):
    """All that there is of the one child, asked for with the token of the other."""
    other_parent, other = house.another_child()
    house.cluster(other_parent, other, f"{DAY - timedelta(days=1)} 07:00")
    stranger = Face(token_of(other_parent, other))
    for kind in SHELVES:
        own = {r["id"] for r in stranger.all(kind)}
        for made in face.all(kind):
            assert made["id"] not in own
            stranger.ask(f"{kind}/{made['id']}", expect=404)
            assert stranger.all(kind, _id=made["id"]) == []
    for kind in ("Observation", "Condition", "CarePlan"):
        assert stranger.all(kind, patient=lived.pk) == []
    stranger.ask(f"Patient/{lived.pk}/$summary", expect=404)


def test_deleted_it_is_gone(face, parent, lived):
    from quietdays.diary.models import SpasmCluster
    from quietdays.people.entries import take_back

    row = SpasmCluster.objects.of(lived).first()
    face.ask(f"Observation/{row.pk}")
    take_back(row, by=parent)
    face.ask(f"Observation/{row.pk}", expect=404)


def test_nothing_can_be_written(face, lived):
    before = house.rows()
    body = json.dumps({"resourceType": "Patient", "id": str(lived.pk)})
    for method in ("post", "put", "patch", "delete"):
        for path in ("", "Patient", f"Patient/{lived.pk}", "metadata"):
            answer = getattr(face.client, method)(
                f"/fhir/{path}", body, content_type="application/fhir+json"
            )
            assert answer.status_code == 405, (method, path)
            assert json.loads(answer.content)["resourceType"] == "OperationOutcome"
            assert answer["Allow"] == "GET, HEAD"
    assert house.rows() == before


def test_what_is_nowhere_is_told_so_in_fhir(face):
    for path in (
        "Wine",
        "Wine/1",
        "Patient/not-an-id",
        "Patient/a/b/c",
        "",
        "Observation/",
        "x/y/",
    ):
        face.ask(path, expect=404)
    assert face.client.get("/fhir/Patient?_format=xml").status_code == 406
    # There is no OAuth, and nothing says that there were.
    Face(None).ask(".well-known/smart-configuration", expect=404)


def test_each_request_is_counted_for_the_family(face, parent, lived):
    face.ask("Patient")
    face.ask("Observation", _summary="count")
    face.ask("Observation", expect=400, colour="red")
    Face(None).ask("metadata")
    [use] = AccessUse.objects.all()
    assert (use.scope, use.requests, use.day) == ("fhir", 3, lived.today())


def test_a_large_page_asks_the_database_no_more_than_a_small_one(face, lived):
    def queries(**values) -> int:
        with CaptureQueriesContext(connection) as asked:
            face.ask("Observation", **values)
        return len(asked)

    few, many = (queries(code="spasm-cluster", _count=count) for count in (1, 50))
    assert many <= few
    few, many = (queries(_count=count) for count in (8, 200))
    assert many <= few + 12  # a prefetch for each sort of entry on the page
    assert queries(code="spasm-cluster") < queries()
