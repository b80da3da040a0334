"""The endpoints of trials in plain sentences, each with its definition beside it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, gettext_lazy

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
from quietdays.words import counted, dated, from_to, joined, short_date

EEG = gettext_lazy(
    "A response in infantile spasms needs an EEG: no count of what was seen can show it."
)


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
                gettext("Spasms were seen again on %(day)s.") % {"day": _dated(found.relapse)},
                Account(
                    gettext(
                        "The first day with spasms seen after 28 recorded days in a row with none."
                    )
                ),
            )
        )
    return lines


def _dated(day: date) -> str:
    return dated(day, "j M Y")


def _span(first: date, last: date) -> str:
    return _dated(first) if first == last else from_to(short_date(first), _dated(last))


def _since(found: Endpoints) -> Said:
    account = Account(
        gettext(
            "Days that are over after the last day on which spasms were seen. Only recorded "
            "days count."
        ),
    )
    since = found.since
    if found.last_seen is None and since is not None:
        if not since.watched_days:
            return Said(gettext("No day of the diet was recorded yet."), account)
        none_seen = gettext("On the diet: none seen on %(days)s") % {
            "days": counted(since.watched_days, "recorded day")
        }
        return Said(f"{joined(none_seen, _blanks(since))}.", account)
    when = (
        gettext("Spasms last seen on %(day)s") % {"day": _dated(found.last_seen)}
        if found.last_seen
        else ""
    )
    if since is None:
        return Said(f"{when}.", account)
    quiet = gettext("%(last_seen)s; %(days)s with none seen since") % {
        "last_seen": when,
        "days": counted(since.quiet_days, "recorded day"),
    }
    return Said(f"{joined(quiet, _blanks(since))}.", account)


def _blanks(outcome: PeriodOutcome) -> str:
    blank = outcome.not_recorded_days
    return gettext("%(days)s not recorded") % {"days": counted(blank, "day")} if blank else ""


def _longest(run: QuietRun | None) -> Said:
    account = Account(
        gettext(
            "Recorded days with none seen and no spasms seen between them. Days between them "
            "that were not recorded are told apart: nobody knows what they held."
        )
    )
    if run is None:
        return Said(gettext("No recorded day with none seen yet."), account)
    days = counted(run.days, "recorded day")
    told = {"days": days, "span": _span(run.first, run.last)}
    if not run.gap_days:
        return Said(gettext("Longest run with none seen: %(days)s, %(span)s.") % told, account)
    text = gettext(
        "Longest run with none seen: %(days)s, %(span)s, with %(between)s between them not recorded."
    )
    return Said(text % {**told, "between": counted(run.gap_days, "day")}, account)


def _milestone(m: Milestone) -> Said:
    """The rate before a fixed day, and on which side of half it stands."""
    label = (
        gettext("Up to day %(day)s") % {"day": m.day}
        if m.day < 84
        else gettext("Up to three months (day 84)")
    )
    if m.outcome is None or m.change is None:
        return Said("")
    span = _span(m.first, m.last)
    if not m.change.after_days:
        return Said(
            gettext("%(label)s (%(span)s): nothing was recorded.") % {"label": label, "span": span}
        )
    counts = clusters_on(m.change.after_count, m.change.after_days)
    side = {
        None: gettext("too little recorded to compare with the four weeks before"),
        True: gettext(
            "a fall of 50 % or more (≥) per watched day, with no allowance for ups and downs"
        ),
        False: gettext(
            "no fall of 50 % or more (≥) per watched day, with no allowance for ups and downs"
        ),
    }[m.is_responder]
    account = Account(
        formula=gettext(
            "Clusters per watched day in these days ÷ the same in the 28 days before the diet. "
            "50 % counts as a fall by half (≥); trials that ask for more than 50 % (>) differ "
            "at exactly half. Natural ups and downs are not allowed for."
        ),
        inputs=(
            (gettext("These days"), clusters_on(m.change.after_count, m.change.after_days)),
            (gettext("Before the diet"), clusters_on(m.change.before_count, m.change.before_days)),
        ),
        missing=gettext("Half of the days and 14 days before the diet have to be recorded."),
    )
    return Said(f"{label} ({span}): {counts}; {side}.", account)


def _iciss(outcome: PeriodOutcome) -> Said:
    first, last = ICISS_DAYS
    window = gettext("Day %(first)s to day %(last)s after the first (%(span)s)") % {
        "first": first,
        "last": last,
        "span": _span(outcome.first, outcome.last),
    }
    recorded = gettext("%(recorded)s of %(days)s days recorded") % {
        "recorded": outcome.watched_days,
        "days": outcome.days,
    }
    if not outcome.watched_days:
        seen = gettext("nothing was recorded")
    elif outcome.clusters:
        seen = gettext("%(days)s, %(clusters)s seen") % {
            "days": recorded,
            "clusters": counted(outcome.clusters, "cluster"),
        }
    else:
        seen = gettext("%(days)s, none seen on them") % {"days": recorded}
    return Said(
        f"{window}: {seen}.",
        Account(
            gettext(
                "The window of the ICISS trial: no spasms on and between day 14 and day 42, "
                "counted from the first diet day as day 0."
            ),
            inputs=((gettext("Clusters seen"), str(outcome.clusters)),)
            if outcome.watched_days
            else (),
            days_used=f"{recorded}.",
        ),
    )


def _cessation(run: QuietRun | None) -> Said:
    account = Account(
        gettext(
            "West Delphi group 2004: none seen for %(days)s days in a row, from "
            "day %(from_day)s at the latest. Here every one of the days must be "
            "recorded."
        )
        % {"days": CESSATION_RUN_DAYS, "from_day": CESSATION_FROM_DAY},
    )
    if run is None:
        return Said(
            gettext(
                "No %(days)s recorded days in a row with none seen that began by day "
                "%(from_day)s after the first."
            )
            % {"days": CESSATION_RUN_DAYS, "from_day": CESSATION_FROM_DAY},
            account,
        )
    return Said(
        gettext("%(days)s or more recorded days in a row with none seen: %(span)s.")
        % {"days": CESSATION_RUN_DAYS, "span": _span(run.first, run.last)},
        account,
    )
