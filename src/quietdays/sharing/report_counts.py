"""The first table of the report: what was seen, in columns for each stretch of time.

A period in which nobody watched has no numbers, not noughts.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from quietdays.diary.models import SpasmCluster
from quietdays.insights.days import diary_days
from quietdays.people.models import Child
from quietdays.people.queries import between_dates
from quietdays.science.days import DiaryDay
from quietdays.science.outcomes import PeriodOutcome, baseline_window, period_outcome
from quietdays.words import counted, short_date


def counts_table(child: Child, days: list[DiaryDay], now: datetime) -> list[list[str]]:
    """Columns of the first table: before the diet, the period, its last 28 and 7 days."""
    last = days[-1].date
    columns: list[tuple[str, list[DiaryDay]]] = [("This period", days)]
    if child.diet_started_on is not None and child.diet_started_on <= last + timedelta(days=1):
        start, end = baseline_window(child.diet_started_on)
        columns.insert(0, ("4 weeks before the diet", diary_days(child, start, end, now=now)))
    for label, length in (("Last 28 days", 28), ("Last 7 days", 7)):
        start = max(child.birth_date, last - timedelta(days=length - 1))
        columns.append((label, diary_days(child, start, last, now=now)))
    sizes = [_cluster_sizes(child, d) for _, d in columns]
    outcomes = [period_outcome(d) for _, d in columns]
    rows = [["", *(label for label, _ in columns)]]
    rows.append(["Watched days", *(_of_days(o) for o in outcomes)])
    rows.append(["Clusters seen", *(_clusters(o) for o in outcomes)])
    rows.append(
        [
            "Clusters seen, per watched day",
            *(rate_text(o.clusters_per_watched_day) for o in outcomes),
        ]
    )
    rows.append(["Spasms seen", *(_spasms(o) for o in outcomes)])
    rows.append(["Spasms seen, per watched day", *(_spasm_rate(o) for o in outcomes)])
    rows.append(["Spasms in a cluster, median (of clusters with a number)", *sizes])
    rows.append(["Longest cluster", *(_longest(d) for _, d in columns)])
    rows.append(["Watched days, none seen", *(_quiet(o) for o in outcomes)])
    rows.append(["Longest run of these", *(_run(o) for o in outcomes)])
    rows.append(["Last seen on", *(_when(o.last_seen) for o in outcomes)])
    rows.append(["Other seizures", *(_other_seizures(o) for o in outcomes)])
    return rows


def _of_days(outcome: PeriodOutcome) -> str:
    return f"{outcome.watched_days} of {outcome.days}" if outcome.days else "–"


def _clusters(outcome: PeriodOutcome) -> str:
    """A period without a watched day has no number, not the number 0."""
    today = f"{outcome.clusters_today} today" if outcome.clusters_today else ""
    watched = str(outcome.clusters) if outcome.watched_days else ""
    return " + ".join(part for part in (watched, today) if part) or "–"


def _spasms(outcome: PeriodOutcome) -> str:
    watched = today = ""
    if outcome.watched_days:
        watched = _floored(outcome.spasms, outcome.clusters, outcome.spasms_at_least)
    if outcome.clusters_today:
        counted = _floored(
            outcome.spasms_today, outcome.clusters_today, outcome.spasms_today_at_least
        )
        today = f"{counted} today"
    return " + ".join(part for part in (watched, today) if part) or "–"


def _floored(spasms: int, clusters: int, is_floor: bool) -> str:
    if clusters and not spasms:
        return "not counted"
    return f"{'at least ' if is_floor else ''}{spasms}"


def _spasm_rate(outcome: PeriodOutcome) -> str:
    if outcome.clusters and not outcome.spasms:
        return "–"
    at_least = "at least " if outcome.spasms_at_least else ""
    return at_least + rate_text(outcome.spasms_per_watched_day)


def _quiet(outcome: PeriodOutcome) -> str:
    return str(outcome.quiet_days) if outcome.watched_days else "–"


def _other_seizures(outcome: PeriodOutcome) -> str:
    if outcome.other_seizures:
        return str(outcome.other_seizures)
    return "none recorded" if outcome.watched_days else "–"


def rate_text(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _when(day: date | None) -> str:
    return short_date(day) if day else "–"


def _run(outcome: PeriodOutcome) -> str:
    if not outcome.longest_quiet_run:
        return "–"
    text = counted(outcome.longest_quiet_run, "day")
    gap = outcome.longest_quiet_run_gap_days
    return f"{text} ({gap} not recorded between)" if gap else text


def _longest(days: list[DiaryDay]) -> str:
    minutes = [d.longest_cluster_min for d in days if d.longest_cluster_min is not None]
    if minutes:
        return f"{max(minutes):.0f} min"
    return "not timed" if any(d.clusters for d in days) else "–"


def _cluster_sizes(child: Child, days: list[DiaryDay]) -> str:
    rows = between_dates(SpasmCluster, child, days[0].date, days[-1].date)
    sizes = sorted(c.spasm_count for c in rows if c.spasm_count is not None)
    if not sizes:
        return "–"
    middle = len(sizes) // 2
    median = sizes[middle] if len(sizes) % 2 else (sizes[middle - 1] + sizes[middle]) / 2
    return f"{median:g} (of {len(sizes)})"
