"""Every chart of two years of days, as a share of the second that a page may take.

The days are made up: something in every lane and panel, more than a real diary holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from quietdays.insights import charts
from quietdays.insights.charts import Chart, EffectRow, ForestRow
from quietdays.science.days import CheckIn, DiaryDay, MedicineChange, MedicineInForce

_DAYS, _LIMIT_MS, _ROUNDS = 730, 1000, 9
_FIRST = date(2025, 1, 1)
_STATES = ("on_waking", "asleep", "awake", "")


def charts_of_two_years() -> None:
    from bench.__main__ import median_ms, show

    for name, draw in _drawings(_made_up()).items():
        show(name, median_ms(draw, _ROUNDS), _LIMIT_MS, "one second")


def _drawings(days: list[DiaryDay]) -> dict[str, Callable[[], Chart | str]]:
    periods = [EffectRow(f"Weeks {n}", 0.8, 0.6, 1.1, 0.5, 1.2) for n in range(26)]
    factors = [
        ForestRow(f"Factor {n}", "each step", 0.9, 0.7, 1.2, "no clear link") for n in range(12)
    ]
    return {
        "timeline of two years": lambda: charts.timeline(days),
        "  the same for paper": lambda: charts.on_paper(charts.timeline(days, width=880)),
        "day by hour of two years": lambda: charts.day_by_hour(days),
        "hours since waking of two years": lambda: charts.hours_since_waking(days),
        "month, from two years": lambda: charts.month_heat_map(days, first=days[-1].date),
        "week, from two years": lambda: charts.week_chart(days),
        "effect of 26 periods": lambda: charts.effect_intervals(periods),
        "12 factors": lambda: charts.factor_forest(factors),
    }


def _made_up() -> list[DiaryDay]:
    return [_day(n) for n in range(_DAYS)]


def _day(n: int) -> DiaryDay:
    clusters = None if n % 11 == 5 else (3, 0, 1, 5, 0, 2)[n % 6]
    return DiaryDay(
        _FIRST + timedelta(days=n),
        clusters=clusters,
        spasms=clusters and 10 * clusters,
        spasms_at_least=n % 7 == 0,
        onset_minutes=tuple((400 + 173 * i + n) % 1440 for i in range(clusters or 0)),
        onset_states=tuple(_STATES[(n + i) % 4] for i in range(clusters or 0)),
        woke_minute=None if n % 5 == 0 else 380 + n % 60,
        hours_watched=12.0 + n % 3,
        on_diet=n > 60,
        prescribed_ratio=2.0 + (n // 90) % 3,
        prescription_changed=n % 90 == 0,
        medicines=tuple(MedicineInForce(f"M{i}", 100.0 + n // 60, "mg") for i in range(4)),
        medicine_changes=(MedicineChange("M1", "up"),) if n % 60 == 0 else (),
        illness=n % 40 < 3,
        ketones_mmol_l=(3.0 + (n % 10) / 10, 3.4),
        weight_kg=7.0 + n / 365,
        adherence_reported_percent=90.0,
        check_in=CheckIn(sleep_hours=12.0),
    )
