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

from bench import archives, charts, clinic, effect, foods, meals, night_log, reminders


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


def pages_of_a_child() -> None:
    from quietdays.insights.change import child_effect
    from quietdays.insights.days import diary_days
    from quietdays.insights.weekly import week_of, week_summary
    from quietdays.people.models import Child
    from quietdays.sharing.report import default_period, report_pdf

    child = Child.objects.get(name="Noor")
    today = child.today()
    show("two years of days from records",
         median_ms(lambda: diary_days(child, today - timedelta(days=729), today), 5),
         1000, "one second")  # fmt: skip
    show("weekly summary", median_ms(lambda: week_summary(child, week_of(today, child)), 9),
         300, "300 ms for a page")  # fmt: skip
    show("effect page's figures", median_ms(lambda: child_effect(child), 5),
         300, "300 ms for a page")  # fmt: skip
    first, last = default_period(child)
    show("report of twelve weeks", median_ms(lambda: report_pdf(child, first, last), 5),
         1000, "one second")  # fmt: skip


def main() -> None:
    command_start()
    effect.effect_of_diaries()
    meals.run()
    charts.charts_of_two_years()
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
        reminders.run(show)
        clinic.run(show)
    night_log.run(show)
    archives.run(show)


if __name__ == "__main__":
    main()
