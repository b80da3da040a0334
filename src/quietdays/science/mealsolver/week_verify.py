"""The second pair of eyes for a week: every rule looked at again in the finished menu.

It shares no code with the rows and the search, and counts in decimals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from quietdays.science.mealsolver.week_problem import Recipe, WeekProblem


def week_broken(problem: WeekProblem, menu: Mapping[int, Mapping[str, str]]) -> tuple[str, ...]:
    """Names of the rules that this menu breaks; `menu` where it is no menu at all."""
    known = {recipe.id: recipe for recipe in problem.recipes}
    slots = [slot.id for slot in problem.slots]
    if sorted(menu) != list(range(1, problem.days + 1)):
        return ("menu",)
    for meals in menu.values():
        if set(meals) != set(slots):
            return ("menu",)
        if any(r not in known or slot not in known[r].slots for slot, r in meals.items()):
            return ("menu",)
    whole = [*_uses_broken(problem, menu), *_decided_broken(problem, menu)]
    whole += [*_groups_broken(problem, menu, known), *_days_broken(problem, menu, known)]
    distinct = {recipe for meals in menu.values() for recipe in meals.values()}
    if problem.rules.distinct_min is not None and len(distinct) < problem.rules.distinct_min:
        whole.append("distinct_min")
    return tuple(dict.fromkeys(whole))


def week_score(problem: WeekProblem, menu: Mapping[int, Mapping[str, str]]) -> float:
    """Scores of all meals, less the price of every meal that repeats a recipe."""
    scores = {recipe.id: Decimal(str(recipe.score)) for recipe in problem.recipes}
    eaten = [recipe for meals in menu.values() for recipe in meals.values()]
    liked = sum((scores[recipe] for recipe in eaten), Decimal(0))
    repeats = len(eaten) - len(set(eaten))
    weight, price = Decimal(str(problem.score_weight)), Decimal(str(problem.repeat_weight))
    return float(weight * liked - price * repeats)


def _uses_broken(problem: WeekProblem, menu: Mapping[int, Mapping[str, str]]) -> Iterator[str]:
    rules = problem.rules
    eaten: dict[str, list[int]] = {}
    for day in sorted(menu):
        for recipe in menu[day].values():
            eaten.setdefault(recipe, []).append(day)
    for recipe, on_days in eaten.items():
        most = rules.max_uses_of.get(recipe, rules.max_uses)
        if most is not None and len(on_days) > most:
            yield "max_uses"
        apart = [later - day for day, later in pairwise(on_days)]
        if recipe not in rules.gap_exempt and any(gap < rules.gap_days for gap in apart):
            yield "gap_days"


def _decided_broken(problem: WeekProblem, menu: Mapping[int, Mapping[str, str]]) -> Iterator[str]:
    eaten = {recipe for meals in menu.values() for recipe in meals.values()}
    for recipe in problem.rules.never:
        if recipe in eaten:
            yield f"never:{recipe}"
    for fixed in problem.rules.fixed:
        if menu[fixed.day][fixed.slot] != fixed.recipe:
            yield f"fixed:{fixed.day}:{fixed.slot}"


def _groups_broken(
    problem: WeekProblem, menu: Mapping[int, Mapping[str, str]], known: Mapping[str, Recipe]
) -> Iterator[str]:
    week: Counter[str] = Counter()
    for meals in menu.values():
        day = Counter(known[recipe].group for recipe in meals.values())
        week += day
        for group, most in problem.rules.group_day_max.items():
            if day[group] > most:
                yield f"group_day:{group}"
    for group, between in problem.rules.group_week.items():
        few = between.least is not None and week[group] < between.least
        if few or (between.most is not None and week[group] > between.most):
            yield f"group_week:{group}"


def _days_broken(
    problem: WeekProblem, menu: Mapping[int, Mapping[str, str]], known: Mapping[str, Recipe]
) -> Iterator[str]:
    kcal = {slot.id: Decimal(str(slot.energy_kcal)) for slot in problem.slots}
    rules = problem.rules
    for meals in menu.values():
        minutes = sum(Decimal(str(known[recipe].minutes)) for recipe in meals.values())
        if rules.minutes_day_max is not None and minutes > Decimal(str(rules.minutes_day_max)):
            yield "minutes_day_max"
        for daily in rules.daily:
            total = Decimal(0)
            for slot, recipe in meals.items():
                per_100kcal = known[recipe].per_100kcal.get(daily.nutrient, 0.0)
                total += Decimal(str(per_100kcal)) * kcal[slot] / 100
            least, most = daily.between.least, daily.between.most
            few = least is not None and total < Decimal(str(least))
            if few or (most is not None and total > Decimal(str(most))):
                yield f"daily:{daily.id}"
