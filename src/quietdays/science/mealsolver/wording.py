"""A conflict and its ways out in words for a tired parent: names, figures, no blame."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.answers import Fix
from quietdays.science.mealsolver.plausible import is_plausible
from quietdays.science.mealsolver.problem import CarbBasis, Limit, MealProblem
from quietdays.science.mealsolver.weighing import weighing_advice

_TARGETS = (names.RATIO, names.ENERGY, names.VOLUME)
_CARE_TEAM = (names.LIMIT, names.ENERGY, names.RATIO)


def meal_message(problem: MealProblem, conflict: Sequence[str], relax: Sequence[Fix]) -> str:
    """What does not fit, and with which one change it would."""
    return f"{_what(problem, conflict, relax)} {_ways_out(problem, conflict, relax)}".strip()


def _what(problem: MealProblem, conflict: Sequence[str], relax: Sequence[Fix]) -> str:
    kinds = {names.kind_of(name) for name in conflict}
    foods = {names.subject_of(n) for n in conflict if names.kind_of(n) in _OF_A_FOOD}
    wishes = [_wish(problem, n) for n in conflict if n not in (*_TARGETS, names.STEP)]
    targets = _targets(problem, conflict)
    if names.STEP in kinds:
        return _steps_are_the_reason(problem, wishes, targets, kinds)
    if names.BANNED in kinds and len(conflict) == 2 and len(foods) == 1:
        other = next(n for n in conflict if names.kind_of(n) != names.BANNED)
        return _capital(f"{_food(problem, foods.pop())} is left out, yet {_wish(problem, other)} "
                        "is asked for.")  # fmt: skip
    if not wishes:
        return f"These foods alone cannot come to {targets}."
    if len(wishes) == 1 and targets:
        return _capital(f"{wishes[0]} {_how_it_fails(problem, conflict, relax)} {targets}.")
    if targets:
        return _capital(f"{listed(wishes)} cannot all be kept at {targets}.")
    if len(wishes) == 1:
        return _capital(f"{wishes[0]} cannot be had from these foods.")
    return _capital(f"{listed(wishes)} cannot go together.")


_OF_A_FOOD = (names.LOCKED, names.MIN, names.MAX, names.BANNED, names.USE_MIN)


def _how_it_fails(problem: MealProblem, conflict: Sequence[str], relax: Sequence[Fix]) -> str:
    """Whether one wish is too much or too little for the targets, where a fix shows it."""
    name = next(n for n in conflict if n not in _TARGETS)
    kind = names.kind_of(name)
    fix = next((fix for fix in relax if fix.constraint == name), None)
    if kind == names.MAX:
        return "is not enough for"
    if kind == names.MIN:
        return "is too much for"
    if kind == names.LOCKED and fix is not None:
        old = next(i.locked_g for i in problem.items if i.food == names.subject_of(name)) or 0.0
        return "is too much for" if fix.to < Decimal(str(old)) else "is not enough for"
    return "cannot be kept at"


def _steps_are_the_reason(
    problem: MealProblem, wishes: Sequence[str], targets: str, kinds: set[str]
) -> str:
    step_g = max(item.step_g for item in problem.items)
    if kinds == {names.STEP, names.LOCKED}:
        return _capital(f"{listed(wishes)} cannot be weighed: the scale shows no such amount.")
    told = f"No amounts in whole steps of the scale ({figure(step_g)} g)"
    if wishes:
        told += f", with {listed(wishes)},"
    return f"{told} come close enough to {targets}." if targets else f"{told} are possible."


def _ways_out(problem: MealProblem, conflict: Sequence[str], relax: Sequence[Fix]) -> str:
    told_of = [fix for fix in relax if is_plausible(problem, fix)]
    ours = [_way(problem, f) for f in told_of if names.kind_of(f.constraint) not in _CARE_TEAM]
    theirs = [_way(problem, f) for f in told_of if names.kind_of(f.constraint) in _CARE_TEAM]
    told = ""
    if ours:
        told = f"It would work with {listed(ours, 'or')}"
    if theirs:
        told += ("; or, if your care team agrees, with " if ours
                 else "If your care team agrees, it would work with ")  # fmt: skip
        told += listed(theirs, "or")
    if told:
        told += "."
    if names.STEP in conflict:
        told = f"{told} {_finer(problem)}".strip()
    if told:
        return told
    if relax or set(conflict) <= set(_TARGETS):
        return "No small change of one number is enough: try other foods, or ask your dietitian."
    return "No one number alone would be enough: more than one wish has to change."


def _finer(problem: MealProblem) -> str:
    advice = weighing_advice(problem)
    if advice is None:
        return ""
    ways = []
    if advice.finer_step_g is not None:
        ways.append(f"a scale that shows {figure(advice.finer_step_g)} g")
    if advice.batch_meals > 1:
        ways.append(f"cooking {advice.batch_meals} meals at once and dividing them by weight")
    return _capital(f"{listed(ways, 'or')} makes this easier.") if ways else ""


def _way(problem: MealProblem, fix: Fix) -> str:
    kind, subject, to = names.kind_of(fix.constraint), names.subject_of(fix.constraint), fix.to
    amount = figure(to)
    if kind == names.LOCKED:
        food = _food(problem, subject)
        return f"{food} at {amount} g" if to else f"no {food}"
    if kind == names.MAX:
        return f"up to {amount} g {_food(problem, subject)}"
    if kind == names.MIN:
        food = _food(problem, subject)
        return f"{food} from {amount} g" if to else f"no least amount of {food}"
    if kind == names.LIMIT:
        limit = _limit(problem, subject)
        over = limit.most is not None and to > Decimal(str(limit.most))
        nutrient, unit = _nutrient(problem, limit)
        return f"{'up to' if over else 'as little as'} {amount} {unit} {nutrient}"
    return {
        names.ENERGY: f"{amount} kcal",
        names.VOLUME: f"{amount} mL",
        names.RATIO: f"a ratio of {amount}:1",
    }[kind]


def _wish(problem: MealProblem, name: str) -> str:
    kind, subject = names.kind_of(name), names.subject_of(name)
    if kind == names.MAX_ITEMS:
        return f"at most {problem.max_items} foods"
    if kind == names.LIMIT:
        return _limit_words(problem, _limit(problem, subject))
    item = next(item for item in problem.items if item.food == subject)
    food = _food(problem, subject)
    return {
        names.LOCKED: f"{food} fixed at {figure(item.locked_g or 0)} g",
        names.MIN: f"at least {figure(item.min_g)} g {food}",
        names.MAX: f"at most {figure(item.max_g or 0)} g {food}",
        names.BANNED: f"no {food}",
        names.USE_MIN: f"at least {figure(item.use_min_g or 0)} g {food} if any",
    }[kind]


def _targets(problem: MealProblem, conflict: Sequence[str]) -> str:
    target = problem.target
    told = []
    if names.RATIO in conflict:
        told.append(f"{figure(target.ratio)}:1")
    if names.ENERGY in conflict:
        told.append(f"{figure(target.energy_kcal)} kcal")
    if names.VOLUME in conflict:
        told.append(f"{figure(target.volume_ml or 0)} mL")
    return listed(told)


def _limit(problem: MealProblem, id_: str) -> Limit:
    return next(limit for limit in problem.limits if limit.id == id_)


def _limit_words(problem: MealProblem, limit: Limit) -> str:
    nutrient, unit = _nutrient(problem, limit)
    if limit.least is None or limit.least == 0:
        return f"at most {figure(limit.most or 0)} {unit} {nutrient}"
    if limit.most is None:
        return f"at least {figure(limit.least)} {unit} {nutrient}"
    return f"{figure(limit.least)} to {figure(limit.most)} {unit} {nutrient}"


def _nutrient(problem: MealProblem, limit: Limit) -> tuple[str, str]:
    if limit.nutrient == "carb":
        net = problem.basis.carb is CarbBasis.NET
        return ("net carbohydrate" if net else "carbohydrate"), "g"
    return nutrient_words(limit.nutrient)


def nutrient_words(nutrient: str) -> tuple[str, str]:
    """`calcium_mg` as calcium and mg; grams where the name holds no unit."""
    if nutrient == "kcal":
        return "energy", "kcal"
    if nutrient == "carb":
        return "carbohydrate", "g"
    stem, _, unit = nutrient.rpartition("_")
    units = {"mg": "mg", "ug": "µg", "mcg": "µg", "g": "g"}
    if stem and unit in units:
        return stem.replace("_", " "), units[unit]
    return nutrient.replace("_", " "), "g"


# Headings of food tables that say little without the word after them.
_HEADINGS = frozenset(
    {"beans", "beef", "cheese", "chicken", "fish", "lamb", "milk", "nuts", "oil", "pork",
     "salad dressing", "squash"}
)  # fmt: skip


# A longer part of a name is no shorter way to say it.
_SHORT = 30


def _food(problem: MealProblem, id_: str) -> str:
    """A table's name made short where what is left still means this food alone.

    Its first part, or the second with it; else the whole name, in quotation marks where its
    commas would run into the sentence.
    """
    name = problem.foods[id_].name
    if "," not in name:
        return name or id_
    others = [food.name for key, food in problem.foods.items() if key != id_]
    for shorten in (_head, _head_and_second):
        short = shorten(name)
        if short and short not in map(shorten, others):
            return short
    return f"“{name}”"


def _head(name: str) -> str:
    """The first part of a name; empty where it says little, is long, or cuts a bracket."""
    head = name.split(",")[0].strip()
    # A table writes Egg, whole; a product's name keeps its capitals.
    head = head if head[1:] != head[1:].lower() else head.lower()
    is_whole = head.count("(") == head.count(")")
    return head if is_whole and len(head) <= _SHORT and head not in _HEADINGS else ""


def _head_and_second(name: str) -> str:
    """The first part of a name with the second in brackets: oil (olive)."""
    head, *others = (part.strip() for part in name.split(","))
    if not head or not others or not others[0] or "(" in head + others[0]:
        return ""
    head = head if head[1:] != head[1:].lower() else head.lower()
    short = f"{head} ({others[0]})"
    return short if len(short) <= _SHORT else ""


def figure(value: float | Decimal) -> str:
    """A figure without idle noughts: 14.5, 6, 0.25."""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
