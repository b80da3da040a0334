"""A week's menu: every rule kept, a high score, and a true conflict where there is none."""

from __future__ import annotations

import copy

import pytest

from quietdays.science.mealsolver import (
    Refused,
    SolvedWeek,
    WeekProblem,
    read_problem,
    solve_week,
    week_broken,
    week_score,
)
from quietdays.science.mealsolver.week_model import Relaxation, build_week_model
from tests.science.meal_peer import week_optimum
from tests.science.meal_problems import made_up


def week(seed: int = 0, **rules) -> WeekProblem:
    document = copy.deepcopy(made_up("week", seed))
    document["rules"] |= rules
    problem = read_problem(document)
    assert isinstance(problem, WeekProblem)
    return problem


def solved(problem: WeekProblem) -> SolvedWeek:
    answer = solve_week(problem)
    assert isinstance(answer, SolvedWeek), answer
    return answer


# A menu that keeps the plain rules, to be tampered with.
PLAIN = week(0)


@pytest.mark.parametrize("seed", [0, 2, 4, 13, 14])
def test_a_menu_keeps_every_rule_and_scores_near_the_bound(seed):
    problem = week(seed)
    answer = solved(problem)
    assert week_broken(problem, answer.menu) == ()
    assert answer.score == week_score(problem, answer.menu)
    model = build_week_model(problem)
    bound = Relaxation(model).bound(model.names) - 0.5 * 35  # no menu can score more
    assert answer.score >= 0.95 * bound
    assert answer.score <= bound + 1e-6


def test_the_same_week_always_has_the_same_menu():
    assert solve_week(PLAIN) == solve_week(PLAIN)


def test_fixed_and_never_are_kept():
    recipe = next(r.id for r in PLAIN.recipes if "dinner" in r.slots)
    other = next(r.id for r in PLAIN.recipes if "lunch" in r.slots and r.id != recipe)
    problem = week(0, fixed=[{"day": 3, "slot": "dinner", "recipe": recipe}], never=[other])
    menu = solved(problem).menu
    assert menu[3]["dinner"] == recipe
    assert all(other not in meals.values() for meals in menu.values())


@pytest.mark.parametrize("seed", [5, 6, 8, 11, 27, 29])
def test_a_week_that_cannot_be_is_refused_with_a_conflict_that_is_true_and_not_idle(seed):
    document = made_up("week", seed)
    answer = solve_week(read_problem(document))
    assert isinstance(answer, Refused)
    conflict = set(answer.conflict)
    assert week_optimum(document, conflict, aim=False)[0] is False
    for name in conflict:
        assert week_optimum(document, conflict - {name}, aim=False)[0] is True, name


CONFLICTS = {
    "a recipe that is fixed and never wanted": (
        {"fixed": [{"day": 2, "slot": "dinner", "recipe": "r00"}], "never": ["r00"]},
        ("never:r00", "fixed:2:dinner"),
        "Never “Recipe 0” and “Recipe 0” fixed for day 2, dinner: these recipes cannot keep all",
    ),
    "a recipe fixed where it does not fit": (
        {"fixed": [{"day": 2, "slot": "breakfast", "recipe": "r00"}]},
        ("fixed:2:breakfast",),
        "“Recipe 0” fixed for day 2, breakfast: these recipes cannot keep that.",
    ),
    "twice on two days in a row": (
        {"fixed": [{"day": 2, "slot": "dinner", "recipe": "r00"},
                   {"day": 3, "slot": "lunch", "recipe": "r00"}], "gap_days": 2},
        ("gap_days", "fixed:2:dinner", "fixed:3:lunch"),
        "The same recipe only every second day",
    ),
    "more different recipes than there are": (
        {"distinct_min": 36},
        ("distinct_min",),
        "At least 36 different recipes: these recipes cannot keep that.",
    ),
    "no time to cook": (
        {"minutes_day_max": 20},
        ("minutes_day_max",),
        "At most 20 minutes of cooking a day",
    ),
    "less than nothing of a nutrient": (
        {"daily": [{"id": "carb_cap", "nutrient": "carb", "max": 0.5}]},
        ("daily:carb_cap",),
        "At most 0.5 g carbohydrate a day",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFLICTS)
def test_what_cannot_be_kept_is_named_and_said(case):
    rules, conflict, words = CONFLICTS[case]
    answer = solve_week(week(0, **({"fixed": [], "never": []} | rules)))
    assert isinstance(answer, Refused)
    assert set(answer.conflict) == set(conflict)
    assert words in answer.message


def test_a_recipe_out_of_the_gap_rule_may_come_every_day():
    document = copy.deepcopy(made_up("week", 0))
    document["rules"] |= {"fixed": [{"day": day, "slot": "dinner", "recipe": "r00"}
                                    for day in range(1, 8)],
                          "gap_exempt": ["r00"], "group_day_max": {}, "group_week": {}, "daily": [],
                          "max_uses": {"default": 3, "by_recipe": {"r00": 7}}}  # fmt: skip
    menu = solved(read_problem(document)).menu
    assert {meals["dinner"] for meals in menu.values()} == {"r00"}


@pytest.mark.parametrize("days", [1, 3, 10])
def test_a_week_may_be_shorter_or_longer(days):
    document = copy.deepcopy(made_up("week", 0))
    document |= {"days": days}
    document["rules"] |= {"fixed": [], "distinct_min": 5, "group_week": {}}
    problem = read_problem(document)
    menu = solved(problem).menu
    assert sorted(menu) == list(range(1, days + 1))
    assert week_broken(problem, menu) == ()


def tampered(day: int, slot: str, recipe: str) -> dict[int, dict[str, str]]:
    menu = {d: dict(meals) for d, meals in solved(PLAIN).menu.items()}
    menu[day][slot] = recipe
    return menu


def test_the_verifier_knows_a_menu_from_none():
    menu = solved(PLAIN).menu
    assert week_broken(PLAIN, menu) == ()
    assert week_broken(PLAIN, {}) == ("menu",)
    assert week_broken(PLAIN, {day: {} for day in menu}) == ("menu",)
    assert week_broken(PLAIN, tampered(1, "dinner", "nobody")) == ("menu",)
    assert week_broken(PLAIN, tampered(1, "breakfast", "r00")) == ("menu",)  # a main dish


def test_the_verifier_names_the_rules_that_a_menu_breaks():
    same = {
        day: {slot.id: next(r.id for r in PLAIN.recipes if slot.id in r.slots)
              for slot in PLAIN.slots}
        for day in range(1, 8)
    }  # fmt: skip
    strict = week(0, never=["r00"], fixed=[{"day": 1, "slot": "dinner", "recipe": "r03"}],
                  minutes_day_max=1, group_week={"fish": {"min": 35}},
                  daily=[{"id": "p", "nutrient": "protein", "min": 900}])  # fmt: skip
    found = set(week_broken(strict, same))
    assert found >= {"max_uses", "gap_days", "never:r00", "fixed:1:dinner", "minutes_day_max",
                     "group_week:fish", "daily:p", "distinct_min"}  # fmt: skip
