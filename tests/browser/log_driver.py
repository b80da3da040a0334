"""What a person does in the night log, as steps of a browser; and what the server then holds."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from playwright.sync_api import Page, expect

from quietdays.records.words import decimal_text


class Night:
    """One phone in one hand: every method is one entry made by touching the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.made: list[tuple[str, str]] = []  # kind, what tells it apart

    def _open(self, screen: str) -> Page:
        self.page.evaluate(f"location.hash = '/{screen}'")
        return self.page

    def _save(self, kind: str, mark: str) -> None:
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_role("heading", name="Now", exact=True)).to_be_attached()
        self.made.append((kind, mark))

    def cluster(self, touches: int) -> None:
        page = self._open("pad")
        for _ in range(touches):
            page.locator("[data-tap]").click()
        page.get_by_role("button", name="End and save").click()
        expect(page.locator("[data-status]")).to_contain_text(f"Saved: {touches} spasm")
        self.made.append(("cluster", str(touches)))

    def cluster_by_form(self, spasms: int) -> None:
        page = self._open("new/cluster")
        page.get_by_role("textbox", name="Spasms").fill(str(spasms))
        self._save("cluster", str(spasms))

    def measurement(self, slug: str, value: str) -> None:
        page = self._open(f"new/{slug}")
        page.get_by_label("Value").fill(value)
        self._save(slug.replace("-", "_"), decimal_text(Decimal(value.replace(",", "."))))

    def urine(self, label: str) -> None:
        page = self._open("new/ketones-urine")
        page.get_by_role("radio", name=label, exact=True).check()
        self._save("ketones_urine", label)

    def other_seizure(self, note: str) -> None:
        page = self._open("new/other-seizure")
        page.get_by_role("radio", name="jerking").check()
        page.get_by_label("Note").fill(note)
        self._save("other seizure", note)

    def illness(self, what: str) -> None:
        page = self._open("new/illness")
        page.get_by_label("What it was").fill(what)
        self._save("illness", what)

    def off_plan(self, words: str) -> None:
        page = self._open("new/meal")
        page.get_by_label("What was eaten").fill(words)
        self._save("meal", words)

    def breastfeed(self, minutes: int) -> None:
        page = self._open("new/breastfeed")
        page.get_by_label("Minutes").fill(str(minutes))
        self._save("breastfeed", str(minutes))

    def planned_feed(self, name: str) -> None:
        page = self._open("feed")
        card = page.locator("section.card").filter(has_text=name)
        card.get_by_role("button", name="All of it eaten").click()
        expect(page.get_by_role("heading", name="Now", exact=True)).to_be_attached()
        self.made.append(("planned meal", name))

    def dose_given(self, medicine: str) -> None:
        page = self._open("medicine")
        page.get_by_role("button", name="Given now").first.click()
        expect(page.get_by_role("heading", name="Now", exact=True)).to_be_attached()
        self.made.append(("dose", medicine))

    def dose_skipped(self, medicine: str, why: str) -> None:
        page = self._open("medicine")
        page.get_by_role("link", name=medicine).click()
        page.get_by_role("radio", name="not given").check()
        page.get_by_label("Why not").fill(why)
        self._save("dose", why)

    def check_in(self, alertness: int) -> None:
        page = self._open("check-in")
        group = page.get_by_role("group", name="Alertness")
        group.get_by_role("radio", name=str(alertness)).check()
        # A browser ticks the box by itself; that it is on the disk is said by this line.
        expect(page.get_by_text("began this one")).to_be_visible()
        self.made.append(("check-in", str(alertness)))

    def nothing_seen(self) -> None:
        page = self._open("")
        page.get_by_role("button", name="Nothing seen, we were watching").click()
        expect(page.get_by_role("status").first).to_contain_text("Nothing seen")


def server_holds(child) -> Counter[tuple[str, str]]:
    """The same marks, from the server's tables: nothing lost, nothing doubled."""
    from quietdays.diary.models import (
        CheckIn,
        Illness,
        Measurement,
        OtherSeizure,
        SpasmCluster,
    )
    from quietdays.diet.models import MealEaten
    from quietdays.medicines.models import Dose

    found: list[tuple[str, str]] = []
    found += [("cluster", str(c.spasm_count)) for c in SpasmCluster.objects.of(child)]
    for m in Measurement.objects.of(child):
        mark = m.value_in_words if m.kind == "ketones_urine" else decimal_text(m.value)
        found.append((m.kind, mark))
    found += [("other seizure", s.note) for s in OtherSeizure.objects.of(child)]
    found += [("illness", i.what) for i in Illness.objects.of(child)]
    for meal in MealEaten.objects.of(child):
        if meal.breast_minutes is not None:
            found.append(("breastfeed", str(meal.breast_minutes)))
        elif meal.planned_id is not None:
            found.append(("planned meal", meal.name))
        else:
            found.append(("meal", meal.off_plan))
    for dose in Dose.objects.of(child).select_related("medicine"):
        found.append(("dose", dose.reason or dose.medicine.name))
    found += [("check-in", str(c.alertness)) for c in CheckIn.objects.of(child)]
    return Counter(found)


def everything(night: Night, first: int = 0, rounds: int = 1) -> None:
    """Entries of every kind; 16 in a round that has values of its own."""
    for n in range(first, first + rounds):
        night.cluster(1 + n)
        night.cluster_by_form(100 + n)
        night.measurement("ketones-blood", f"2,{10 + n}")
        night.measurement("glucose", f"4.{10 + n}")
        night.measurement("weight", f"7.{100 + n}")
        night.measurement("length", f"6{n}.5")
        night.measurement("head", f"4{n}.5")
        night.measurement("temperature", f"37.{n}")
        night.urine(("trace", "+", "++", "+++")[n % 4])
        night.other_seizure(f"seizure {n}")
        night.illness(f"cold {n}")
        night.off_plan(f"a spoon of oil {n}")
        night.breastfeed(11 + n)
        night.dose_skipped("Vigabatrin", f"asleep {n}")
        night.measurement("ketones-blood", f"3.{50 + n}")
        night.cluster_by_form(200 + n)


SKEWED_CLOCK = """() => {
  const Real = Date;
  window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + AHEAD_MS); }
    static now() { return Real.now() + AHEAD_MS; }
  };
}"""


def set_clock_ahead(page: Page, ahead_ms: int) -> None:
    """From the next load on the page reads a wrong clock, which runs like any other.

    Playwright's own clock would hold the page's timers too, and a click would wait for them.
    """
    page.add_init_script(f"({SKEWED_CLOCK.replace('AHEAD_MS', str(ahead_ms))})()")


OUTBOX = """() => new Promise((done) => {
  const opening = indexedDB.open("quietdays");
  opening.onsuccess = () => {
    const db = opening.result;
    const asking = db.transaction("outbox").objectStore("outbox").getAll();
    asking.onsuccess = () => { db.close(); done(asking.result); };
  };
})"""


def kept_touches(page: Page, touches: int) -> None:
    """Wait until the outbox on the phone's disk holds a cluster of so many touches."""
    for _ in range(400):
        waiting = page.evaluate(OUTBOX)
        counts = [sum(o.get("values", {}).get("touches", {}).values()) for o in waiting]
        if touches in counts:
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"{touches} touches are not on the disk: {counts}")
