"""A conflict and its ways out in words for a tired parent: names, figures, no blame."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from quietdays.science.language import first_up, gettext, listed, localized, ngettext
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
        return first_up(gettext("%(food)s is left out, yet %(wish)s is asked for.") % {"food": _food(problem, foods.pop()), "wish": _wish(problem, other)})  # fmt: skip
    if not wishes:
        return gettext("These foods alone cannot come to %(targets)s.") % {"targets": targets}
    if len(wishes) == 1 and targets:
        told = _how_it_fails(problem, conflict, relax)
        return first_up(told % {"wish": wishes[0], "targets": targets})
    if targets:
        return first_up(
            gettext("%(wishes)s cannot all be kept at %(targets)s.")
            % {"wishes": listed(wishes), "targets": targets}
        )
    if len(wishes) == 1:
        return first_up(gettext("%(wish)s cannot be had from these foods.") % {"wish": wishes[0]})
    return first_up(gettext("%(wishes)s cannot go together.") % {"wishes": listed(wishes)})


_OF_A_FOOD = (names.LOCKED, names.MIN, names.MAX, names.BANNED, names.USE_MIN)


def _how_it_fails(problem: MealProblem, conflict: Sequence[str], relax: Sequence[Fix]) -> str:
    """Whether one wish is too much or too little for the targets, where a fix shows it."""
    name = next(n for n in conflict if n not in _TARGETS)
    kind = names.kind_of(name)
    fix = next((fix for fix in relax if fix.constraint == name), None)
    too_little = gettext("%(wish)s is not enough for %(targets)s.")
    too_much = gettext("%(wish)s is too much for %(targets)s.")
    if kind == names.MAX:
        return too_little
    if kind == names.MIN:
        return too_much
    if kind == names.LOCKED and fix is not None:
        old = next(i.locked_g for i in problem.items if i.food == names.subject_of(name)) or 0.0
        return too_much if fix.to < Decimal(str(old)) else too_little
    return gettext("%(wish)s cannot be kept at %(targets)s.")


def _steps_are_the_reason(
    problem: MealProblem, wishes: Sequence[str], targets: str, kinds: set[str]
) -> str:
    step_g = max(item.step_g for item in problem.items)
    if kinds == {names.STEP, names.LOCKED}:
        return first_up(
            gettext("%(wishes)s cannot be weighed: the scale shows no such amount.")
            % {"wishes": listed(wishes)}
        )
    values = {"step_g": figure(step_g), "wishes": listed(wishes), "targets": targets}
    if wishes and targets:
        told = gettext(
            "No amounts in whole steps of the scale (%(step_g)s g), with %(wishes)s, come close "
            "enough to %(targets)s."
        )
    elif wishes:
        told = gettext(
            "No amounts in whole steps of the scale (%(step_g)s g), with %(wishes)s, are possible."
        )
    elif targets:
        told = gettext(
            "No amounts in whole steps of the scale (%(step_g)s g) come close enough to "
            "%(targets)s."
        )
    else:
        told = gettext("No amounts in whole steps of the scale (%(step_g)s g) are possible.")
    return told % values


def _ways_out(problem: MealProblem, conflict: Sequence[str], relax: Sequence[Fix]) -> str:
    told_of = [fix for fix in relax if is_plausible(problem, fix)]
    ours = [_way(problem, f) for f in told_of if names.kind_of(f.constraint) not in _CARE_TEAM]
    theirs = [_way(problem, f) for f in told_of if names.kind_of(f.constraint) in _CARE_TEAM]
    told = ""
    if ours and theirs:
        told = gettext(
            "It would work with %(ours)s; or, if your care team agrees, with %(theirs)s."
        )
    elif ours:
        told = gettext("It would work with %(ours)s.")
    elif theirs:
        told = gettext("If your care team agrees, it would work with %(theirs)s.")
    told = told % {"ours": listed(ours, "or"), "theirs": listed(theirs, "or")} if told else ""
    if names.STEP in conflict:
        told = f"{told} {_finer(problem)}".strip()
    if told:
        return told
    if relax or set(conflict) <= set(_TARGETS):
        return gettext(
            "No small change of one number is enough: try other foods, or ask your dietitian."
        )
    return gettext("No one number alone would be enough: more than one wish has to change.")


def _finer(problem: MealProblem) -> str:
    advice = weighing_advice(problem)
    if advice is None:
        return ""
    ways = []
    if advice.finer_step_g is not None:
        ways.append(
            gettext("a scale that shows %(step_g)s g") % {"step_g": figure(advice.finer_step_g)}
        )
    if advice.batch_meals > 1:
        ways.append(
            gettext("cooking %(meals)s meals at once and dividing them by weight")
            % {"meals": advice.batch_meals}
        )
    return (
        first_up(gettext("%(ways)s makes this easier.") % {"ways": listed(ways, "or")})
        if ways
        else ""
    )


def _way(problem: MealProblem, fix: Fix) -> str:
    kind, subject, to = names.kind_of(fix.constraint), names.subject_of(fix.constraint), fix.to
    amount = figure(to)
    if kind == names.LOCKED:
        food = _food(problem, subject)
        if not to:
            return gettext("no %(food)s") % {"food": food}
        return gettext("%(food)s at %(amount)s g") % {"food": food, "amount": amount}
    if kind == names.MAX:
        return gettext("up to %(amount)s g %(food)s") % {
            "amount": amount,
            "food": _food(problem, subject),
        }
    if kind == names.MIN:
        food = _food(problem, subject)
        return (
            gettext("%(food)s from %(amount)s g") % {"food": food, "amount": amount}
            if to
            else gettext("no least amount of %(food)s") % {"food": food}
        )
    if kind == names.LIMIT:
        limit = _limit(problem, subject)
        over = limit.most is not None and to > Decimal(str(limit.most))
        nutrient, unit = _nutrient(problem, limit)
        told = (
            gettext("up to %(amount)s %(unit)s %(nutrient)s")
            if over
            else gettext("as little as %(amount)s %(unit)s %(nutrient)s")
        )
        return told % {"amount": amount, "unit": unit, "nutrient": nutrient}
    return {
        names.ENERGY: f"{amount} kcal",
        names.VOLUME: f"{amount} mL",
        names.RATIO: gettext("a ratio of %(amount)s:1") % {"amount": amount},
    }[kind]


def _wish(problem: MealProblem, name: str) -> str:
    kind, subject = names.kind_of(name), names.subject_of(name)
    if kind == names.MAX_ITEMS:
        most = problem.max_items or 0
        return ngettext("at most %(most)s food", "at most %(most)s foods", most) % {"most": most}
    if kind == names.LIMIT:
        return _limit_words(problem, _limit(problem, subject))
    item = next(item for item in problem.items if item.food == subject)
    food = _food(problem, subject)
    told, amount_g = {
        names.LOCKED: (gettext("%(food)s fixed at %(amount)s g"), item.locked_g),
        names.MIN: (gettext("at least %(amount)s g %(food)s"), item.min_g),
        names.MAX: (gettext("at most %(amount)s g %(food)s"), item.max_g),
        names.BANNED: (gettext("no %(food)s"), None),
        names.USE_MIN: (gettext("at least %(amount)s g %(food)s if any"), item.use_min_g),
    }[kind]
    return told % {"food": food, "amount": figure(amount_g or 0)}


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
    values = {"unit": unit, "nutrient": nutrient}
    least, most = figure(limit.least or 0), figure(limit.most or 0)
    if limit.least is None or limit.least == 0:
        return gettext("at most %(amount)s %(unit)s %(nutrient)s") % {"amount": most, **values}
    if limit.most is None:
        return gettext("at least %(amount)s %(unit)s %(nutrient)s") % {"amount": least, **values}
    return gettext("%(least)s to %(most)s %(unit)s %(nutrient)s") % {
        "least": least,
        "most": most,
        **values,
    }


def _nutrient(problem: MealProblem, limit: Limit) -> tuple[str, str]:
    if limit.nutrient == "carb":
        net = problem.basis.carb is CarbBasis.NET
        return (gettext("net carbohydrate") if net else gettext("carbohydrate")), "g"
    return nutrient_words(limit.nutrient)


def nutrient_words(nutrient: str) -> tuple[str, str]:
    """`calcium_mg` as calcium and mg; grams where the name holds no unit."""
    if nutrient == "kcal":
        return gettext("energy"), "kcal"
    if nutrient == "carb":
        return gettext("carbohydrate"), "g"
    if nutrient in ("protein", "fat"):
        return (gettext("protein") if nutrient == "protein" else gettext("fat")), "g"
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
    return localized(text.rstrip("0").rstrip(".") if "." in text else text)
