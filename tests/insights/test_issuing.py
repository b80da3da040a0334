"""What was issued stays as it was said; what changed since is laid beside it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from quietdays.diary.models import CheckIn, Measurement, Question, SpasmCluster
from quietdays.insights import issuing
from quietdays.insights.actions import issue_due
from quietdays.insights.models import Issued
from quietdays.insights.weekly import week_summary
from quietdays.people.actions import update_child
from quietdays.people.entries import amend, take_back
from quietdays.people.models import Child
from quietdays.records.models import WrittenOnce
from quietdays.sharing.chores import do_chores
from quietdays.sharing.imports.diary_csv import import_diary
from tests import house

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 6, 1)
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture(autouse=True)
def registered(child):
    """The family came in May; it is noon on the Monday after the week of 1 June."""
    Child.objects.filter(pk=child.pk).update(created_at=at("2026-05-20 09:00"))
    child.refresh_from_db()
    with time_machine.travel(at("2026-06-08 12:00")):
        yield


@pytest.fixture
def cluster(parent, child):
    return house.cluster(parent, child, "2026-06-02 07:00", 5)


def weeks(child) -> list[Issued]:
    return list(child.issued.filter(what="week"))


def week_since(child) -> issuing.Since:
    issued = weeks(child)[-1]
    return issuing.week_since(issued)


@pytest.mark.parametrize(
    ("now", "chosen", "first"),
    [
        ("2026-06-08 05:59", 0, date(2026, 5, 25)),
        ("2026-06-08 06:00", 0, date(2026, 6, 1)),
        ("2026-06-14 23:59", 0, date(2026, 6, 1)),
        ("2026-06-08 06:00", 3, date(2026, 5, 28)),
        ("2026-06-11 06:00", 3, date(2026, 6, 4)),
    ],
)
def test_a_week_is_due_on_the_morning_that_the_family_chose(child, now, chosen, first):
    child.summary_weekday = chosen
    assert issuing.week_due(child, at(now)) == first


def test_the_morning_is_the_childs_and_not_the_servers(parent, child):
    with time_machine.travel(at("2026-06-03 12:00")):
        update_child(by=parent, child=child, phone="", time_zone="Pacific/Auckland")
    assert issuing.week_due(child, at("2026-06-07 21:00")) == MONDAY  # Monday, 07:00 in Auckland


def test_a_week_is_issued_once_however_often_the_chores_are_done(child, cluster):
    for _ in range(3):
        do_chores(datetime.now(UTC))
    assert [(i.first_day, i.last_day) for i in weeks(child)] == [(MONDAY, date(2026, 6, 7))]
    seen = weeks(child)[0].content["sections"][0]["lines"][0]
    assert seen.startswith("1 cluster seen (5 spasms) on 1 watched day")


def test_missed_weeks_are_made_up_for_but_none_from_before_the_family_came(parent, child):
    for day in ("2026-05-12", "2026-05-19", "2026-05-27", "2026-06-02"):
        house.cluster(parent, child, f"{day} 07:00", 1)
    issue_due(child, now=at("2026-06-08 12:00"))
    assert [i.first_day.isoformat() for i in weeks(child)] == [
        "2026-05-18", "2026-05-25", "2026-06-01",
    ]  # fmt: skip


def test_nothing_is_issued_for_a_child_of_whom_nothing_is_recorded(child):
    assert issue_due(child, now=at("2026-06-08 12:00")) == []


def test_another_day_chosen_later_leaves_no_day_out_and_issues_no_week_twice(
    parent, child, cluster
):
    issue_due(child, now=at("2026-06-08 12:00"))
    update_child(by=parent, child=child, phone="", summary_weekday=3)
    issue_due(child, now=at("2026-06-08 13:00"))
    issue_due(child, now=at("2026-06-11 07:00"))
    spans = [(i.first_day.isoformat(), i.last_day.isoformat()) for i in weeks(child)]
    assert spans[-2:] == [("2026-06-01", "2026-06-07"), ("2026-06-04", "2026-06-10")]


def test_an_untouched_week_says_so(child, cluster):
    issue_due(child, now=at("2026-06-08 12:00"))
    since = week_since(child)
    assert not since.inputs_changed
    assert since.differences == ()


@pytest.mark.parametrize("edit", ["changed", "added", "deleted"])
def test_a_later_edit_shows_the_line_then_and_now(parent, child, cluster, edit):
    house.cluster(parent, child, "2026-06-04 07:00", 2)
    issue_due(child, now=at("2026-06-08 12:00"))
    kept = weeks(child)[0].content
    if edit == "changed":
        amend(cluster, by=parent, spasm_count=9)
    elif edit == "added":
        house.cluster(parent, child, "2026-06-02 19:00", 4)
    else:
        take_back(cluster, by=parent)
    since = week_since(child)
    assert since.inputs_changed
    line = next(d for d in since.differences if d.where == "Spasms seen")
    assert line.then.startswith("2 clusters seen (7 spasms)")
    now = {"changed": "2 clusters seen (11", "added": "3 clusters seen (11", "deleted": "1 clus"}
    assert line.now.startswith(now[edit])
    assert weeks(child)[0].content == kept


def test_a_day_that_changed_is_named(parent, child, cluster):
    issue_due(child, now=at("2026-06-08 12:00"))
    house.cluster(parent, child, "2026-06-02 19:00", 4)
    days = [d for d in week_since(child).differences if d.where.startswith("Tue 2 Jun")]
    assert next((d.then, d.now) for d in days) == ("1 cluster seen", "2 clusters seen")


def test_an_edit_of_the_baseline_is_a_change_of_the_week_that_is_held_against_it(
    parent, child, cluster
):
    update_child(by=parent, child=child, phone="", diet_started_on=date(2026, 5, 4))
    house.cluster(parent, child, "2026-04-20 07:00", 3)
    issue_due(child, now=at("2026-06-08 12:00"))
    house.cluster(parent, child, "2026-04-20 19:00", 3)
    assert [d.where for d in week_since(child).differences] == ["Spasms seen"]


def test_open_questions_stand_in_the_week_until_they_have_an_answer(parent, child, cluster):
    asked = house.enter(Question, parent, child, date=MONDAY, text="More salt?")
    house.enter(Question, parent, child, date=MONDAY + timedelta(days=7), text="Later")
    assert week_summary(child, MONDAY).questions == ["More salt? (1 Jun)"]
    issue_due(child, now=at("2026-06-08 12:00"))
    amend(asked, by=parent, answer="No.")
    assert week_summary(child, MONDAY).questions == []
    assert week_since(child).differences == (
        issuing.Difference("Questions for the visit", "More salt? (1 Jun)", ""),
    )


def test_what_was_issued_cannot_be_rewritten(child, cluster):
    (issued,) = issue_due(child, now=at("2026-06-08 12:00"))
    issued.content = {}
    with pytest.raises(WrittenOnce):
        issued.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Issued.objects.filter(pk=issued.pk).update(version="x")


def test_a_period_is_issued_when_it_is_over_with_the_version_of_its_method(parent, child):
    started = date(2026, 5, 4)
    update_child(by=parent, child=child, phone="", diet_started_on=started)
    rows = "".join(
        f"{started + timedelta(days=i)},{4 if i < 0 else 1},yes\n" for i in range(-28, 28)
    )
    import_diary(by=parent, child=child, data=f"date,clusters,observed\n{rows}".encode())
    assert not child.issued.filter(what="period")
    with time_machine.travel(at("2026-06-01 05:30")):
        issue_due(child, now=at("2026-06-01 05:30"))
    assert not child.issued.filter(what="period")
    issue_due(child, now=at("2026-06-01 06:00"))
    period = child.issued.get(what="period")
    assert (period.first_day, period.last_day) == (started, date(2026, 5, 31))
    assert period.version
    assert len(period.inputs_sha256) == 64
    words = period.content["sections"][0]["lines"]
    assert words[0] == "Fewer clusters seen than before, beyond the usual ups and downs."


def test_one_childs_trouble_keeps_no_other_waiting(parent, child, cluster, monkeypatch):
    from quietdays.sharing import chores

    _, other = house.another_child()

    def broken(of, *, now):
        if of == other:
            raise RuntimeError
        return issue_due(of, now=now)

    monkeypatch.setattr(chores, "issue_due", broken)
    assert do_chores(datetime.now(UTC))[0].startswith("issued: weekly summary")
    assert SpasmCluster.objects.count() == 1


def page(parent, child, name: str, *arguments) -> str:
    client = Client()
    client.force_login(parent)
    response = client.get(reverse(name, args=[child.pk, *arguments]))
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_new_method_is_not_told_as_a_changed_entry(child, cluster, monkeypatch):
    issue_due(child, now=at("2026-06-08 12:00"))
    monkeypatch.setattr(issuing, "WEEK_VERSION", "week-2")
    since = week_since(child)
    assert (since.is_older_method, since.inputs_changed, since.differences) == (True, False, ())


@pytest.mark.parametrize("change", ["unit", "answer"])
def test_what_is_changed_beside_the_entries_is_a_change_too(parent, child, cluster, change):
    asked = house.enter(Question, parent, child, date=MONDAY, text="More salt?")
    house.enter(Measurement, parent, child, happened_at=house.at("2026-06-05 09:00"),
                kind="weight", value=Decimal(7650), unit="g")  # fmt: skip
    issue_due(child, now=at("2026-06-08 12:00"))
    if change == "unit":
        update_child(by=parent, child=child, phone="", weight_unit="g")
    else:
        amend(asked, by=parent, answer="No.")
    assert week_since(child).inputs_changed
    shown = page(parent, child, "week", MONDAY)
    assert "Changed since." in shown
    assert "Nothing that it rests on was changed" not in shown


def test_a_week_of_check_ins_alone_is_issued(parent, child):
    house.enter(CheckIn, parent, child, date=MONDAY, stress=3)
    assert [str(i) for i in issue_due(child, now=at("2026-06-08 12:00"))] == [
        "weekly summary 2026-06-01 to 2026-06-07"
    ]


def test_a_week_that_is_late_says_so_and_one_of_another_rhythm_leads_there(parent, child, cluster):
    assert "has not been made yet" in page(parent, child, "week", MONDAY)
    issue_due(child, now=at("2026-06-08 12:00"))
    assert "has not been made yet" not in page(parent, child, "week", MONDAY)
    update_child(by=parent, child=child, phone="", summary_weekday=3)
    shown = page(parent, child, "week", date(2026, 6, 8))
    assert f"/c/{child.pk}/week/2026-06-01/" in shown


def test_another_first_diet_day_hides_no_verdict_that_was_issued(parent, child):
    started = date(2026, 5, 4)
    update_child(by=parent, child=child, phone="", diet_started_on=started)
    rows = "".join(
        f"{started + timedelta(days=i)},{4 if i < 0 else 1},yes\n" for i in range(-28, 28)
    )
    import_diary(by=parent, child=child, data=f"date,clusters,observed\n{rows}".encode())
    issue_due(child, now=at("2026-06-01 06:00"))
    for moved in (date(2026, 5, 3), None):
        update_child(by=parent, child=child, phone="", diet_started_on=moved)
        shown = page(parent, child, "effect")
        assert "Issued before the first diet day was changed" in shown
        assert "Fewer clusters seen than before" in shown


def test_a_quiet_tick_works_nothing_out(parent, child, cluster, django_assert_max_num_queries):
    update_child(by=parent, child=child, phone="", diet_started_on=date(2026, 5, 4))
    issue_due(child, now=at("2026-06-08 12:00"))
    with django_assert_max_num_queries(12):
        assert issue_due(child, now=at("2026-06-08 12:05")) == []


def spoken(person, code: str) -> None:
    person.language = code
    person.save(update_fields=["language"])


@pytest.fixture
def german(monkeypatch):
    """A catalogue of one message, so that the test depends on no translator."""
    found = trans_real.translation("de")
    monkeypatch.setitem(found._catalog._catalogs[0], "Spasms seen", "Gesehene Spasmen")


def test_it_is_issued_in_the_language_of_the_first_parent_who_chose_one(
    parent, child, cluster, german
):
    spoken(parent, "de")
    issue_due(child, now=at("2026-06-08 07:00"))
    content = weeks(child)[-1].content
    assert content["language"] == "de"
    assert content["sections"][0]["title"] == "Gesehene Spasmen"


def test_a_reader_of_another_language_sees_nothing_changed(parent, child, cluster, german):
    spoken(parent, "de")
    issue_due(child, now=at("2026-06-08 07:00"))
    for reader in ("en-gb", "fr", "de"):
        with translation.override(reader):
            since = week_since(child)
        assert (since.inputs_changed, since.differences, since.language) == (False, (), "de")


def test_what_was_issued_before_there_were_languages_is_read_in_english(child, cluster):
    issue_due(child, now=at("2026-06-08 07:00"))
    issued = weeks(child)[-1]
    del issued.content["language"]
    with translation.override("de"):
        since = issuing.week_since(issued)
    assert (since.differences, since.language) == ((), "en")


@pytest.mark.parametrize("code", ["de", "ar"])
def test_the_report_lays_a_week_beside_its_own_words_whatever_its_language(
    parent, child, cluster, code
):
    from quietdays.sharing.report_weeks import weeks_table

    type(parent).objects.filter(pk=parent.pk).update(language=code)
    issue_due(child, now=at("2026-06-08 12:00"))
    first = date(2026, 6, 1)
    row = weeks_table(child, first, date(2026, 6, 7), at("2026-06-08 12:00"))[-1]
    with translation.override(code):
        seen = translation.gettext("Spasms seen")
    assert weeks(child)[-1].content["sections"][0]["title"] == seen != "Spasms seen"
    assert row[1] == weeks(child)[-1].content["sections"][0]["lines"][0]
    assert "As issued" not in " ".join(row)
    amend(cluster, by=parent, spasm_count=9)
    row = weeks_table(child, first, date(2026, 6, 7), at("2026-06-08 12:00"))[-1]
    assert row[1].startswith("As issued: ")
    assert "changed since" in row[3]
