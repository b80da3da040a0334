"""Where a number comes from: its formula, what went in, which days, and what is missing.

Every figure of the week and of the effect opens one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quietdays.science.days import WATCHED_DAY_MIN_HOURS, DiaryDay
from quietdays.science.effect import Counts, PeriodEffect
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.outcomes import Change, DietOutcome, PeriodOutcome
from quietdays.words import counted, first_up, short_date


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
    return f"{start} to {short_date(last)}"


def _used(used: Sequence[date], of: int) -> str:
    days = f"{len(used)} of {counted(of, 'day')}"
    return f"{days}: {dates_in_words(used)}." if used else f"{days}."


def rate(days: Sequence[DiaryDay], outcome: PeriodOutcome) -> Account:
    """Clusters per watched day."""
    per_day = outcome.clusters_per_watched_day
    blank = [d.date for d in days if d.is_over and not d.is_counted]
    running = [d.date for d in days if not d.is_over]
    floor = "at least " if outcome.spasms_at_least else ""
    return Account(
        formula="Clusters seen on watched days ÷ watched days.",
        inputs=(
            ("Clusters seen", str(outcome.clusters) if outcome.watched_days else "–"),
            ("Spasms in them", f"{floor}{outcome.spasms}" if outcome.watched_days else "–"),
            ("Watched days", f"{outcome.watched_days} of {outcome.days}"),
            ("Hours watched", _hours(outcome.hours_watched)),
            ("Per watched day", "–" if per_day is None else f"{per_day:.2f}"),
        ),
        days_used=_used([d.date for d in days if d.is_counted], outcome.days),
        missing=" ".join(
            line
            for line in (
                f"Not recorded, in neither number: {dates_in_words(blank)}." if blank else "",
                f"Not over, so not counted: {dates_in_words(running)}." if running else "",
                f"A day without spasms counts from {WATCHED_DAY_MIN_HOURS:.0f} watched hours on.",
            )
            if line
        ),
    )


def _hours(hours: float | None) -> str:
    return "not recorded" if hours is None else f"{hours:.0f} h"


def meals(diet: DietOutcome) -> Account | None:
    """The share of judged meals that met their targets; None without a meal."""
    tally = diet.tally
    if diet.reported_by_day:
        return Account(
            formula="The mean of the days' own figures, as noted in the diary.",
            inputs=(("Days with a figure", str(diet.adherence_days)),),
            missing="Single meals were not entered, so none could be judged.",
        )
    if not (tally.planned or tally.logged):
        return None
    return Account(
        formula="Meals that met their targets ÷ meals that could be judged.",
        inputs=(
            ("Planned", str(tally.planned)),
            ("Logged", str(tally.logged)),
            ("Met their targets", str(tally.met)),
            ("Did not", str(tally.not_met)),
            ("Cannot be judged", str(tally.not_judged)),
        ),
        missing=f"{first_up(counted(tally.not_logged, 'planned meal'))} not logged: "
        "neither eaten nor refused, in no share."
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
            f"{first_up(counted(diet.uncounted_meals, 'meal'))} with food in free words."
        )
    if diet.doses_carbohydrate_unknown:
        doses = first_up(counted(diet.doses_carbohydrate_unknown, "dose"))
        missing.append(f"{doses} of medicines whose carbohydrate nobody entered.")
    return Account(
        formula="Fat ÷ (protein + carbohydrate), each the sum of all that was eaten, in grams.",
        inputs=(
            ("Fat", f"{intake.fat_g:.1f} g"),
            ("Protein", f"{intake.protein_g:.1f} g"),
            ("Carbohydrate", f"{carbohydrate:.1f} g"),
            ("of it from medicines", f"{diet.medicine_carbohydrate_g:.1f} g"),
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
        formula="The sum of the days' values ÷ days with a value.",
        inputs=tuple((short_date(day), f"{value:g}") for day, value in known),
        days_used=_used([day for day, _ in known], len(days)),
        missing=f"Not recorded: {dates_in_words(blank)}." if blank else "",
    )


def readings(
    days: Sequence[DiaryDay], values: Sequence[Sequence[float]], formula: str, places: int = 1
) -> Account | None:
    """Each day's values as they were read; `values` runs beside `days`. None without any."""
    read = [(d.date, v) for d, v in zip(days, values, strict=True) if v]
    if not read:
        return None
    return Account(
        formula,
        inputs=tuple(
            (short_date(day), ", ".join(f"{one:.{places}f}" for one in v)) for day, v in read
        ),
        days_used=_used([day for day, _ in read], len(days)),
    )


def as_seen(change: Change) -> Account:
    """The plain change of the rate."""
    return Account(
        formula="(Clusters ÷ watched days, these four weeks) ÷ (the same, before the diet). "
        "Nothing is allowed for.",
        inputs=(
            ("These four weeks", clusters_on(change.after_count, change.after_days)),
            ("Before the diet", clusters_on(change.before_count, change.before_days)),
        ),
        missing="No interval: a count alone does not say how far months differ by themselves.",
    )


def clusters_on(clusters: int, days: int) -> str:
    """“12 clusters seen on 5 watched days”."""
    return f"{counted(clusters, 'cluster')} seen on {counted(days, 'watched day')}"


def effect(period: PeriodEffect) -> Account:
    """The rate ratio of a period with its limits."""
    inputs = [
        ("Before the diet", _counts(period.before)),
        ("These four weeks", _counts(period.during)),
        ("90 % limits", _limits(period.lo90, period.hi90)),
        ("95 % limits", _limits(period.lo95, period.hi95)),
    ]
    size = period.spasms_per_cluster
    if size is not None:
        inputs.append(
            (
                "Spasms in a cluster, times as many",
                f"{size.ratio:.2f} ({_limits(size.lo95, size.hi95)}), counted in "
                f"{size.counted_before} and {size.counted_during} clusters",
            )
        )
    return Account(
        formula="The middle of all rate ratios that fit the weekly counts, given how far "
        "months differ by themselves; allowed for: hours watched, illness, sleep, "
        "medicine changes, days not logged, a start in a bad month.",
        inputs=tuple(inputs),
        days_used=f"{period.before.logged_days} recorded days of the 28 before the diet and "
        f"{period.during.logged_days} of these 28; the weeks between say how far they vary.",
        missing=_not_recorded(period),
    )


def _counts(counts: Counts) -> str:
    return f"{counted(counts.clusters, 'cluster')} on {counted(counts.logged_days, 'recorded day')}"


def _limits(lo: float | None, hi: float | None) -> str:
    return "–" if lo is None or hi is None else f"{lo:.2f} to {hi:.2f}"


def _not_recorded(period: PeriodEffect) -> str:
    before = period.before.days - period.before.logged_days
    during = period.during.days - period.during.logged_days
    return (
        f"Not recorded: {counted(before, 'day')} before, {counted(during, 'day')} in these weeks. "
        "A medicine that nobody entered is not allowed for."
    )
