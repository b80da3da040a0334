"""Where a number comes from: its formula, what went in, which days, and what is missing.

Every figure of the week and of the effect opens one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from quietdays.science.days import WATCHED_DAY_MIN_HOURS, DiaryDay
from quietdays.science.effect import Counts, PeriodEffect
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.outcomes import Change, DietOutcome, PeriodOutcome
from quietdays.words import (
    Text,
    counted,
    decimal,
    first_up,
    from_to,
    localized,
    out_of,
    short_date,
    whole,
)


@dataclass(frozen=True, slots=True)
class Account:
    """`inputs` are labels with their values; `days_used` and `missing` are sentences."""

    formula: str
    inputs: tuple[tuple[str, str], ...] = ()
    days_used: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a summary, and the account behind its numbers."""

    text: str
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line of a summary."""

    label: str
    text: str
    account: Account | None = None


def dates_in_words(dates: Iterable[date]) -> str:
    """“16 to 18 Nov, 20 Nov”; neighbours are drawn together."""
    runs: list[list[date]] = []
    for day in sorted(dates):
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(r[0], r[-1]) for r in runs)


def _run(first: date, last: date) -> str:
    if first == last:
        return short_date(first)
    start = str(first.day) if first.month == last.month else short_date(first)
    return from_to(start, short_date(last))


def _used(used: Sequence[date], of: int) -> str:
    days = out_of(len(used), counted(of, "day"))
    return f"{days}: {dates_in_words(used)}." if used else f"{days}."


def rate(days: Sequence[DiaryDay], outcome: PeriodOutcome) -> Account:
    """Clusters per watched day."""
    per_day = outcome.clusters_per_watched_day
    blank = [d.date for d in days if d.is_over and not d.is_counted]
    running = [d.date for d in days if not d.is_over]
    spasms = whole(outcome.spasms)
    if outcome.spasms_at_least:
        spasms = gettext("at least %(spasms)s") % {"spasms": spasms}
    return Account(
        formula=gettext("Clusters seen on watched days ÷ watched days."),
        inputs=(
            (gettext("Clusters seen"), str(outcome.clusters) if outcome.watched_days else "–"),
            (
                gettext("Spasms in them"),
                spasms if outcome.watched_days else "–",
            ),
            (gettext("Watched days"), out_of(outcome.watched_days, outcome.days)),
            (gettext("Hours watched"), _hours(outcome.hours_watched)),
            (gettext("Per watched day"), "–" if per_day is None else decimal(per_day, 2)),
        ),
        days_used=_used([d.date for d in days if d.is_counted], outcome.days),
        missing=" ".join(
            line
            for line in (
                gettext("Not recorded, in neither number: %(days)s.")
                % {"days": dates_in_words(blank)}
                if blank
                else "",
                gettext("Not over, so not counted: %(days)s.") % {"days": dates_in_words(running)}
                if running
                else "",
                gettext("A day without spasms counts from %(hours)s watched hours on.")
                % {"hours": decimal(WATCHED_DAY_MIN_HOURS, 0)},
            )
            if line
        ),
    )


def _hours(hours: float | None) -> str:
    return gettext("not recorded") if hours is None else f"{decimal(hours, 0)} h"


def meals(diet: DietOutcome) -> Account | None:
    """The share of judged meals that met their targets; None without a meal."""
    tally = diet.tally
    if diet.reported_by_day:
        return Account(
            formula=gettext("The mean of the days' own figures, as noted in the diary."),
            inputs=((gettext("Days with a figure"), str(diet.adherence_days)),),
            missing=gettext("Single meals were not entered, so none could be judged."),
        )
    if not (tally.planned or tally.logged):
        return None
    return Account(
        formula=gettext("Meals that met their targets ÷ meals that could be judged."),
        inputs=(
            (gettext("Planned"), str(tally.planned)),
            (gettext("Logged"), str(tally.logged)),
            (gettext("Met their targets"), str(tally.met)),
            (gettext("Did not"), str(tally.not_met)),
            (gettext("Cannot be judged"), str(tally.not_judged)),
        ),
        missing=gettext("%(meals)s not logged: neither eaten nor refused, in no share.")
        % {"meals": first_up(counted(tally.not_logged, "planned meal"))}
        if tally.not_logged
        else "",
    )


def ratio(days: Sequence[DiaryDay], diet: DietOutcome, basis: CarbohydrateBasis) -> Account:
    """The ratio of everything that was eaten; never a mean of meals' ratios."""
    intake = diet.intake
    carbohydrate = intake.carbohydrate_on(basis)
    missing = []
    if diet.uncounted_meals:
        missing.append(
            gettext("%(meals)s with food in free words.")
            % {"meals": first_up(counted(diet.uncounted_meals, "meal"))}
        )
    if diet.doses_carbohydrate_unknown:
        doses = first_up(counted(diet.doses_carbohydrate_unknown, "dose"))
        missing.append(
            gettext("%(doses)s of medicines whose carbohydrate nobody entered.") % {"doses": doses}
        )
    return Account(
        formula=gettext(
            "Fat ÷ (protein + carbohydrate), each the sum of all that was eaten, in grams."
        ),
        inputs=(
            (gettext("Fat"), f"{decimal(intake.fat_g, 1)} g"),
            (gettext("Protein"), f"{decimal(intake.protein_g, 1)} g"),
            (gettext("Carbohydrate"), f"{decimal(carbohydrate, 1)} g"),
            (gettext("of it from medicines"), f"{decimal(diet.medicine_carbohydrate_g, 1)} g"),
        ),
        days_used=_used([d.date for d in days if d.eaten is not None], len(days)),
        missing=" ".join(missing),
    )


def mean(days: Sequence[DiaryDay], values: Sequence[float | int | None]) -> Account | None:
    """A mean of daily values; `values` runs beside `days`. None without a value."""
    known = [(d.date, float(v)) for d, v in zip(days, values, strict=True) if v is not None]
    if not known:
        return None
    blank = [d.date for d, v in zip(days, values, strict=True) if v is None]
    return Account(
        formula=gettext("The sum of the days' values ÷ days with a value."),
        inputs=tuple((short_date(day), localized(f"{value:g}")) for day, value in known),
        days_used=_used([day for day, _ in known], len(days)),
        missing=gettext("Not recorded: %(days)s.") % {"days": dates_in_words(blank)}
        if blank
        else "",
    )


def readings(
    days: Sequence[DiaryDay], values: Sequence[Sequence[float]], formula: Text, places: int = 1
) -> Account | None:
    """Each day's values as they were read; `values` runs beside `days`. None without any."""
    read = [(d.date, v) for d, v in zip(days, values, strict=True) if v]
    if not read:
        return None
    return Account(
        str(formula),
        inputs=tuple(
            (short_date(day), ", ".join(decimal(one, places) for one in v)) for day, v in read
        ),
        days_used=_used([day for day, _ in read], len(days)),
    )


def as_seen(change: Change) -> Account:
    """The plain change of the rate."""
    return Account(
        formula=gettext(
            "(Clusters ÷ watched days, these four weeks) ÷ (the same, before the diet). "
            "Nothing is allowed for."
        ),
        inputs=(
            (gettext("These four weeks"), clusters_on(change.after_count, change.after_days)),
            (gettext("Before the diet"), clusters_on(change.before_count, change.before_days)),
        ),
        missing=gettext(
            "No interval: a count alone does not say how far months differ by themselves."
        ),
    )


def clusters_on(clusters: int, days: int) -> str:
    """“12 clusters seen on 5 watched days”."""
    return gettext("%(clusters)s seen on %(days)s") % {
        "clusters": counted(clusters, "cluster"),
        "days": counted(days, "watched day"),
    }


def effect(period: PeriodEffect) -> Account:
    """The rate ratio of a period with its limits."""
    inputs = [
        (gettext("Before the diet"), _counts(period.before)),
        (gettext("These four weeks"), _counts(period.during)),
        (gettext("90 % limits"), _limits(period.lo90, period.hi90)),
        (gettext("95 % limits"), _limits(period.lo95, period.hi95)),
    ]
    size = period.spasms_per_cluster
    if size is not None:
        inputs.append(
            (
                gettext("Spasms in a cluster, times as many"),
                gettext(
                    "%(ratio)s (%(limits)s), counted in %(counted_before)s and %(counted_during)s "
                    "clusters"
                )
                % {
                    "ratio": decimal(size.ratio, 2),
                    "limits": _limits(size.lo95, size.hi95),
                    "counted_before": size.counted_before,
                    "counted_during": size.counted_during,
                },
            )
        )
    return Account(
        formula=gettext(
            "The middle of all rate ratios that fit the weekly counts, given how far months "
            "differ by themselves; allowed for: hours watched, illness, sleep, medicine "
            "changes, days not logged, a start in a bad month."
        ),
        inputs=tuple(inputs),
        days_used=gettext(
            "%(before)s recorded days of the 28 before the diet and %(during)s of "
            "these 28; the weeks between say how far they vary."
        )
        % {"before": period.before.logged_days, "during": period.during.logged_days},
        missing=_not_recorded(period),
    )


def _counts(counts: Counts) -> str:
    return gettext("%(clusters)s on %(days)s") % {
        "clusters": counted(counts.clusters, "cluster"),
        "days": counted(counts.logged_days, "recorded day"),
    }


def _limits(lo: float | None, hi: float | None) -> str:
    return "–" if lo is None or hi is None else from_to(decimal(lo, 2), decimal(hi, 2))


def _not_recorded(period: PeriodEffect) -> str:
    before = period.before.days - period.before.logged_days
    during = period.during.days - period.during.logged_days
    return gettext(
        "Not recorded: %(before)s before, %(during)s in these weeks. A medicine that "
        "nobody entered is not allowed for."
    ) % {"before": counted(before, "day"), "during": counted(during, "day")}
