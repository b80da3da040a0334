"""Why no menu fits, in words for a tired parent."""

from __future__ import annotations

from collections.abc import Sequence

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.week_problem import Between, WeekProblem
from quietdays.science.mealsolver.wording import figure, listed, nutrient_words


def week_message(problem: WeekProblem, conflict: Sequence[str]) -> str:
    """The rules that cannot be kept together, and that one of them has to give."""
    wishes = [_wish(problem, name) for name in conflict]
    if not wishes:
        return "No menu can be made of these recipes."
    told = listed(wishes)
    told = told[:1].upper() + told[1:]
    if len(wishes) == 1:
        return f"{told}: these recipes cannot keep that. Change it, or add recipes that fit."
    return (
        f"{told}: these recipes cannot keep all of that. "
        "Ease one of these, or add recipes that fit."
    )


def _wish(problem: WeekProblem, name: str) -> str:
    kind, subject = names.kind_of(name), names.subject_of(name)
    rules = problem.rules
    if kind == names.MAX_USES:
        return _uses(problem)
    if kind == names.GAP_DAYS:
        if rules.gap_days == 1:
            return "no recipe twice in a day"
        return f"the same recipe only every {_ordinal(rules.gap_days)} day"
    if kind == names.NEVER:
        return f"never {_recipe(problem, subject)}"
    if kind == names.FIXED:
        day, _, slot = subject.partition(":")
        fixed = next(f for f in rules.fixed if str(f.day) == day and f.slot == slot)
        return f"{_recipe(problem, fixed.recipe)} fixed for day {day}, {slot}"
    if kind == names.GROUP_DAY:
        most = rules.group_day_max[subject]
        return f"at most {most} {subject} {_meals(most)} a day" if most else f"no {subject} meals"
    if kind == names.GROUP_WEEK:
        return f"{_between(rules.group_week[subject], '')} {subject} meals in the week"
    if kind == names.DISTINCT_MIN:
        return f"at least {rules.distinct_min} different recipes"
    if kind == names.MINUTES_DAY_MAX:
        return f"at most {figure(rules.minutes_day_max or 0)} minutes of cooking a day"
    daily = next(d for d in rules.daily if d.id == subject)
    nutrient, unit = nutrient_words(daily.nutrient)
    return f"{_between(daily.between, unit)} {nutrient} a day"


def _uses(problem: WeekProblem) -> str:
    rules = problem.rules
    if rules.max_uses is None:
        return "the limits on how often a recipe comes"
    told = f"each recipe at most {_times(rules.max_uses)} in the week"
    return told + (" (some have their own limit)" if rules.max_uses_of else "")


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _meals(count: int) -> str:
    return "meal" if count == 1 else "meals"


def _ordinal(days: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(days, f"{days}th")


def _between(between: Between, unit: str) -> str:
    unit = f" {unit}" if unit else ""
    if between.least is None or between.least == 0:
        return f"at most {figure(between.most or 0)}{unit}"
    if between.most is None:
        return f"at least {figure(between.least)}{unit}"
    return f"{figure(between.least)} to {figure(between.most)}{unit}"


def _recipe(problem: WeekProblem, id_: str) -> str:
    name = next(recipe.name for recipe in problem.recipes if recipe.id == id_)
    return f"“{name or id_}”"
