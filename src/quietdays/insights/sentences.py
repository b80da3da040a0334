"""Plain sentences from numbers, by rules. No causes, no praise, no verdict, no reassurance.

The forbidden words of docs/safety.md are tested against every sentence made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from quietdays.science.adherence import MealTally
from quietdays.science.days import MedicineChange
from quietdays.science.effect import CoIntervention, Missing, PeriodEffect, Verdict
from quietdays.science.outcomes import Change, DietOutcome, PeriodOutcome
from quietdays.words import counted, first_up, short_date

CHANGE_WORDS = {
    "start": "started",
    "up": "dose raised",
    "down": "dose lowered",
    "stop": "stopped",
}


def seen(outcome: PeriodOutcome) -> str:
    """What was seen, over how many watched days, and what is not known."""
    if outcome.watched_days == 0:
        if not outcome.days:
            return "No day is over yet."
        if outcome.days == 1:
            return "Nothing was recorded on the day that is over."
        return f"Nothing was recorded on the {outcome.days} days that are over."
    days = counted(outcome.watched_days, "watched day")
    spasms = _spasms(outcome.clusters, outcome.spasms, is_floor=outcome.spasms_at_least)
    text = f"{first_up(counted(outcome.clusters, 'cluster'))} seen ({spasms}) on {days}"
    rate = outcome.clusters_per_watched_day
    if rate is not None and outcome.clusters:
        text += f": {rate:.1f} clusters per watched day"
    text += "."
    if outcome.quiet_days:
        text += f" {first_up(counted(outcome.quiet_days, 'watched day'))} with none seen."
    return text + _blanks(outcome)


def _spasms(clusters: int, spasms: int, *, is_floor: bool) -> str:
    """“12 spasms”, “at least 12 spasms”; clusters without a count are not none."""
    if clusters and not spasms:
        return "spasms not counted"
    return f"{'at least ' if is_floor and spasms else ''}{counted(spasms, 'spasm')}"


def _blanks(outcome: PeriodOutcome) -> str:
    if not outcome.not_recorded_days:
        return ""
    verb = "was" if outcome.not_recorded_days == 1 else "were"
    return f" {first_up(counted(outcome.not_recorded_days, 'day'))} {verb} not recorded."


def today_so_far(outcome: PeriodOutcome) -> str:
    """Today's count, told apart because the day is not over; empty without any."""
    if not outcome.clusters_today:
        return ""
    spasms = _spasms(
        outcome.clusters_today, outcome.spasms_today, is_floor=outcome.spasms_today_at_least
    )
    return f"Today so far: {counted(outcome.clusters_today, 'cluster')} seen ({spasms})."


def compared(label: str, outcome: PeriodOutcome) -> str:
    """Another period's rate with its denominator, to stand beside this one's."""
    rate = outcome.clusters_per_watched_day
    if rate is None:
        return f"{label}: no recorded days to compare with."
    days = counted(outcome.watched_days, "watched day")
    return f"{label}: {rate:.1f} clusters per watched day ({days})."


def meals(tally: MealTally) -> str:
    """The four numbers. What was not logged is neither eaten nor refused."""
    if not (tally.planned or tally.logged):
        return "No meals were planned or logged."
    text = (
        f"{first_up(counted(tally.planned, 'meal'))} planned, {tally.logged} logged, "
        f"{tally.met} met {'its target' if tally.met == 1 else 'their targets'}, "
        f"{tally.not_logged} not logged."
    )
    if tally.unplanned:
        verb = "was" if tally.unplanned == 1 else "were"
        text += f" {tally.unplanned} of the logged {verb} not planned."
    if tally.not_judged:
        text += f" {tally.not_judged} of the logged cannot be judged."
    return text


def uncounted(number: int) -> str:
    """That a sum leaves food out, because nobody knows what was in it."""
    return f"Not counted: food whose amounts nobody knows, in {counted(number, 'meal')}."


def beside_the_ratio(diet: DietOutcome) -> list[str]:
    """What the ratio leaves out or rests on, one line each; empty where there is nothing."""
    lines = [
        uncounted(diet.uncounted_meals) if diet.uncounted_meals else "",
        why_less(diet),
        medicine_carbohydrate(diet),
        estimates(diet),
    ]
    return [line for line in lines if line]


def why_less(diet: DietOutcome) -> str:
    """What was tapped where less went in, and how often; empty where nothing was."""
    if not diet.why_less:
        return ""
    words = ", ".join(f"{reason} {times}" for reason, times in diet.why_less)
    return f"Written down where less went in: {words}."


def medicine_carbohydrate(diet: DietOutcome) -> str:
    """What medicines added to the ratio, and what nobody entered; empty without either."""
    lines = []
    if diet.medicine_carbohydrate_g:
        lines.append(
            f"Medicines held {diet.medicine_carbohydrate_g:.1f} g carbohydrate on days with "
            "meals; it is in the ratio."
        )
    if diet.doses_carbohydrate_unknown:
        doses = counted(diet.doses_carbohydrate_unknown, "dose")
        lines.append(f"Not counted: the carbohydrate of {doses}, which nobody entered.")
    return " ".join(lines)


def estimates(diet: DietOutcome) -> str:
    if not diet.days_with_estimates:
        return ""
    days = counted(diet.days_with_estimates, "day")
    return f"A breastfeed’s volume is estimated on {days}, so the ratio is too."


def doses(*, given: int, skipped: int, due: int) -> str:
    """Doses recorded, beside what schedules asked for. Not recorded is not “not given”."""
    if not (given or skipped or due):
        return "none written down"
    text = f"{given} given"
    if skipped:
        text += f", {skipped} not given"
    return f"{text}; {due} were due by the schedule" if due else text


def adherence(diet: DietOutcome) -> str:
    if diet.adherence_percent is None:
        return "Adherence: no meal that could be judged."
    if diet.reported_by_day:
        days = counted(diet.adherence_days, "day")
        return f"Adherence {diet.adherence_percent:.0f} % on average, as noted on {days}."
    judged = diet.tally.met + diet.tally.not_met
    return f"Adherence {diet.adherence_percent:.0f} %: {diet.tally.met} of {judged} judged meals."


def mean(label: str, value: float | None, days: int, unit: str = "") -> str:
    if value is None:
        return f"{label}: not recorded."
    return f"{label}: {value:.1f}{unit} on average, {counted(days, 'day')} recorded."


def medicine_change(day: date, change: MedicineChange | CoIntervention) -> str:
    return f"{change.medicine} {CHANGE_WORDS[change.change]} on {short_date(day)}"


VERDICT_WORDS = {
    Verdict.CLEAR_REDUCTION: "Fewer clusters seen than before, beyond the usual ups and downs.",
    Verdict.CLEAR_INCREASE: "More clusters seen than before, beyond the usual ups and downs.",
    Verdict.NO_CLEAR_CHANGE: "Within what ups and downs alone can do.",
    Verdict.CANNOT_SEPARATE: (
        "A medicine changed in these weeks; what was seen cannot be told apart from it."
    ),
    Verdict.NOT_ENOUGH_DATA: "Too little recorded or seen before to say.",
}


def verdict(period: PeriodEffect) -> str:
    """The verdict in plain words; what cannot be told apart is named."""
    if period.verdict is Verdict.CANNOT_SEPARATE and period.separate_from:
        names = "; ".join(medicine_change(c.date, c) for c in period.separate_from)
        return f"What was seen cannot be told apart from a medicine change: {names}."
    return VERDICT_WORDS[period.verdict]


def probabilities(period: PeriodEffect) -> str:
    """How probable a fall by so much is, given these counts; empty without an answer."""
    steps = (
        ("at all", period.p_below_1),
        ("by a quarter", period.p75),
        ("by half", period.p50),
        ("by nine tenths", period.p10),
    )
    known = [f"{how} {_chance(p)}" for how, p in steps if p is not None]
    return f"How probable it is that the rate fell: {', '.join(known)}." if known else ""


def _chance(p: float) -> str:
    """Never 0 or 100 in 100: no diary is that sure."""
    if p < 0.01:
        return "less than 1 in 100"
    return "more than 99 in 100" if p > 0.99 else f"{100 * p:.0f} in 100"


def interval(period: PeriodEffect) -> str:
    """The rate ratio in words with its limits; what is missing when there is none."""
    if period.rate_ratio is None or period.lo95 is None or period.hi95 is None:
        return missing(period.missing)
    return (
        "After allowing for natural ups and downs, medicines, illness, watching and a start in "
        f"a bad month: about {times(period.rate_ratio)} as many clusters per watched day as before; "
        f"the limits of 95 in 100 are {times(period.lo95)} and {times(period.hi95)}."
    )


def as_seen(change: Change) -> str:
    """The plain change of the rate, to stand beside the counts that made it: “0.51 (−49 %)”."""
    if change.times_as_many is None or change.percent is None:
        return "–"
    percent = f"{change.percent:+.0f}\N{NO-BREAK SPACE}%".replace("-", "\N{MINUS SIGN}")
    return f"{change.times_as_many:.2f} ({percent})"


def times(ratio: float) -> str:
    """A rate ratio as people say it, with two figures: “0.61 times”, “none”."""
    if ratio < 0.005:
        return "0 times"
    return f"{ratio:.2f} times" if ratio < 1 else f"{ratio:.1f} times"


_MISSING = {
    "logged_days_before": ("recorded day", "in the 28 days before the diet"),
    "logged_days_during": ("recorded day", "in these 28 days"),
    "clusters_before": ("cluster", "seen in the 28 days before the diet"),
}


def missing(gaps: Sequence[Missing]) -> str:
    """What an answer lacks, and how many more would do."""
    parts = []
    for gap in gaps:
        what, where = _MISSING[gap.what]
        if what == "cluster":  # nobody can, or should, see more in the past
            few = counted(gap.have, what)
            parts.append(f"{few} {where}; with fewer than {gap.need} nothing can be compared")
            continue
        have = counted(gap.have, what)
        parts.append(f"{have} {where}, and {gap.need} are needed: {gap.more} more")
    return f"Missing: {'; '.join(parts)}." if parts else ""
