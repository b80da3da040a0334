"""`make bench`: how fast, as a share of a named limit. Prints; asserts nothing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench import foods, meals, night_log


def median_ms(work: Callable[[], object], rounds: int) -> float:
    work()  # the first round warms up
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def show(what: str, found: float, limit: float, limit_name: str, unit: str = "ms") -> None:
    print(f"{what:44} {found:8.1f} {unit:2}   {100 * found / limit:5.0f} % of {limit_name}")


def command_start() -> None:
    quietdays = Path(sys.executable).with_name("quietdays")
    line = [quietdays, "targets", "--kcal", "560", "--ratio", "3", "--protein", "11.2", "--json"]
    ms = median_ms(lambda: subprocess.run(line, check=True, capture_output=True), 9)
    show("quietdays targets, from the shell", ms, 300, "the 0.3 s limit")
    bare = median_ms(lambda: subprocess.run([sys.executable, "-c", ""], check=True), 9)
    show("  an empty Python program, for comparison", bare, 300, "the 0.3 s limit")


def effect_of_a_diary() -> None:
    from quietdays.science.effect import effect
    from tests.science.diaries import DIET_STARTED, made_up_diary

    days = made_up_diary(1, ratio=0.5, days_on_diet=84)
    ms = median_ms(lambda: effect(days, diet_started=DIET_STARTED), 21)
    show("effect of a diary of 16 weeks", ms, 50, "the 50 ms limit")


def pages_of_a_child() -> None:
    from quietdays.insights.change import child_effect
    from quietdays.insights.charts import month_heat_map, timeline
    from quietdays.insights.days import diary_days
    from quietdays.insights.weekly import week_of, week_summary
    from quietdays.people.models import Child
    from quietdays.sharing.report import default_period, report_pdf

    child = Child.objects.get(name="Noor")
    today = child.today()
    year = diary_days(child, today - timedelta(days=729), today)
    show("two years of days from records",
         median_ms(lambda: diary_days(child, today - timedelta(days=729), today), 5),
         1000, "one second")  # fmt: skip
    show("timeline of two years", median_ms(lambda: timeline(year), 9), 1000, "one second")
    month = [d for d in year if d.date.month == today.month and d.date.year == today.year]
    show("month heat map", median_ms(lambda: month_heat_map(month, first=today), 9),
         1000, "one second")  # fmt: skip
    show("weekly summary", median_ms(lambda: week_summary(child, week_of(today)), 9),
         300, "300 ms for a page")  # fmt: skip
    show("effect page's figures", median_ms(lambda: child_effect(child), 5),
         300, "300 ms for a page")  # fmt: skip
    first, last = default_period(child)
    show("report of twelve weeks", median_ms(lambda: report_pdf(child, first, last), 5),
         1000, "one second")  # fmt: skip


def main() -> None:
    command_start()
    effect_of_a_diary()
    meals.run()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUIETDAYS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "quietdays.web.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from quietdays.diet.starter import load_starter_foods
        from quietdays.sharing.demo import make_demo

        call_command("migrate", verbosity=0)
        load_starter_foods()
        make_demo(say=lambda text: None)
        pages_of_a_child()
        foods.run()
    night_log.run(show)


if __name__ == "__main__":
    main()
