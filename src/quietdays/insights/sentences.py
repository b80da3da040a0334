"""Plain sentences from numbers, by rules. No causes, no praise, no verdict, no reassurance.

The forbidden words of docs/safety.md are tested against every sentence made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext, gettext_lazy, ngettext

from quietdays.science.adherence import MealTally
from quietdays.science.days import MedicineChange
from quietdays.science.effect import CoIntervention, Missing, PeriodEffect, Verdict
from quietdays.science.outcomes import Change, DietOutcome, PeriodOutcome
from quietdays.words import counted, decimal, first_up, joined, sentences, short_date, whole

CHANGE_WORDS = {
    "start": gettext_lazy("started"),
    "up": gettext_lazy("dose raised"),
    "down": gettext_lazy("dose lowered"),
    "stop": gettext_lazy("stopped"),
}


def seen(outcome: PeriodOutcome) -> str:
    """What was seen, over how many watched days, and what is not known."""
    if outcome.watched_days == 0:
        if not outcome.days:
            return gettext("No day is over yet.")
        if outcome.days == 1:
            return gettext("Nothing was recorded on the day that is over.")
        return gettext("Nothing was recorded on the %(days)s days that are over.") % {
            "days": outcome.days
        }
    days = counted(outcome.watched_days, "watched day")
    spasms = _spasms(outcome.clusters, outcome.spasms, is_floor=outcome.spasms_at_least)
    told = {
        "clusters": first_up(counted(outcome.clusters, "cluster")),
        "spasms": spasms,
        "days": days,
    }
    rate = outcome.clusters_per_watched_day
    if rate is not None and outcome.clusters:
        pattern = gettext(
            "%(clusters)s seen (%(spasms)s) on %(days)s: %(rate)s clusters per watched day."
        )
        text = pattern % {**told, "rate": decimal(rate, 1)}
    else:
        text = gettext("%(clusters)s seen (%(spasms)s) on %(days)s.") % told
    quiet = gettext("%(days)s with none seen.") % {
        "days": first_up(counted(outcome.quiet_days, "watched day"))
    }
    return sentences(text, quiet if outcome.quiet_days else "", _blanks(outcome))


def _spasms(clusters: int, spasms: int, *, is_floor: bool) -> str:
    """“12 spasms”, “at least 12 spasms”; clusters without a count are not none."""
    if clusters and not spasms:
        return gettext("spasms not counted")
    if is_floor and spasms:
        return gettext("at least %(spasms)s") % {"spasms": counted(spasms, "spasm")}
    return counted(spasms, "spasm")


def _blanks(outcome: PeriodOutcome) -> str:
    if not outcome.not_recorded_days:
        return ""
    return ngettext(
        "%(count)s day was not recorded.",
        "%(count)s days were not recorded.",
        outcome.not_recorded_days,
    ) % {"count": whole(outcome.not_recorded_days)}


def today_so_far(outcome: PeriodOutcome) -> str:
    """Today's count, told apart because the day is not over; empty without any."""
    if not outcome.clusters_today:
        return ""
    spasms = _spasms(
        outcome.clusters_today, outcome.spasms_today, is_floor=outcome.spasms_today_at_least
    )
    return gettext("Today so far: %(clusters)s seen (%(spasms)s).") % {
        "clusters": counted(outcome.clusters_today, "cluster"),
        "spasms": spasms,
    }


def compared(label: str, outcome: PeriodOutcome) -> str:
    """Another period's rate with its denominator, to stand beside this one's."""
    rate = outcome.clusters_per_watched_day
    if rate is None:
        return gettext("%(label)s: no recorded days to compare with.") % {"label": label}
    days = counted(outcome.watched_days, "watched day")
    return gettext("%(label)s: %(rate)s clusters per watched day (%(days)s).") % {
        "label": label,
        "rate": decimal(rate, 1),
        "days": days,
    }


def meals(tally: MealTally) -> str:
    """The four numbers. What was not logged is neither eaten nor refused."""
    if not (tally.planned or tally.logged):
        return gettext("No meals were planned or logged.")
    text = ngettext(
        "%(planned)s planned, %(logged)s logged, %(met)s met its target, %(not_logged)s not logged.",
        "%(planned)s planned, %(logged)s logged, %(met)s met their targets, "
        "%(not_logged)s not logged.",
        tally.met,
    ) % {
        "planned": first_up(counted(tally.planned, "meal")),
        "logged": tally.logged,
        "met": tally.met,
        "not_logged": tally.not_logged,
    }
    unplanned = ngettext(
        "%(count)s of the logged was not planned.",
        "%(count)s of the logged were not planned.",
        tally.unplanned,
    ) % {"count": tally.unplanned}
    not_judged = gettext("%(count)s of the logged cannot be judged.") % {"count": tally.not_judged}
    return sentences(
        text, unplanned if tally.unplanned else "", not_judged if tally.not_judged else ""
    )


def uncounted(number: int) -> str:
    """That a sum leaves food out, because nobody knows what was in it."""
    return gettext("Not counted: food whose amounts nobody knows, in %(number)s.") % {
        "number": counted(number, "meal")
    }


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
    return gettext("Written down where less went in: %(words)s.") % {"words": words}


def medicine_carbohydrate(diet: DietOutcome) -> str:
    """What medicines added to the ratio, and what nobody entered; empty without either."""
    lines = []
    if diet.medicine_carbohydrate_g:
        lines.append(
            gettext(
                "Medicines held %(grams)s g carbohydrate on days with meals; it is in the ratio."
            )
            % {"grams": decimal(diet.medicine_carbohydrate_g, 1)}
        )
    if diet.doses_carbohydrate_unknown:
        doses = counted(diet.doses_carbohydrate_unknown, "dose")
        lines.append(
            gettext("Not counted: the carbohydrate of %(doses)s, which nobody entered.")
            % {"doses": doses}
        )
    return " ".join(lines)


def estimates(diet: DietOutcome) -> str:
    if not diet.days_with_estimates:
        return ""
    days = counted(diet.days_with_estimates, "day")
    return gettext("A breastfeed’s volume is estimated on %(days)s, so the ratio is too.") % {
        "days": days
    }


def doses(*, given: int, skipped: int, due: int) -> str:
    """Doses recorded, beside what schedules asked for. Not recorded is not “not given”."""
    if not (given or skipped or due):
        return gettext("none written down")
    text = joined(
        gettext("%(count)s given") % {"count": given},
        gettext("%(count)s not given") % {"count": skipped} if skipped else "",
    )
    if not due:
        return text
    return gettext("%(doses)s; %(due)s were due by the schedule") % {"doses": text, "due": due}


def adherence(diet: DietOutcome) -> str:
    if diet.adherence_percent is None:
        return gettext("Adherence: no meal that could be judged.")
    if diet.reported_by_day:
        days = counted(diet.adherence_days, "day")
        return gettext("Adherence %(percent)s %% on average, as noted on %(days)s.") % {
            "percent": decimal(diet.adherence_percent, 0),
            "days": days,
        }
    judged = diet.tally.met + diet.tally.not_met
    return gettext("Adherence %(percent)s %%: %(met)s of %(judged)s judged meals.") % {
        "percent": decimal(diet.adherence_percent, 0),
        "met": diet.tally.met,
        "judged": judged,
    }


def mean(label: str, value: float | None, days: int, unit: str = "") -> str:
    if value is None:
        return gettext("%(label)s: not recorded.") % {"label": label}
    return gettext("%(label)s: %(value)s%(unit)s on average, %(days)s recorded.") % {
        "label": label,
        "value": decimal(value, 1),
        "unit": unit,
        "days": counted(days, "day"),
    }


def medicine_change(day: date, change: MedicineChange | CoIntervention) -> str:
    return gettext("%(medicine)s %(change)s on %(day)s") % {
        "medicine": change.medicine,
        "change": CHANGE_WORDS[change.change],
        "day": short_date(day),
    }


VERDICT_WORDS = {
    Verdict.CLEAR_REDUCTION: gettext_lazy(
        "Fewer clusters seen than before, beyond the usual ups and downs."
    ),
    Verdict.CLEAR_INCREASE: gettext_lazy(
        "More clusters seen than before, beyond the usual ups and downs."
    ),
    Verdict.NO_CLEAR_CHANGE: gettext_lazy("Within what ups and downs alone can do."),
    Verdict.CANNOT_SEPARATE: (
        gettext_lazy(
            "A medicine changed in these weeks; what was seen cannot be told apart from it."
        )
    ),
    Verdict.NOT_ENOUGH_DATA: gettext_lazy("Too little recorded or seen before to say."),
}


def verdict(period: PeriodEffect) -> str:
    """The verdict in plain words; what cannot be told apart is named."""
    if period.verdict is Verdict.CANNOT_SEPARATE and period.separate_from:
        names = "; ".join(medicine_change(c.date, c) for c in period.separate_from)
        return gettext("What was seen cannot be told apart from a medicine change: %(names)s.") % {
            "names": names
        }
    return str(VERDICT_WORDS[period.verdict])


def probabilities(period: PeriodEffect) -> str:
    """How probable a fall by so much is, given these counts; empty without an answer."""
    steps = (
        (gettext("at all"), period.p_below_1),
        (gettext("by a quarter"), period.p75),
        (gettext("by half"), period.p50),
        (gettext("by nine tenths"), period.p10),
    )
    known = [f"{how} {_chance(p)}" for how, p in steps if p is not None]
    return (
        gettext("How probable it is that the rate fell: %(steps)s.") % {"steps": ", ".join(known)}
        if known
        else ""
    )


def _chance(p: float) -> str:
    """Never 0 or 100 in 100: no diary is that sure."""
    if p < 0.01:
        return gettext("less than 1 in 100")
    if p > 0.99:
        return gettext("more than 99 in 100")
    return gettext("%(number)s in 100") % {"number": f"{100 * p:.0f}"}


def interval(period: PeriodEffect) -> str:
    """The rate ratio in words with its limits; what is missing when there is none."""
    if period.rate_ratio is None or period.lo95 is None or period.hi95 is None:
        return missing(period.missing)
    return gettext(
        "After allowing for natural ups and downs, medicines, illness, watching and a "
        "start in a bad month: about %(times)s as many clusters per watched day as before; "
        "the limits of 95 in 100 are %(low)s and %(high)s."
    ) % {
        "times": times(period.rate_ratio),
        "low": times(period.lo95),
        "high": times(period.hi95),
    }


def as_seen(change: Change) -> str:
    """The plain change of the rate, to stand beside the counts that made it: “0.51 (−49 %)”."""
    if change.times_as_many is None or change.percent is None:
        return "–"
    percent = f"{change.percent:+.0f}\N{NO-BREAK SPACE}%".replace("-", "\N{MINUS SIGN}")
    return f"{decimal(change.times_as_many, 2)} ({percent})"


def times(ratio: float) -> str:
    """A rate ratio as people say it, with two figures: “0.61 times”, “none”."""
    if ratio < 0.005:
        return gettext("0 times")
    return gettext("%(ratio)s times") % {"ratio": decimal(ratio, 2 if ratio < 1 else 1)}


_MISSING = {
    "logged_days_before": (
        "recorded day",
        gettext_lazy("in the 28 days before the diet"),
    ),
    "logged_days_during": ("recorded day", gettext_lazy("in these 28 days")),
    "clusters_before": ("cluster", gettext_lazy("seen in the 28 days before the diet")),
}


def missing(gaps: Sequence[Missing]) -> str:
    """What an answer lacks, and how many more would do."""
    parts = []
    for gap in gaps:
        what, where = _MISSING[gap.what]
        if what == "cluster":  # nobody can, or should, see more in the past
            few = counted(gap.have, what)
            parts.append(
                gettext("%(few)s %(where)s; with fewer than %(need)s nothing can be compared")
                % {"few": few, "where": where, "need": gap.need}
            )
            continue
        have = counted(gap.have, what)
        parts.append(
            gettext("%(have)s %(where)s, and %(need)s are needed: %(more)s more")
            % {"have": have, "where": where, "need": gap.need, "more": gap.more}
        )
    return gettext("Missing: %(gaps)s.") % {"gaps": "; ".join(parts)} if parts else ""
