"""The endpoints of trials in plain sentences, each with its definition beside it."""

from __future__ import annotations

from datetime import date

from quietdays.insights.accounts import Account, Said, clusters_on
from quietdays.science.endpoints import (
    CESSATION_FROM_DAY,
    CESSATION_RUN_DAYS,
    ICISS_DAYS,
    Endpoints,
    Milestone,
    QuietRun,
)
from quietdays.science.outcomes import PeriodOutcome
from quietdays.words import counted, short_date

EEG = "A response in infantile spasms needs an EEG: no count of what was seen can show it."


def endpoint_lines(found: Endpoints) -> list[Said]:
    """One line an endpoint; those whose days are not over yet are left out."""
    if found.last_seen is None and found.since is None:
        return []  # no day of the diet is over
    lines = [_since(found), _longest(found.longest)]
    lines += [_milestone(m) for m in found.milestones if m.outcome is not None]
    if found.day_14_to_42 is not None:
        lines.append(_iciss(found.day_14_to_42))
    lines.append(_cessation(found.cessation))
    if found.relapse is not None:
        lines.append(
            Said(
                f"Spasms were seen again on {_dated(found.relapse)}.",
                Account(
                    "The first day with spasms seen after 28 recorded days in a row with none."
                ),
            )
        )
    return lines


def _dated(day: date) -> str:
    return f"{short_date(day)} {day.year}"


def _span(first: date, last: date) -> str:
    return _dated(first) if first == last else f"{short_date(first)} to {_dated(last)}"


def _since(found: Endpoints) -> Said:
    account = Account(
        "Days that are over after the last day on which spasms were seen. Only recorded days count.",
    )
    since = found.since
    if found.last_seen is None and since is not None:
        if not since.watched_days:
            return Said("No day of the diet was recorded yet.", account)
        recorded = counted(since.watched_days, "recorded day")
        return Said(f"On the diet: none seen on {recorded}{_blanks(since)}.", account)
    when = f"Spasms last seen on {_dated(found.last_seen)}" if found.last_seen else ""
    if since is None:
        return Said(f"{when}.", account)
    recorded = counted(since.quiet_days, "recorded day")
    return Said(f"{when}; {recorded} with none seen since{_blanks(since)}.", account)


def _blanks(outcome: PeriodOutcome) -> str:
    blank = outcome.not_recorded_days
    return f", {counted(blank, 'day')} not recorded" if blank else ""


def _longest(run: QuietRun | None) -> Said:
    account = Account(
        "Recorded days with none seen and no spasms seen between them. Days between them that "
        "were not recorded are told apart: nobody knows what they held."
    )
    if run is None:
        return Said("No recorded day with none seen yet.", account)
    days = counted(run.days, "recorded day")
    between = f", with {counted(run.gap_days, 'day')} between them not recorded" * bool(
        run.gap_days
    )
    return Said(
        f"Longest run with none seen: {days}, {_span(run.first, run.last)}{between}.", account
    )


def _milestone(m: Milestone) -> Said:
    """The rate before a fixed day, and on which side of half it stands."""
    label = f"Up to day {m.day}" if m.day < 84 else "Up to three months (day 84)"
    if m.outcome is None or m.change is None:
        return Said("")
    span = _span(m.first, m.last)
    if not m.change.after_days:
        return Said(f"{label} ({span}): nothing was recorded.")
    counts = clusters_on(m.change.after_count, m.change.after_days)
    side = {
        None: "too little recorded to compare with the four weeks before",
        True: "a fall of 50 % or more (≥) per watched day, with no allowance for ups and downs",
        False: "no fall of 50 % or more (≥) per watched day, with no allowance for ups and downs",
    }[m.is_responder]
    account = Account(
        formula="Clusters per watched day in these days ÷ the same in the 28 days before the "
        "diet. 50 % counts as a fall by half (≥); trials that ask for more than 50 % (>) differ "
        "at exactly half. Natural ups and downs are not allowed for.",
        inputs=(
            ("These days", clusters_on(m.change.after_count, m.change.after_days)),
            ("Before the diet", clusters_on(m.change.before_count, m.change.before_days)),
        ),
        missing="Half of the days and 14 days before the diet have to be recorded.",
    )
    return Said(f"{label} ({span}): {counts}; {side}.", account)


def _iciss(outcome: PeriodOutcome) -> Said:
    first, last = ICISS_DAYS
    window = f"Day {first} to day {last} after the first ({_span(outcome.first, outcome.last)})"
    recorded = f"{outcome.watched_days} of {outcome.days} days recorded"
    if not outcome.watched_days:
        seen = "nothing was recorded"
    elif outcome.clusters:
        seen = f"{recorded}, {counted(outcome.clusters, 'cluster')} seen"
    else:
        seen = f"{recorded}, none seen on them"
    return Said(
        f"{window}: {seen}.",
        Account(
            "The window of the ICISS trial: no spasms on and between day 14 and day 42, counted "
            "from the first diet day as day 0.",
            inputs=(("Clusters seen", str(outcome.clusters)),) if outcome.watched_days else (),
            days_used=f"{recorded}.",
        ),
    )


def _cessation(run: QuietRun | None) -> Said:
    account = Account(
        f"West Delphi group 2004: none seen for {CESSATION_RUN_DAYS} days in a row, from day "
        f"{CESSATION_FROM_DAY} at the latest. Here every one of the days must be recorded.",
    )
    if run is None:
        return Said(
            f"No {CESSATION_RUN_DAYS} recorded days in a row with none seen that began by day "
            f"{CESSATION_FROM_DAY} after the first.",
            account,
        )
    return Said(
        f"{CESSATION_RUN_DAYS} or more recorded days in a row with none seen: "
        f"{_span(run.first, run.last)}.",
        account,
    )
