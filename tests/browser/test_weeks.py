"""A week that was issued, edited afterwards: what was said, what is said now, and where from."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_screens import AXE_OPTIONS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def issued(family):
    """The family has been here since spring; the calendar has issued what was due."""
    from quietdays.people.models import Child
    from quietdays.sharing.chores import do_chores

    Child.objects.filter(pk=family.pk).update(created_at=timezone.now() - timedelta(days=100))
    noon = datetime.combine(family.today(), time(12), family.zone)  # whatever the hour is now
    assert any("weekly summary" in line for line in do_chores(noon))
    return family.issued.filter(what="week").order_by("-first_day").first()


def a_watched_day(week):
    from quietdays.diary.models import DayTotal

    days = DayTotal.objects.of(week.child).filter(date__range=(week.first_day, week.last_day))
    return days.filter(was_observed=True).first()


def accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE_OPTIONS)
    assert not found.response["violations"], found.generate_report()


def test_an_old_entry_is_edited_and_the_week_says_changed_since(
    page, family, house, sign_in, issued, quiet_console
):
    total = a_watched_day(issued)
    sign_in(page, "parent@test.example")
    base = f"{house}/c/{family.pk}"
    page.goto(f"{base}/week/")  # the one that was summed up last
    expect(page.get_by_text("As issued on")).to_contain_text("Nothing that it rests on was changed")
    then = page.get_by_role("region", name="Spasms seen").locator("summary").first.inner_text()

    page.goto(f"{base}/entry/day-total/{total.pk}/")
    page.get_by_label("Clusters seen").fill("29")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{base}/week/")
    expect(page.get_by_text("Changed since.")).to_be_visible()
    row = page.locator(".then-now div").filter(has_text="Spasms seen").first
    expect(row).to_contain_text(then)
    now = page.get_by_role("region", name="Spasms seen").locator("summary").first.inner_text()
    assert now != then
    clusters = int(re.match(r"\d+", now)[0])
    assert clusters == int(re.match(r"\d+", then)[0]) - (total.clusters or 0) + 29
    expect(row).to_contain_text(now)
    accessible(page)

    # The four weeks that hold the day say so as well, with the figure as it stands now.
    page.goto(f"{base}/effect/")
    newest = page.locator("section.card--first")
    expect(newest.get_by_text("Changed since.")).to_be_visible()
    accessible(page)


def test_a_number_opens_its_own_account(page, family, house, sign_in, issued, quiet_console):
    sign_in(page, "parent@test.example")
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{house}/c/{family.pk}/week/")
    line = page.get_by_role("region", name="Spasms seen").locator("details").first
    line.locator("summary").press("Enter")
    expect(line.get_by_text("Clusters seen on watched days ÷ watched days.")).to_be_visible()
    expect(line.get_by_text("Days used:")).to_be_visible()
    accessible(page)
    page.goto(f"{house}/c/{family.pk}/effect/")
    for details in page.locator("details.account").all():
        details.locator("summary").click()
    accessible(page)


def test_the_family_chooses_the_day_and_a_question_stands_in_the_week(
    page, family, house, sign_in, issued, quiet_console
):
    sign_in(page, "parent@test.example")
    base = f"{house}/c/{family.pk}"
    page.goto(f"{base}/settings/")
    page.get_by_label("The week is summed up each").select_option("Thursday")
    page.get_by_role("button", name="Save").first.click()
    family.refresh_from_db()
    assert family.summary_weekday == 3
    page.goto(f"{base}/week/")
    page.get_by_role("link", name="Note a question").click()
    page.get_by_label("What to ask").fill("May she have more cream at night?")
    page.get_by_label("Asked on").fill(issued.last_day.isoformat())
    page.get_by_role("button", name="Save").click()
    page.goto(f"{base}/week/{issued.first_day}/")
    expect(page.get_by_role("listitem").filter(has_text="May she have more cream")).to_be_visible()


def test_the_night_log_says_that_the_week_is_summed_up(page, family, house, night_log, issued):
    night_log(page)
    page.get_by_role("region", name="The week is summed up").get_by_role("link").click()
    page.wait_for_url(f"**/week/{issued.first_day}/")
    expect(page.get_by_text("As issued on")).to_be_visible()
