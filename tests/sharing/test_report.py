"""The report for the team: as of its last day, whole on its first page, whatever was typed."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from quietdays.diary.models import CheckIn, DayTotal, Kind, Measurement, Question, Visit
from quietdays.emergency.actions import sign_card
from quietdays.people.actions import update_child
from quietdays.people.entries import amend, take_back
from quietdays.science.days import DiaryDay, MedicineInForce
from quietdays.sharing.audiences import PARTS, Audience
from quietdays.sharing.glyphs import MISSING, drawable
from quietdays.sharing.imports.diary_csv import import_diary
from quietdays.sharing.report import (
    _picture,
    default_period,
    report_data,
    report_pdf,
)
from quietdays.sharing.typesetting import FONTS
from tests import house

pytestmark = pytest.mark.django_db
STARTED = date(2026, 3, 9)  # 93 days before today: three complete periods
HOSTILE = [
    "👶 Noor",
    "小明",
    "ปลาทู",
    "a\x01b\x00c",
    "Noor\u2028x",
    "a\ufffe",
    "e\u0338\u0323",
    "\ud800",
]


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False):
        yield


def pages(pdf: bytes) -> list[str]:
    return [" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(pdf)).pages]


def day_lines(parent, child, first: date, days: int, clusters: int = 2) -> None:
    rows = "".join(
        f"{first + timedelta(days=i)},{clusters + i % 2},{3 * (clusters + i % 2)},yes\n"
        for i in range(days)
    )
    import_diary(by=parent, child=child, data=f"date,clusters,spasms,observed\n{rows}".encode())


def weigh(parent, child, when: str, kilograms: str) -> None:
    house.enter(
        Measurement,
        parent,
        child,
        happened_at=house.at(when),
        kind=Kind.WEIGHT,
        value=Decimal(kilograms),
        unit="kg",
    )


@pytest.fixture
def on_diet(parent, child, join):
    """A child on the diet since STARTED, with a weight, a prescription and a dose that changed."""
    update_child(by=parent, child=child, diet_started_on=STARTED, phone="")
    dietitian = join("dietitian")
    house.prescribe(dietitian, child, effective_from=STARTED, ratio=Decimal(2))
    house.prescribe(dietitian, child, effective_from=date(2026, 5, 20), ratio=Decimal(3))
    medicine = house.medicine(parent, child)
    house.step(parent, child, medicine, date(2026, 2, 1), dose="5")
    house.step(parent, child, medicine, date(2026, 5, 25), change="up", dose="9")
    weigh(parent, child, "2026-04-20 08:00", "7.00")
    weigh(parent, child, "2026-06-01 08:00", "8.50")
    day_lines(parent, child, STARTED - timedelta(days=28), 28, clusters=4)
    day_lines(parent, child, STARTED, 93)
    child.refresh_from_db()
    return child


def said(child, first: date, last: date) -> dict:
    return report_data(child, first, last, now=house.NOW)


def row(data: dict, label: str) -> list[str]:
    return next(cells[1:] for cells in data["counts"] if cells[0] == label)


# --- as of the last day


def test_a_past_period_is_told_as_of_its_last_day(on_diet):
    """The critic's report of April held the weight, dose and verdict of June."""
    data = said(on_diet, date(2026, 3, 1), date(2026, 5, 10))
    facts = dict(data["facts"])
    assert facts["As of"] == "10 May 2026, the last day of this period"
    assert facts["Weight"] == "7.00 kg on 20 Apr, 20 days old"
    assert facts["Diet"] == "day 63, since 9 March 2026"
    assert facts["Prescription"].startswith("2:1, 620 kcal (89 kcal/kg)")
    assert facts["Medicines"] == "Vigabatrin 5 mL at 08:00, 20:00"
    assert [r[0] for r in data["effect"]["rows"]] == ["9 Mar to 5 Apr", "6 Apr to 3 May"]
    assert data["effect"]["lines"][0] == (
        "6 Apr to 3 May: 70 clusters in 28 watched days, against 126 in 28 before the diet."
    )
    assert not any("run now" in line for line in data["effect"]["lines"])
    assert "8 months on 10 May 2026" in data["child"]


def test_a_period_up_to_today_is_told_as_it_stands(on_diet):
    data = said(on_diet, date(2026, 3, 1), house.TODAY)
    facts = dict(data["facts"])
    assert "As of" not in facts
    assert facts["Weight"] == "8.50 kg on 1 Jun"
    assert facts["Prescription"].startswith("3:1")
    assert facts["Medicines"] == "Vigabatrin 9 mL at 08:00, 20:00"
    assert len(data["effect"]["rows"]) == 3
    assert any("run now" in line for line in data["effect"]["lines"])


def test_before_four_weeks_are_complete_the_report_says_so(on_diet):
    data = said(on_diet, date(2026, 3, 1), date(2026, 4, 4))
    assert data["effect"]["verdict"] == "No four weeks on the diet were complete by 4 April 2026."
    assert data["effect"]["rows"] == []
    assert data["effect_chart"] is None


def test_before_the_diet_the_report_knows_of_no_diet(on_diet):
    data = said(on_diet, date(2026, 2, 1), date(2026, 3, 1))
    assert data["effect"]["verdict"] == "The diet had not begun by 1 March 2026."
    assert dict(data["facts"])["Diet"].startswith("not begun")
    assert "4 weeks before the diet" not in data["counts"][0]


# --- nothing recorded is no zero


def test_a_period_without_a_watched_day_prints_no_zero(child, parent):
    day_lines(parent, child, date(2026, 4, 1), 5)
    data = said(child, date(2026, 4, 1), date(2026, 5, 31))
    for label in (
        "Clusters seen",
        "Clusters seen, per watched day",
        "Spasms seen",
        "Spasms seen, per watched day",
        "Watched days, none seen",
        "Longest cluster",
        "Last seen on",
        "Other seizures",
    ):
        assert row(data, label)[-1] == "–", label
    assert row(data, "Watched days") == ["5 of 61", "0 of 28", "0 of 7"]
    blank = said(child, date(2026, 5, 1), date(2026, 5, 31))
    assert ["Other seizures", "not recorded"] in blank["beside"]
    assert row(data, "Other seizures")[0] == "none recorded"


def test_spasms_nobody_counted_are_not_at_least_0(child, parent):
    house.cluster(parent, child, "2026-06-08 07:00", None)
    data = said(child, date(2026, 6, 8), date(2026, 6, 9))
    assert row(data, "Clusters seen")[0] == "1"
    assert row(data, "Spasms seen")[0] == "not counted"
    assert row(data, "Spasms seen, per watched day")[0] == "–"


def test_todays_clusters_stand_without_a_watched_day_too(child, parent):
    house.cluster(parent, child, "2026-06-10 07:00", 4)
    data = said(child, house.TODAY, house.TODAY)
    assert row(data, "Clusters seen")[0] == "1 today"
    assert row(data, "Spasms seen")[0] == "4 today"


# --- words


def test_hours_are_divided_by_the_days_that_give_them(child, parent):
    for day in (date(2026, 6, 8), date(2026, 6, 9)):
        house.watch(parent, child, day, **house.WHOLE_DAY)
    house.cluster(parent, child, "2026-06-07 07:00")  # watched, without hours
    data = said(child, date(2026, 6, 6), date(2026, 6, 9))
    assert data["coverage"] == (
        "4 days over, 3 watched days (75 %), 24 hours watched or heard a day, on 2 days that say so"
    )


def test_the_method_counts_what_was_not_sure_and_keeps_its_semicolon(child, parent):
    house.cluster(parent, child, "2026-06-08 07:00", certainty="not_sure")
    house.cluster(parent, child, "2026-06-08 09:00")
    text = pages(report_pdf(child, date(2026, 6, 8), date(2026, 6, 9)))[0]
    assert "Clusters marked “not sure” are counted; 1 was in this period." in text
    assert "medicine changes; limits are those of 95 in 100" in text


def test_a_median_says_of_how_many_clusters(child, parent):
    house.cluster(parent, child, "2026-06-08 07:00", 20, count_kind="estimated")
    house.cluster(parent, child, "2026-06-08 09:00", None)
    data = said(child, date(2026, 6, 8), date(2026, 6, 9))
    assert row(data, "Spasms in a cluster, median (of clusters with a number)")[0] == "20 (of 1)"


# --- the page


def test_the_first_page_is_one_page_with_the_whole_picture(on_diet):
    found = pages(report_pdf(on_diet, *default_period(on_diet)))
    assert "Method." in found[0]
    assert "medicine changed" in found[0]  # the last key of the timeline
    assert found[1].startswith("Four-week periods")
    assert not any(p.endswith("not") for p in found)


def test_a_child_without_entries_has_a_report_too(child):
    found = pages(report_pdf(child, *default_period(child)))
    assert "Method." in found[0]
    assert "not recorded" in found[0]
    assert found[1].startswith("Four-week periods")


@pytest.mark.parametrize("medicines", [0, 1, 12, 40])
def test_the_timeline_is_never_cropped(on_diet, parent, medicines):
    """Every word stands inside the margins, and the picture's first and last on one page."""
    for i in range(medicines):
        house.step(
            parent, on_diet, house.medicine(parent, on_diet, f"Medicine {i}"), date(2026, 5, 1)
        )
    reader = PdfReader(io.BytesIO(report_pdf(on_diet, date(2026, 4, 20), house.TODAY)))
    with_lanes, with_keys = set(), set()
    for number, page in enumerate(reader.pages):
        text = " ".join(page.extract_text().split())
        with_lanes |= {number} if "Diet ratio" in text else set()
        with_keys |= {number} if "prescription changed" in text else set()
        assert_inside(page)
    assert with_lanes == with_keys
    assert len(with_lanes) == 1
    assert medicines > 1 or with_lanes == {0}


def test_a_picture_with_few_lanes_is_not_cropped(child, parent):
    house.cluster(parent, child, "2026-06-08 07:00")
    reader = PdfReader(io.BytesIO(report_pdf(child, date(2026, 6, 1), house.TODAY)))
    assert "Spasms seen per day" in " ".join(reader.pages[0].extract_text().split())
    for page in reader.pages:
        assert_inside(page)


def assert_inside(page) -> None:
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    outside = []

    def visit(text, cm, tm, _font, _size) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if text.strip() and not (30 <= x <= width - 30 and 20 <= y <= height - 30):
            outside.append((text, x, y))

    page.extract_text(visitor_text=visit)
    assert outside == []


def test_a_picture_tells_its_shape():
    from quietdays.insights.charts import timeline

    few = _picture(timeline([DiaryDay(house.TODAY, clusters=1)], width=880))
    lanes = tuple(MedicineInForce(f"M{i}", 1.0, "mL") for i in range(9))
    many = _picture(timeline([DiaryDay(house.TODAY, clusters=1, medicines=lanes)], width=880))
    assert 0 < few["aspect"] < many["aspect"]


# --- whatever was typed


def test_hostile_text_anywhere_still_makes_a_report(parent, child):
    name = "👶 Noor 小明\x01 ปลาทู"
    update_child(by=parent, child=child, phone="", diet_started_on=None)
    type(child).objects.filter(pk=child.pk).update(name=name)
    type(parent).objects.filter(pk=parent.pk).update(name="李\u2028👩‍👧")
    child.refresh_from_db()
    house.step(parent, child, house.medicine(parent, child, "维生素 💊"), date(2026, 6, 1))
    house.cluster(parent, child, "2026-06-08 07:00", 3, note="😀 ช่วย")
    text = pages(report_pdf(child, date(2026, 6, 1), house.TODAY))[0]
    assert f"{MISSING} Noor {MISSING}{MISSING} {MISSING}" in text


def test_other_alphabets_are_kept():
    names = ["Zoë Ğüneş", "Соломія", "Νίκη", "שלום", "Nguyễn"]
    assert drawable(names, FONTS) == names


def test_a_mark_that_composes_leaves_the_drawing_well_formed():
    svg = "<svg><text>\u0338a &lt; b 中</text></svg>"
    assert drawable({"svg": svg}, FONTS)["svg"].endswith("a &lt; b □</text></svg>")


@pytest.fixture
def template(on_diet):
    return said(on_diet, date(2026, 6, 4), house.TODAY)


TEXTS = st.text(max_size=30) | st.text(st.characters(max_codepoint=0x2FFF), max_size=30)


@settings(max_examples=60)
@given(text=TEXTS)
@example(text="".join(HOSTILE))
@example(text="क्ष \u0323 a\u0338\u20e3 1\ufe0f\u20e3 ﷽ \u202e<b> #let \\ ]")
def test_no_text_stops_the_report(template, text):
    from quietdays.insights.charts import timeline
    from quietdays.sharing import report

    lane = (MedicineInForce(text, 1.0, text[:5]),)
    data = template | {
        "title": f"{text}: spasms seen and diet",
        "notes": [["1 Jun", text]],
        "facts": [["Medicines", text]],
        "medicines": [[text, "1 Jun", "started", text, text]],
        "timeline": _picture(timeline([DiaryDay(house.TODAY, clusters=1, medicines=lane)])),
    }
    stored = text.encode("utf-8", "replace").decode()  # half a character cannot be stored
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "report_data", lambda *_, **__: data)
        patch.setattr(report, "diary_document", lambda *_, **__: {"note": stored})
        assert report_pdf(None, house.TODAY, house.TODAY, now=house.NOW).startswith(b"%PDF")  # type: ignore[arg-type]


# --- whom it is for, and from which visit on


def visit(by, child, when: str, whom="Dr Okafor"):
    return house.enter(Visit, by, child, happened_at=house.at(when), whom=whom)


def test_a_report_begins_at_the_last_visit_before_today(parent, child):
    twelve_weeks = house.TODAY - timedelta(days=83)
    assert default_period(child) == (twelve_weeks, house.TODAY)
    visit(parent, child, "2026-04-02 10:00")
    last = visit(parent, child, "2026-05-20 23:30")
    visit(parent, child, "2026-06-10 09:00")  # today's is the one that the report is for
    visit(parent, child, "2026-07-10 09:00")
    assert default_period(child) == (date(2026, 5, 20), house.TODAY)
    take_back(last, by=parent)
    assert default_period(child) == (date(2026, 4, 2), house.TODAY)


SECRETS = {
    "note": "We quarrelled all night",
    "question": "May we stop?",
    "stress": "Stress",
}
# What each audience reads of these, of the numbers of the effect, and of single days.
READS = {
    "neurologist": {"note", "question", "stress", "effect", "days", "data"},
    "dietitian": {"question", "effect", "days"},
    "practitioner": {"effect", "emergency"},
    "nursery": {"emergency"},
    "emergency": {"emergency"},
}


@pytest.fixture
def told(on_diet, parent, child):
    line = DayTotal.objects.of(child).order_by("date").last()
    amend(line, by=parent, note=SECRETS["note"])
    house.enter(Question, parent, child, date=house.TODAY, text=SECRETS["question"])
    house.enter(CheckIn, parent, child, date=house.TODAY - timedelta(days=1), stress=5)
    neurologist = house.joined(child, "neurologist")
    words = {"diagnosis": "IESS", "rescue": "Ring the ward.", "expires_on": date(2026, 12, 1)}
    sign_card(by=neurologist, child=child, entry_id=house.new_id(), **words)
    return child


@pytest.mark.parametrize("audience", READS)
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_an_audience_gets_what_it_needs_and_nothing_else_is_in_the_file(told, audience, paper):
    first, last = default_period(told)
    pdf = report_pdf(told, first, last, now=house.NOW, audience=audience, paper=paper)
    reader = PdfReader(io.BytesIO(pdf))
    text = " ".join(pages(pdf))
    found = {name for name, words in SECRETS.items() if words in text}
    found |= {"effect"} if "The 4-week effect" in text else set()
    found |= {"days"} if "Day by day" in text else set()
    found |= {"emergency"} if "Ring the ward." in text else set()
    found |= {"data"} if reader.attachments else set()
    assert found == READS[audience]
    width = {"a4": 595, "us-letter": 612}[paper]
    assert round(float(reader.pages[0].mediabox.width)) == width
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert ("None was in force" in text) is False
    if audience in ("nursery", "emergency", "practitioner"):
        assert len(reader.pages) == 1


def test_helpers_read_the_dose_that_holds_and_no_earlier_one(told, parent):
    raised = house.medicine(parent, told, "Sultiame")
    house.step(parent, told, raised, date(2026, 5, 1), dose="3")
    house.step(parent, told, raised, date(2026, 6, 1), change="up", dose="7")
    data = report_data(told, *default_period(told), now=house.NOW, audience="nursery")
    rows = [row for row in data["medicines_now"] if row[0] == "Sultiame"]
    assert [row[1] for row in rows] == ["7 mL at 08:00, 20:00"]
    assert data["medicines"] == data["days"] == data["notes"] == []
    assert data["timeline"] is None


def test_every_part_of_a_report_can_be_hidden_and_no_other(told):
    data = report_data(told, *default_period(told), now=house.NOW)
    assert set(data) - PARTS == {
        "title", "period", "made", "child", "facts", "coverage", "parts", "stress", "audience",
    }  # fmt: skip
    assert set(data) >= PARTS
    assert set(READS) == set(Audience.values)
