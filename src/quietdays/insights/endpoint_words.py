"""The endpoints of trials in plain sentences, each with its definition beside it."""

from __future__ import annotations

from quietdays.insights.accounts import Account, Said, clusters_on, dates_in_words
from quietdays.insights.sentences import plural, short_date
from quietdays.science.endpoints import (
    CESSATION_FROM_DAY,
    CESSATION_RUN_DAYS,
    ICISS_DAYS,
    Endpoints,
    Milestone,
    QuietRun,
)
from quietdays.science.outcomes import PeriodOutcome

EEG = "A response in infantile spasms needs an EEG: no count of what was seen can show it."


def endpoint_lines(found: Endpoints) -> list[Said]:
    """One line an endpoint; those whose days are not over yet are left out."""
    lines = [_since(found), _longest(found.longest)]
    lines += [_milestone(m) for m in found.milestones if m.outcome is not None]
    if found.day_14_to_42 is not None:
        lines.append(_iciss(found.day_14_to_42))
    lines.append(_cessation(found.cessation))
    if found.relapse is not None:
        lines.append(
            Said(
                f"Spasms were seen again on {short_date(found.relapse)}.",
                Account(
                    "The first day with spasms seen after 28 recorded days in a row with none."
                ),
            )
        )
    return lines


def _since(found: Endpoints) -> Said:
    account = Account(
        "Days that are over after the last day on which spasms were seen. Only recorded days count.",
    )
    if found.last_seen is None:
        return Said("No spasms seen on a recorded day of the diet so far.", account)
    when = f"Spasms last seen on {short_date(found.last_seen)}"
    if found.since is None:
        return Said(f"{when}.", account)
    recorded = plural(found.since.quiet_days, "recorded day")
    return Said(f"{when}; {recorded} with none seen since{_blanks(found.since)}.", account)


def _blanks(outcome: PeriodOutcome) -> str:
    blank = outcome.not_recorded_days
    return f", {plural(blank, 'day')} not recorded" if blank else ""


def _longest(run: QuietRun | None) -> Said:
    account = Account("Recorded days with none seen and no spasms seen between them.")
    if run is None:
        return Said("No recorded day with none seen yet.", account)
    between = f" ({plural(run.gap_days, 'day')} between them not recorded)" if run.gap_days else ""
    return Said(
        f"Longest recorded run with none seen: {plural(run.days, 'day')}, "
        f"{short_date(run.first)} to {short_date(run.last)}{between}.",
        account,
    )


def _milestone(m: Milestone) -> Said:
    """The rate before a fixed day, and on which side of half it stands."""
    label = f"Up to day {m.day}" if m.day < 84 else "Up to three months (day 84)"
    if m.outcome is None or m.change is None:
        return Said("")
    counts = (
        f"{clusters_on(m.change.after_count, m.change.after_days)} ({short_date(m.first)} to "
        f"{short_date(m.last)})"
    )
    side = {
        None: "too little recorded to compare with the four weeks before",
        True: "a fall of 50 % or more (≥) per watched day, as it was counted",
        False: "no fall of 50 % or more (≥) per watched day, as it was counted",
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
    return Said(f"{label}: {counts}; {side}.", account)


def _iciss(outcome: PeriodOutcome) -> Said:
    first, last = ICISS_DAYS
    seen = (
        "spasms were seen"
        if outcome.clusters
        else f"none seen on {outcome.watched_days} of {outcome.days} days that were recorded"
    )
    return Said(
        f"Day {first} to day {last}: {seen}.",
        Account(
            "The window of the ICISS trial: no spasms on and between day 14 and day 42.",
            inputs=(("Clusters seen", str(outcome.clusters)),),
            days_used=f"{outcome.watched_days} of {plural(outcome.days, 'day')}, "
            f"{dates_in_words([outcome.first])} to {dates_in_words([outcome.last])}.",
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
            f"{CESSATION_FROM_DAY}.",
            account,
        )
    return Said(
        f"{CESSATION_RUN_DAYS} recorded days in a row with none seen, from "
        f"{short_date(run.first)} on.",
        account,
    )
