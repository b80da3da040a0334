"""Meals that cannot be made: a true conflict, nothing idle in it, ways out that work."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quietdays.science.mealsolver import (
    Fix,
    FoodValues,
    Item,
    Limit,
    MealProblem,
    Refused,
    Solved,
    Target,
    read_problem,
    solve_meal,
)
from quietdays.science.mealsolver.fixes import changed
from quietdays.science.mealsolver.plausible import is_plausible, rank, share_moved
from tests.science.meal_peer import meal_optimum
from tests.science.meal_problems import made_up
from tests.science.test_mealsolver_meal import FOODS, a_meal


def refused(problem: MealProblem) -> Refused:
    answer = solve_meal(problem)
    assert isinstance(answer, Refused), answer
    return answer


def impossible_problems(count: int):
    found = 0
    for seed in range(200):
        for family in ("scale", "round", "exchange", "formula", "build"):
            problem = made_up(family, seed)
            answer = solve_meal(read_problem(problem))
            if isinstance(answer, Refused):
                yield problem, answer
                found += 1
                if found == count:
                    return


def test_conflicts_are_true_and_nothing_in_them_is_idle():
    for problem, answer in impossible_problems(25):
        conflict = set(answer.conflict)
        assert meal_optimum(problem, conflict, aim=False)[0] is False, problem["id"]
        for name in conflict:
            rest, _, _ = meal_optimum(problem, conflict - {name}, aim=False)
            assert rest is True, (problem["id"], name)


def test_every_way_out_works_alone():
    for problem, answer in impossible_problems(15):
        for fix in answer.relax:
            eased = changed(read_problem(problem), fix)
            assert isinstance(solve_meal(eased), Solved), (problem["id"], fix)
        assert len(answer.relax) <= 3


def test_the_same_refusal_twice():
    problem = a_meal(Item("egg", locked_g=60), Item("butter", max_g=6), kcal=150)
    assert refused(problem) == refused(problem)


MESSAGES = {
    "too much of a fixed food": (
        a_meal(Item("egg", locked_g=40), Item("cream", 20), Item("butter", 10)),
        ("locked:egg", "ratio", "kcal"),
        "Egg fixed at 40 g is too much for 4:1 and 150 kcal. It would work with egg at",
    ),
    "a most in the way": (
        a_meal(Item("egg", locked_g=20), Item("butter", max_g=6), kcal=111),
        ("ratio", "kcal", "max:butter"),
        "At most 6 g butter is not enough for 4:1 and 111 kcal. It would work with up to",
    ),
    "a least in the way": (
        a_meal(Item("cream", min_g=60), Item("egg"), Item("butter"), kcal=150),
        ("kcal", "min:cream"),
        "At least 60 g cream is too much for 150 kcal. It would work with cream from",
    ),
    "left out and asked for": (
        a_meal(Item("egg", 10), Item("cream"), Item("butter"), Item("avocado", min_g=5, banned=True)),
        ("min:avocado", "banned:avocado"),
        "Avocados is left out, yet at least 5 g avocados is asked for.",
    ),
    "a limit in the way": (
        a_meal(Item("egg"), Item("cream"), Item("butter"),
               limits=(Limit("p", "protein", least=6),)),
        ("ratio", "kcal", "limit:p"),
        "At least 6 g protein cannot be kept at 4:1 and 150 kcal. If your care team agrees",
    ),
    "an amount no scale shows": (
        a_meal(Item("egg", locked_g=8.45), Item("cream"), Item("butter"), Item("avocado")),
        ("step", "locked:egg"),
        "Egg fixed at 8.45 g cannot be weighed: the scale shows no such amount.",
    ),
    "steps too coarse": (
        a_meal(Item("egg", 3, step_g=5), Item("butter", 3, step_g=5), kcal=50),
        ("step", "ratio", "kcal"),
        "No amounts in whole steps of the scale (5 g) come close enough to 4:1 and 50 kcal.",
    ),
    "foods that cannot": (
        a_meal(Item("oil", 10), Item("butter", 10)),
        ("ratio", "kcal"),
        "These foods alone cannot come to 4:1 and 150 kcal.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MESSAGES)
def test_a_refusal_says_in_words_what_stands_in_the_way(case):
    problem, conflict, words = MESSAGES[case]
    answer = refused(problem)
    assert set(answer.conflict) == set(conflict)
    assert words in answer.message
    assert answer.message.endswith(".")


def test_steps_that_are_too_coarse_come_with_a_finer_scale_or_a_batch():
    message = refused(MESSAGES["steps too coarse"][0]).message
    assert "A scale that shows 0.1 g or cooking 20 meals at once" in message


def test_a_locked_amount_off_the_scale_may_move_to_the_next_step():
    answer = refused(MESSAGES["an amount no scale shows"][0])
    assert [fix.constraint for fix in answer.relax] == ["locked:egg"]
    assert str(answer.relax[0].to) in ("8.4", "8.5")


def test_portions_and_numbers_of_foods_can_be_the_reason():
    items = [Item(food, use_min_g=20) for food in ("egg", "cream", "butter")]
    answer = refused(a_meal(*items, kcal=60))
    assert {name.split(":")[0] for name in answer.conflict} >= {"use_min"}
    foods = ("egg", "cream", "avocado", "butter")
    few = refused(a_meal(*(Item(food, min_g=3) for food in foods), max_items=2))
    assert "max_items" in few.conflict
    assert "at most 2 foods" in few.message.lower()


def test_a_ratio_that_would_fit_is_named_as_the_care_teams_to_choose():
    problem = MealProblem(FOODS, (Item("egg", 20), Item("cream", 20)), Target(8, 150))
    answer = refused(problem)
    ways = {fix.constraint: fix.to for fix in answer.relax}
    assert float(ways["ratio"]) == pytest.approx(6.5, abs=0.02)
    assert "If your care team agrees, it would work with a ratio of" in answer.message


FAR_OFF = {
    "less than half the ratio": (
        MealProblem(FOODS, (Item("egg"), Item("avocado")), Target(8, 150)), "ratio", ":1",
    ),
    "energy of six meals": (
        a_meal(Item("cream"), Item("egg", min_g=80), Item("butter"), kcal=60), "kcal", " kcal",
    ),
    "a limit of many times as much": (
        a_meal(Item("egg", locked_g=15), Item("cream"), Item("butter"),
               limits=(Limit("p", "protein", most=0.5),)), "limit:p", " g protein",
    ),
    "a limit of nought": (
        a_meal(Item("egg", min_g=5), Item("cream"), Item("butter"),
               limits=(Limit("p", "protein", most=0),)), "limit:p", " g protein",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAR_OFF)
def test_a_way_out_that_nobody_can_go_is_in_the_list_and_not_in_the_sentence(case):
    problem, constraint, unit = FAR_OFF[case]
    answer = refused(problem)
    far = next(fix for fix in answer.relax if fix.constraint == constraint)
    assert not is_plausible(problem, far)
    assert f"{far.to.normalize():f}{unit}" not in answer.message
    if not any(is_plausible(problem, fix) for fix in answer.relax):
        assert answer.message.endswith("ask your dietitian.")


def test_changes_of_foods_and_limits_come_before_those_of_the_targets():
    for document, answer in impossible_problems(15):
        problem = read_problem(document)
        told = [fix for fix in answer.relax if is_plausible(problem, fix)]
        assert list(answer.relax[: len(told)]) == told
        ranks = [rank(fix.constraint) for fix in told]
        assert ranks == sorted(ranks)
        for kind in set(ranks):
            moved = [share_moved(problem, fix) for fix in told if rank(fix.constraint) == kind]
            assert moved == sorted(moved)


@pytest.mark.parametrize(
    ("constraint", "to", "is_told"),
    [("ratio", "3", True), ("ratio", "2.99", False), ("ratio", "5.01", False),
     ("kcal", "187", True), ("kcal", "188", False), ("kcal", "112", False),
     ("limit:p", "2.5", True), ("limit:p", "2.4", False), ("limit:p", "9", True),
     ("limit:p", "9.1", False), ("locked:egg", "1", True)],
)  # fmt: skip
def test_how_far_a_change_may_be_to_be_told(constraint, to, is_told):
    problem = a_meal(Item("egg", locked_g=20), limits=(Limit("p", "protein", 5, 6),))
    assert is_plausible(problem, Fix(constraint, Decimal(to))) is is_told


def test_no_single_number_may_be_enough_and_then_that_is_said():
    problem = a_meal(Item("egg", locked_g=60), Item("cream", locked_g=80), Item("butter"),
                     limits=(Limit("p", "protein", most=1.0), Limit("c", "carb", most=0.1)))  # fmt: skip
    answer = refused(problem)
    assert answer.relax == ()
    assert answer.message.endswith("more than one wish has to change.")


def named(**foods: str) -> MealProblem:
    """So many foods of these names, the first fixed at too much."""
    fixed, *others = foods
    values = {key: FoodValues(name, 20, 5, 5) for key, name in foods.items()}
    items = (Item(fixed, locked_g=90), *(Item(key) for key in others))
    return MealProblem(values, items, Target(2, 40))


@pytest.mark.parametrize(
    ("foods", "words"),
    [
        ({"a": "Egg, whole, raw", "b": "Cream"}, "Egg fixed at 90 g"),
        ({"a": "Oil, olive, salad", "b": "Cream"}, "Oil (olive) fixed at 90 g"),
        ({"a": "Egg, yolk, raw", "b": "Egg, whole, raw"}, "Egg (yolk) fixed at 90 g"),
        ({"a": "Salmon, Atlantic farmed, raw", "b": "Salmon, Atlantic farmed, cooked"},
         "“Salmon, Atlantic farmed, raw” fixed at 90 g"),
        ({"a": "Enfamil Premium Infant powder (US, 2016)", "b": "Cream"},
         "“Enfamil Premium Infant powder (US, 2016)” fixed at 90 g"),
        ({"a": "Oil, salad (olive, mild)", "b": "Cream"}, "“Oil, salad (olive, mild)” fixed"),
        ({"a": "A soup of vegetables and meat for babies, strained", "b": "Cream"},
         "“A soup of vegetables and meat for babies, strained” fixed"),
        ({"a": "KetoCal 4:1", "b": "KetoCal 3:1"}, "KetoCal 4:1 fixed at 90 g"),
        ({"a": "salmon, raw", "b": "Salmon, cooked"}, "Salmon (raw) fixed at 90 g"),
        ({"a": "", "b": "Cream"}, "A fixed at 90 g"),
    ],
    ids=lambda value: value["a"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_foods_name_is_short_only_where_it_stays_whole_and_means_one_food(foods, words):
    assert words in refused(named(**foods)).message


def test_words_stay_plain():
    for _, answer in impossible_problems(12):
        for word in ("infeasible", "constraint", "bound", "NaN", "None", "locked:", "E+", "  "):
            assert word not in answer.message
