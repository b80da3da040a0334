"""Summaries and verdicts as they were issued, and what has changed since.

A summary is made once, on the morning that the family chose; what is worked out anew later is
laid beside it. Nothing that a team may have read is rewritten.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from quietdays.insights import sentences
from quietdays.insights.accounts import clusters_on
from quietdays.insights.change import JudgedPeriod, weeks_label
from quietdays.insights.charts import week_chart
from quietdays.insights.models import Issued
from quietdays.insights.weekly import WeekSummary, week_summary
from quietdays.people.models import Child, Role
from quietdays.science.days import CheckIn, DiaryDay
from quietdays.science.effect import PeriodEffect
from quietdays.words import dated, first_down, from_to, short_date

# Changes with the words of a summary, so that new words are not taken for a changed entry.
WEEK_VERSION = "week-1"
# By then a day that ended at midnight has reached the server, or its phone is offline.
ISSUED_FROM_HOUR = 6

# What was issued before there were languages names none.
ENGLISH = "en"

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One line then and now; empty where there was none."""

    where: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Since:
    """What has become of something that was issued."""

    when: str
    inputs_changed: bool
    differences: tuple[Difference, ...]
    language: str
    is_older_method: bool


def since(issued: Issued, content: Content, version: str, inputs_sha256: str) -> Since:
    """Lay what would be said now beside what was said then."""
    return Since(
        when=_when(issued),
        inputs_changed=issued.inputs_sha256 != inputs_sha256,
        differences=tuple(_differences(issued.content, content)),
        language=language_of(issued),
        is_older_method=issued.version != version,
    )


def _when(issued: Issued) -> str:
    return dated(issued.child.timeline().local(issued.issued_at), "j M Y, H:i")


# --- a week


def week_due(child: Child, now: datetime) -> date:
    """The first day of the newest week that may be summed up at an instant."""
    local = child.timeline().local(now)
    today = local.date()
    made_on = today - timedelta(days=(today.weekday() - child.summary_weekday) % 7)
    if made_on == today and local.hour < ISSUED_FROM_HOUR:
        made_on -= timedelta(days=7)
    return made_on - timedelta(days=7)


def language_for(child: Child) -> str:
    """In which a child's summaries are issued: of its first parent who chose one, else English."""
    parents = child.care_roles.live().filter(role=Role.PARENT).exclude(person__language="")
    first = parents.order_by("since").values_list("person__language", flat=True).first()
    return first or ENGLISH


def language_of(issued: Issued) -> str:
    return str(issued.content.get("language", ENGLISH))


def week_in(language: str, child: Child, first: date, now: datetime | None = None) -> WeekSummary:
    with translation.override(language):
        return week_summary(child, first, now=now)


def week_content(language: str, summary: WeekSummary) -> Content:
    """All that a summary in a language says, as text: what is kept when it is issued."""
    with translation.override(language):
        return {"language": language, **_week_content(summary)}


def _week_content(summary: WeekSummary) -> Content:
    chart = week_chart(summary.days)
    sections = [
        ("seen", gettext("Spasms seen"), [s.text for s in summary.seen]),
        ("meals", gettext("Meals"), [s.text for s in summary.meals]),
        ("factors", gettext("Beside it"), [f"{f.label}: {f.text}" for f in summary.factors]),
        ("changes", gettext("What changed"), summary.changes),
        ("blanks", gettext("Not recorded"), summary.not_recorded),
        ("questions", gettext("Questions for the visit"), summary.questions),
    ]
    return {
        "sections": [
            {"key": key, "title": title, "lines": list(lines)} for key, title, lines in sections
        ],
        "head": list(chart.table_head),
        "days": [list(row) for row in chart.table_rows],
    }


def week_inputs(summary: WeekSummary) -> str:
    """A digest of everything that the summary, read in English, rests on."""
    days = [*summary.previous_days, *summary.days, *summary.baseline_days]
    return _digest([_told(day) for day in days] + [*summary.questions, *summary.settings])


def week_since(issued: Issued, now: datetime | None = None) -> Since:
    """What has become of a week, read in the language in which it was issued."""
    language = language_of(issued)
    in_english = week_in(ENGLISH, issued.child, issued.first_day, now)
    summary = in_english
    if language != ENGLISH:
        summary = week_in(language, issued.child, issued.first_day, now)
    content = week_content(language, summary)
    return since(issued, content, WEEK_VERSION, week_inputs(in_english))


def _digest(told: Sequence[Any]) -> str:
    text = json.dumps(told, default=str, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _told(value: Any) -> Any:
    """A day as plain values. What was not recorded is left out, so that a field that a later
    version adds does not make old days look changed."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _told(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if getattr(value, f.name) != _default(f)
        }
    return [_told(v) for v in value] if isinstance(value, tuple) else value


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def is_recorded(day: DiaryDay) -> bool:
    """Whether anybody entered anything of a day, whatever it was."""
    return bool(
        day.clusters is not None
        or day.watch
        or day.meals.logged
        or day.check_in != CheckIn()
        or day.illness is not None
        or day.other_seizures
        or day.ketones_mmol_l
        or day.urine_ketones_grade
        or day.glucose_mmol_l
        or day.weight_kg is not None
        or day.doses_given
        or day.doses_skipped
        or day.notes
    )


# --- four weeks


def period_content(language: str, judged: JudgedPeriod) -> Content:
    """The verdict with its numbers, counts and co-interventions, as text."""
    with translation.override(language):
        return {"language": language, **_period_content(judged)}


def _period_content(judged: JudgedPeriod) -> Content:
    period, outcome = judged.effect, judged.outcome
    lines = [sentences.verdict(period), sentences.interval(period), sentences.seen(outcome)]
    lines.append(sentences.probabilities(period))
    lines.append(_before(period))
    lines += [sentences.medicine_change(c.date, c) for c in period.co_interventions]
    title = weeks_label(period.period)
    return {"sections": [{"title": title, "lines": [line for line in lines if line]}]}


@dataclass(frozen=True, slots=True)
class Left:
    """A verdict that was issued for four weeks which another first diet day no longer makes."""

    span: str
    when: str
    lines: tuple[str, ...]
    language: str


def issued_periods(child: Child) -> dict[date, Issued]:
    """The verdicts that were issued, by the first day of their four weeks."""
    return {i.first_day: i for i in child.issued.filter(what=Issued.What.PERIOD)}


def period_since(issued: Issued | None, judged: JudgedPeriod, version: str) -> Since | None:
    """What has become of a verdict; None while it was not issued."""
    if issued is None:
        return None
    return since(
        issued, period_content(language_of(issued), judged), version, judged.effect.inputs_sha256
    )


def of_another_start(issued: Mapping[date, Issued], current: Collection[date]) -> list[Left]:
    """What was issued before the diet's first day was changed; it is not hidden by that."""
    return [
        Left(
            from_to(short_date(i.first_day), short_date(i.last_day)),
            _when(i),
            tuple(line for s in i.content["sections"] for line in s["lines"]),
            language_of(i),
        )
        for first, i in sorted(issued.items())
        if first not in current
    ]


def _before(period: PeriodEffect) -> str:
    counts = clusters_on(period.before.clusters, period.before.logged_days)
    return gettext("The 28 days before the diet: %(counts)s.") % {"counts": counts}


# --- then and now


def _differences(then: Content, now: Content) -> Iterable[Difference]:
    old = {s["title"]: s["lines"] for s in then["sections"]}
    new = {s["title"]: s["lines"] for s in now["sections"]}
    for title in [*new, *(t for t in old if t not in new)]:
        yield from _of_lines(title, old.get(title, []), new.get(title, []))
    yield from _of_days(then, now)


def _of_lines(where: str, old: list[str], new: list[str]) -> Iterable[Difference]:
    """Lines that were replaced, pair by pair; a line without a partner stands alone."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = old[a:b], new[c:d]
        for i in range(max(len(gone), len(come))):
            yield Difference(
                where, gone[i] if i < len(gone) else "", come[i] if i < len(come) else ""
            )


def _of_days(then: Content, now: Content) -> Iterable[Difference]:
    old = {row[0]: row[1:] for row in then.get("days", [])}
    new = {row[0]: row[1:] for row in now.get("days", [])}
    head = now.get("head", [])[1:]
    for day in new:
        for name, was, is_now in zip(head, old.get(day, []), new[day], strict=False):
            if was != is_now:
                yield Difference(f"{day}, {first_down(name)}", was, is_now)
