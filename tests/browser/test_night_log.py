"""The night log without a network: fifty entries go in, exactly those fifty come out."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import house as made
from tests.browser.log_driver import (
    Night,
    everything,
    kept_touches,
    server_holds,
    set_clock_ahead,
)
from tests.diary import films

TWO_HOURS_MS = 2 * 3600 * 1000

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def household(house, parent, child, join):
    """A child with feeds planned today, a medicine on a schedule, and two who log."""
    join("carer")
    food = made.meal_food(parent, child)
    today = child.today()
    made.prescribe(join("dietitian"), child, effective_from=today - timedelta(days=60))
    for hour, name in (("01", "First feed"), ("23", "Last feed")):
        made.plan(parent, child, f"{today} {hour}:00", (food, 100), name=name)
    vigabatrin = made.medicine(parent, child)
    soon = f"{timezone.localtime(timezone=child.zone):%H:%M}"  # “Given now” stands by a dose that is due
    made.step(parent, child, vigabatrin, today - timedelta(days=30), times=(soon,))
    return child


@pytest.fixture
def start(phone, night_log):
    def go(name="mira", email="parent@test.example", **options) -> Page:
        return night_log(phone(name, **options).new_page(), email)

    return go


def is_stored(page: Page) -> None:
    """Home's dot says that the server has everything."""
    page.evaluate("location.hash = '/'")
    expect(page.locator("[data-stored=yes]")).to_be_visible(timeout=60_000)


def go_online(page: Page) -> None:
    page.context.set_offline(False)
    is_stored(page)


def fifty(night: Night) -> None:
    everything(night, rounds=3)
    night.planned_feed("Last feed")
    night.check_in(4)
    assert len(night.made) == 50


def test_fifty_entries_offline_survive_closing_and_are_stored_once(
    start, phone, house, household, eventually
):
    page = start()
    page.context.set_offline(True)
    night = Night(page)
    fifty(night)
    page.evaluate("location.hash = '/'")
    page.reload()
    expect(page.locator("[data-stored=no]")).to_contain_text("No network")
    page.context.close()
    page = phone("mira", offline=True).new_page()
    page.goto(f"{house}/log/")  # a cold start without a network
    expect(page.locator("[data-stored=no]")).to_contain_text("on this phone")
    assert server_holds(household) == Counter()
    go_online(page)
    assert server_holds(household) == Counter(night.made)


def test_each_answer_lost_once_doubles_nothing(start, household):
    page = start()
    lost: set[str] = set()

    def lose_first(route):
        first = route.request.post_data_json["operations"][0]["op"]
        if first not in lost:
            lost.add(first)
            assert route.fetch().status == 200  # the server has it; the phone never hears
            route.abort()
        else:
            route.continue_()

    page.route("**/sync", lose_first)
    night = Night(page)
    everything(night, rounds=1)  # with a network: many small batches
    is_stored(page)
    assert len(lost) > 5
    assert server_holds(household) == Counter(night.made)


def test_two_phones_interleaved_hold_the_same(start, household, eventually):
    mira = start("mira")
    jonas = start("jonas", "carer@test.example")
    for page in (mira, jonas):
        page.context.set_offline(True)
    one, two = Night(mira), Night(jonas)
    everything(one, first=0)
    everything(two, first=1)
    one.check_in(3)
    go_online(mira)
    everything(two, first=2)
    go_online(jonas)
    two.cluster(7)
    is_stored(jonas)
    # A cluster that still runs on the other phone would be gone on with: see test_pad.
    mira.evaluate("location.hash = '/'")
    expect(mira.get_by_text("Spasms seen: 7 spasms")).to_be_visible()
    one.cluster(8)
    is_stored(mira)
    assert server_holds(household) == Counter([*one.made, *two.made])
    for page in (mira, jonas):
        page.evaluate("location.hash = '/recent'")
        for count in (7, 8):
            change = f"Change: Spasms seen: {count} spasms"
            expect(page.get_by_role("link", name=change)).to_have_count(1)
    eventually(lambda: lines(mira) == lines(jonas), True)


def lines(page: Page) -> list[str]:
    return sorted(page.locator(".list__row strong").all_inner_texts())


def test_a_clock_two_hours_fast_is_put_right(start, household):
    from quietdays.diary.models import SpasmCluster
    from quietdays.sync.models import Operation

    page = start()
    page.context.set_offline(True)
    set_clock_ahead(page, TWO_HOURS_MS)
    page.reload()
    night = Night(page)
    night.cluster(3)
    night.measurement("ketones-blood", "2.4")
    go_online(page)
    assert server_holds(household) == Counter(night.made)
    began = SpasmCluster.objects.get().happened_at
    assert abs((datetime.now(UTC) - began).total_seconds()) < 600
    offsets = set(Operation.objects.values_list("clock_offset_s", flat=True))
    assert all(abs(offset + 7200) < 600 for offset in offsets)
    expect(page.get_by_text("clock is 2 hours fast")).to_be_visible()


def test_a_phone_that_dies_offline_keeps_every_touch(
    start, phone, night_log, house, household, tmp_path
):
    page = start()
    page.context.set_offline(True)
    night = Night(page)
    night.measurement("weight", "7,25")
    page.evaluate("location.hash = '/pad'")
    for _ in range(5):
        page.locator("[data-tap]").click()
    kept_touches(page, 5)  # on the disk before the phone dies
    subprocess.run(["pkill", "-KILL", "-f", f"user-data-dir={tmp_path / 'mira'}"], check=True)
    page = phone("mira", offline=True).new_page()
    page.goto(f"{house}/log/#/pad")
    expect(page.locator("[data-count]")).to_have_text("5")
    page.locator("[data-tap]").click()
    page.get_by_role("button", name="End and save").click()
    page.context.set_offline(False)
    night_log(page)  # a browser that was shot may have forgotten its cookies, not its store
    is_stored(page)
    assert server_holds(household) == Counter([*night.made, ("cluster", "6")])


def test_a_new_entry_comes_to_the_other_phone_while_it_is_open(start, household):
    mira = start("mira")
    jonas = start("jonas", "carer@test.example")
    Night(mira).measurement("weight", "7.31")
    expect(jonas.get_by_text("Weight: 7.31 kg")).to_be_visible()
    expect(jonas.get_by_text("Pia", exact=True)).to_be_visible()


def test_two_edits_of_one_entry_keep_both_and_say_so(start, household):
    from quietdays.diary.models import Measurement

    mira = start("mira")
    jonas = start("jonas", "carer@test.example")
    Night(mira).measurement("weight", "7.31")
    change = "Change: Weight: 7.31 kg"
    expect(jonas.get_by_role("link", name=change)).to_be_visible()
    for page, value in ((mira, "7.4"), (jonas, "7.5")):
        page.context.set_offline(True)
        page.get_by_role("link", name=change).click()
        page.get_by_label("Value").fill(value)
        page.get_by_role("button", name="Save", exact=True).click()
    go_online(mira)
    go_online(jonas)
    expect(jonas.get_by_text("Pia had changed this too")).to_be_visible()
    expect(jonas.get_by_text("Weight: 7.4 kg")).to_be_visible()
    record = Measurement.objects.get()
    assert [str(v.value) for v in record.versions()] == ["7.500", "7.400", "7.310"]
    jonas.get_by_role("button", name="I have read it").click()
    expect(jonas.get_by_text("Pia had changed this too")).to_have_count(0)


def test_what_the_server_refuses_stays_until_somebody_decides(start, household):
    """A phone that knows a rule of last week lets through what the server no longer takes."""

    def widen(route):
        answer = route.fetch()
        today = answer.json()
        weight = next(kind for kind in today["kinds"] if kind["slug"] == "weight")
        for field in weight["fields"]:
            field.update(max=None, usual_max=None)
        route.fulfill(response=answer, json=today)

    page = start()
    page.route("**/today", widen)
    with page.expect_response("**/today"):
        page.reload()
    expect(page.locator("[data-stored=yes]")).to_be_visible()
    page.wait_for_timeout(500)  # what was answered is kept on the phone before the network goes
    page.context.set_offline(True)
    night = Night(page)
    night.measurement("weight", "731")
    night.measurement("length", "64.5")
    page.context.set_offline(False)
    expect(page.get_by_text("1 entry could not be taken by the server")).to_be_visible()
    assert server_holds(household) == Counter([("length", "64.5")])  # it blocks nothing
    page.reload()
    page.get_by_role("link", name="See why").click()
    expect(page.locator(".error")).to_contain_text("cannot be right")
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_role("button", name="Yes, throw it away")).to_be_visible()  # asked first
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Value").fill("7.31")
    page.get_by_role("button", name="Save and send again").click()
    is_stored(page)
    assert server_holds(household) == Counter([("length", "64.5"), ("weight", "7.31")])


def test_undo_takes_back_what_waits_and_what_was_sent(start, household, eventually):
    page = start()
    page.context.set_offline(True)
    night = Night(page)
    night.measurement("weight", "7.31")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-stored]")).not_to_contain_text("on this phone")
    go_online(page)
    night.measurement("weight", "7.42")
    is_stored(page)
    eventually(lambda: server_holds(household), Counter([("weight", "7.42")]))
    page.get_by_role("button", name="Undo").click()
    eventually(lambda: server_holds(household), Counter())
    is_stored(page)
    expect(page.get_by_text("Weight: 7.42 kg", exact=True)).to_have_count(0)


def test_edit_and_delete_in_the_last_seven_days(start, household, parent, eventually):
    yesterday = household.today() - timedelta(days=1)
    made.cluster(parent, household, f"{yesterday} 07:30", 5)
    page = start()
    page.context.set_offline(True)
    page.get_by_role("link", name="The last seven days").click()
    page.get_by_role("link", name="Change: Spasms seen: 5 spasms").click()
    page.get_by_role("textbox", name="Spasms").fill("9")
    page.get_by_role("button", name="Save", exact=True).click()
    go_online(page)
    eventually(lambda: server_holds(household), Counter([("cluster", "9")]))
    page.get_by_role("link", name="The last seven days").click()
    page.get_by_role("link", name="Change: Spasms seen: 9 spasms").click()
    page.get_by_role("button", name="Delete").click()
    eventually(lambda: server_holds(household), Counter())


def test_a_full_phone_says_so_and_keeps_what_was_typed(start, household, eventually):
    page = start()
    page.evaluate(
        """() => {
          const add = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = function (...all) {
            if (window.isFull) throw new DOMException("no room", "QuotaExceededError");
            return add.apply(this, all);
          };
          window.isFull = true;
        }"""
    )
    page.evaluate("location.hash = '/new/weight'")
    page.get_by_label("Value").fill("7,31")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("NOT saved")
    expect(page.get_by_label("Value")).to_have_value("7,31")
    page.evaluate("window.isFull = false")
    page.get_by_role("button", name="Save", exact=True).click()
    eventually(lambda: server_holds(household), Counter([("weight", "7.31")]))


def test_a_store_that_the_browser_has_cleared_is_said(start, house, household):
    page = start()
    page.goto(f"{house}/healthz")  # a page of the same place that holds no store open
    page.evaluate("indexedDB.deleteDatabase('quietdays')")
    page.goto(f"{house}/log/?child={household.pk}")
    expect(page.get_by_role("alert")).to_contain_text("has cleared what this phone kept")


def test_signed_out_and_without_access_logging_goes_on(start, household, parent, eventually):
    from quietdays.people.models import CareRole

    page = start("jonas", "carer@test.example")
    page.context.clear_cookies()
    night = Night(page)
    night.measurement("weight", "7.31")
    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.locator("[data-stored=no]")).to_contain_text("1 entry on this phone")
    page.get_by_role("link", name="Emergency").click()  # needs no sign-in
    expect(page.get_by_text("No emergency plan has been entered")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill("carer@test.example")
    page.get_by_label("Password").fill("three words here")
    page.get_by_role("button", name="Sign in").click()
    is_stored(page)
    eventually(lambda: server_holds(household), Counter(night.made))
    # The role becomes one that may only read: what is entered stays, and it is said.
    CareRole.objects.filter(person__email="carer@test.example").update(role="reader")
    night.measurement("weight", "7.52")
    expect(page.get_by_text("does not take entries from your account")).to_be_visible()
    expect(page.locator("[data-stored=no]")).to_contain_text("1 entry on this phone")
    assert server_holds(household) == Counter(night.made[:1])


def test_another_persons_entries_wait_for_that_person(start, night_log, household, eventually):
    page = start("shared", "parent@test.example")
    page.context.set_offline(True)
    night = Night(page)
    night.measurement("weight", "7.31")
    page.context.clear_cookies()
    page.context.set_offline(False)
    night_log(page, "carer@test.example")
    page.evaluate("location.hash = '/phone'")
    expect(page.get_by_text("sent when they sign in on this phone")).to_be_visible()
    assert server_holds(household) == Counter()
    page.context.clear_cookies()
    night_log(page, "parent@test.example")
    eventually(lambda: server_holds(household), Counter(night.made))


def test_signing_out_takes_the_childs_data_off_the_phone(start, household):
    page = start()
    Night(page).measurement("weight", "7.31")
    is_stored(page)
    page.get_by_role("link", name="This phone").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    page.goto(page.url.replace("/sign-in/", "/log/"))
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert "7.31" not in page.content()
    assert "Noor" not in page.content()


def test_other_pages_say_that_they_need_a_network(start, house, household):
    page = start()
    page.context.set_offline(True)
    page.goto(f"{house}/c/{household.pk}/diary/")
    expect(page.get_by_role("heading", name="This page needs a network")).to_be_visible()
    page.get_by_role("link", name="Open the night log").click()
    expect(page.get_by_role("link", name="Spasms", exact=True)).to_be_visible()


def test_nothing_seen_is_one_touch_and_undone_by_one(start, household, eventually):
    from quietdays.diary.models import Observation

    page = start()
    page.context.set_offline(True)
    Night(page).nothing_seen()
    assert page.locator(".part--watched").count() > 0
    go_online(page)
    parts = Observation.objects.of(household).count()
    assert parts > 0
    assert page.locator("section").first.locator(".part--watched").count() == parts
    page.get_by_role("button", name="Undo").click()
    eventually(lambda: Observation.objects.of(household).count(), 0)
    expect(page.locator(".part--watched")).to_have_count(0)


def test_a_flight_over_three_zones_keeps_the_right_zone_and_day(phone, night_log, house, household):
    """Offline from Berlin to New York; each entry stands in the zone that was lived in."""
    from quietdays.diary.models import Measurement

    page = night_log(phone("mira").new_page())
    page.context.set_offline(True)
    night = Night(page)
    night.measurement("length", "60")
    flight = {"61": "Europe/London", "62": "Atlantic/Azores", "63": "America/New_York"}
    for value, zone in flight.items():
        page.context.close()
        page = phone("mira", timezone_id=zone, offline=True).new_page()
        page.goto(f"{house}/log/")
        place = zone.split("/")[1].replace("_", " ")
        expect(page.get_by_text(f"This phone is on {place} time")).to_be_visible()
        page.get_by_role("button", name="Yes, since now").click()
        expect(page.get_by_text(f"This phone is on {place} time")).to_have_count(0)
        night.page = page
        night.measurement("length", value)
    go_online(page)
    zones = {f"{m.value:.0f}": m.time_zone for m in Measurement.objects.all()}
    assert zones == {"60": "Europe/Berlin"} | flight
    household.refresh_from_db()
    assert household.time_zone == "America/New_York"


def test_the_night_on_which_the_clocks_change_keeps_the_right_days(
    phone, night_log, house, household
):
    """25 October 2026 in Berlin: 02:30 comes twice, and the day has 25 hours."""
    from quietdays.diary.models import Measurement

    page = night_log(phone("mira").new_page())
    page.context.set_offline(True)
    night = Night(page)
    lived = {
        "60": ("2026-10-24T21:59:00Z", "2026-10-24 23:59"),
        "61": ("2026-10-24T22:30:00Z", "2026-10-25 00:30"),
        "62": ("2026-10-25T00:30:00Z", "2026-10-25 02:30"),
        "63": ("2026-10-25T01:30:00Z", "2026-10-25 02:30"),
        "64": ("2026-10-25T22:30:00Z", "2026-10-25 23:30"),
        "65": ("2026-10-25T23:30:00Z", "2026-10-26 00:30"),
    }
    for value, (instant, _) in lived.items():
        page.clock.set_fixed_time(instant)
        night.measurement("length", value)
    page.context.close()
    page = phone("mira").new_page()  # weeks later, with a network and the right time
    page.goto(f"{house}/log/")
    is_stored(page)
    rows = {f"{m.value:.0f}": m for m in Measurement.objects.all()}
    assert {v: f"{m.local_time:%Y-%m-%d %H:%M}" for v, m in rows.items()} == {
        value: local for value, (_, local) in lived.items()
    }
    assert rows["63"].happened_at - rows["62"].happened_at == timedelta(hours=1)


def test_every_action_is_at_most_two_touches_from_home(start, household, eventually):
    page = start()
    touches = {
        "cluster": ["link:Spasms", "data-tap"],
        "planned meal": ["link:Feed", "button:All of it eaten"],
        "dose": ["link:Medicine", "button:Given now"],
        "check-in": ["link:Check-in", "scale"],
    }
    for path in touches.values():
        page.evaluate("location.hash = '/'")
        for touch in path:
            role, _, name = touch.partition(":")
            if touch == "data-tap":
                page.locator("[data-tap]").click()
            elif touch == "scale":
                page.get_by_role("group", name="Alertness").get_by_role("radio", name="4").check()
            else:
                page.get_by_role(role, name=name, exact=role == "link").first.click()
    eventually(lambda: {kind for kind, _ in server_holds(household)}, set(touches))


def a_film(size: int) -> dict:
    return {"name": "IMG_1.mp4", "mimeType": "video/mp4", "buffer": films.film(size)}


def test_a_film_waits_for_its_word_and_goes_on_where_it_broke_off(start, household, eventually):
    from quietdays.diary.models import Clip

    page = start()
    page.context.set_offline(True)
    night = Night(page)
    night.cluster(3)
    page.get_by_role("link", name="Add details or a film").click()
    page.get_by_label("From the camera roll").set_input_files(a_film(1_500_000))
    expect(page.get_by_text("Film, 1.5 MB")).to_be_visible()
    page.reload()  # it is on the phone, not in the page
    expect(page.get_by_text("Film, 1.5 MB")).to_be_visible()
    pieces = []

    def break_off(route):
        pieces.append(route.request.url)
        if len(pieces) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/piece?*", break_off)
    page.context.set_offline(False)
    eventually(lambda: server_holds(household), Counter(night.made))  # the entry goes first
    assert not pieces  # this browser does not tell whether it is on Wi-Fi
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("Film, 1.5 MB")).to_have_count(0, timeout=30_000)
    assert [url.split("offset=")[1] for url in pieces[:3]] == ["0", "524288", "524288"]
    clip = Clip.objects.get()
    assert clip.completed_at is not None
    assert clip.size_bytes == len(films.film(1_500_000))


def test_what_is_no_film_is_said_and_kept_until_somebody_decides(start, household):
    page = start()
    Night(page).cluster(1)
    page.get_by_role("link", name="Add details or a film").click()
    page_of_text = {"name": "x.mp4", "mimeType": "video/mp4", "buffer": b"<html>" * 2000}
    page.get_by_label("From the camera roll").set_input_files(page_of_text)
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".list__row .error")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator(".list__row .error")).to_have_count(0)
    is_stored(page)


def test_a_part_described_after_nothing_seen_blocks_nothing(start, household, eventually):
    from quietdays.diary.models import Observation

    page = start()
    page.context.set_offline(True)
    night = Night(page)
    night.nothing_seen()
    part = page.locator(".part--watched").first.locator("span").inner_text()
    page.evaluate("location.hash = '/watching'")
    group = page.get_by_role("group", name=part.capitalize())
    group.get_by_role("radio", name="heard on a monitor").check()
    night.cluster(2)
    go_online(page)
    assert server_holds(household) == Counter(night.made)
    watched = dict(Observation.objects.of(household).values_list("part", "watch"))
    assert watched[part] == "monitor"


def test_an_open_form_takes_nothing_from_what_the_other_parent_says(start, household, eventually):
    from quietdays.diary.models import SpasmCluster

    mira = start("mira")
    jonas = start("jonas", "carer@test.example")
    Night(mira).cluster_by_form(5)
    change = "Change: Spasms seen: 5 spasms"
    mira.get_by_role("link", name=change).click()
    expect(jonas.get_by_role("link", name=change)).to_be_visible()
    jonas.get_by_role("link", name=change).click()
    jonas.get_by_role("textbox", name="Spasms").fill("12")
    jonas.get_by_label("Note").fill("after the bath")
    jonas.get_by_role("button", name="Save", exact=True).click()
    expect(mira.get_by_text("This was changed meanwhile")).to_be_visible()
    mira.get_by_role("radio", name="not sure").check()
    mira.get_by_role("button", name="Save", exact=True).click()

    def stands():
        c = SpasmCluster.objects.get()
        return (c.spasm_count, c.note, c.certainty)

    eventually(stands, (12, "after the bath", "not_sure"))


def test_a_double_tap_gives_one_dose(start, household, eventually):
    from quietdays.medicines.models import Dose

    page = start()
    page.evaluate("location.hash = '/medicine'")
    page.get_by_role("button", name="Given now").first.dblclick()
    expect(page.get_by_role("heading", name="Now", exact=True)).to_be_attached()
    is_stored(page)
    assert Dose.objects.of(household).count() == 1


def test_a_fast_clock_tears_no_cluster_to_pieces(start, household, eventually):
    """The server puts the start right at once; the count goes on with the same cluster."""
    from quietdays.diary.models import SpasmCluster

    page = start()
    set_clock_ahead(page, TWO_HOURS_MS)
    page.reload()
    page.evaluate("location.hash = '/pad'")
    for n in range(1, 7):
        page.locator("[data-tap]").click()
        expect(page.locator("[data-count]")).to_have_text(str(n))
        page.wait_for_timeout(1_000)  # the server answers between the touches
    page.get_by_role("button", name="End and save").click()
    eventually(lambda: server_holds(household), Counter([("cluster", "6")]))
    assert SpasmCluster.objects.get().duration_s < 90


def test_nothing_of_one_child_is_entered_under_anothers_name(start, house, household, parent):
    from quietdays.people.actions import create_family

    page = start()
    ada = create_family(
        by=parent,
        child_name="Ada",
        birth_date=made.BORN,
        sex="female",
        time_zone="Europe/Berlin",
    )
    page.evaluate("location.hash = '/children'")
    button = page.get_by_role("button", name="Ada")
    button.wait_for()
    page.context.set_offline(True)  # the network goes as she is touched
    button.click()
    expect(page.get_by_role("link", name="Noor")).to_have_count(0)
    expect(page.get_by_role("link", name="Spasms", exact=True)).to_have_count(0)
    page.context.set_offline(False)
    page.evaluate("location.hash = '/'")
    page.reload()
    expect(page.get_by_role("link", name="Ada")).to_be_visible()
    Night(page).measurement("temperature", "38.5")
    is_stored(page)
    assert server_holds(ada) == Counter([("temperature", "38.5")])
    assert server_holds(household) == Counter()


def test_food_in_own_words_can_be_changed(start, household, eventually):
    page = start()
    night = Night(page)
    night.off_plan("a spoon of oil")
    page.get_by_role("link", name="Change: Eaten").click()
    page.get_by_label("Anything else eaten").fill("two spoons of oil")
    page.get_by_role("button", name="Save", exact=True).click()
    eventually(lambda: server_holds(household), Counter([("meal", "two spoons of oil")]))
