"""A week's menu from the family's recipes: the problem, and the plans that an answer makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diet.actions import NewPlan
from quietdays.diet.models import Prescription, Recipe
from quietdays.diet.scaling import Kitchen, Scaled, for_target
from quietdays.people.models import Child
from quietdays.science import mealsolver
from quietdays.science.diet_target import DietTarget

DAYS = 7
# Where the prescription names no times: from breakfast to the last meal of a baby's day.
FIRST_MEAL, LAST_MEAL = time(7, 0), time(19, 0)


@dataclass(frozen=True, slots=True)
class MenuSlot:
    """One meal of every day of the week."""

    id: str
    name: str
    at: time
    number: int | None  # of the prescription's meals; None for a snack
    target: DietTarget


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the household asks of the week; picks are dishes that are decided already."""

    max_uses: int = 3
    gap_days: int = 1
    distinct_min: int | None = None
    minutes_day_max: int | None = None
    protein_percent: int | None = None
    picks: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dishes:
    """Every recipe balanced for every slot, and why some suit none."""

    scaled: Mapping[tuple[str, str], Scaled]  # (recipe id, slot id)
    recipes: Mapping[str, Recipe]
    left_out: tuple[str, ...]

    def suiting(self, slot: str) -> list[Recipe]:
        return [self.recipes[r] for r, s in self.scaled if s == slot]


def slots_of(prescription: Prescription) -> list[MenuSlot]:
    names = prescription.slot_names()
    times = [time.fromisoformat(s["at"]) for s in prescription.meal_slots] or _even_times(
        len(names)
    )
    slots = [
        MenuSlot(f"m{n}", name, at, n, target)
        for n, (name, at, target) in enumerate(
            zip(names, times, prescription.meal_targets, strict=True), 1
        )
    ]
    if prescription.snack_target is not None:
        for n in range(prescription.snacks_per_day):
            at = time(10 + (5 * n) % 12, 30)
            slots.append(MenuSlot(f"s{n}", gettext("Snack"), at, None, prescription.snack_target))
    return slots


def _even_times(meals: int) -> list[time]:
    first, last = FIRST_MEAL.hour * 60, LAST_MEAL.hour * 60
    apart = (last - first) / max(1, meals - 1)
    minutes = [round((first + i * apart) / 15) * 15 for i in range(meals)]
    return [time(m // 60, m % 60) for m in minutes]


def dishes_for(recipes: Sequence[Recipe], slots: Sequence[MenuSlot], kitchen: Kitchen) -> Dishes:
    """Balance every recipe for every different target; a recipe that fits none is named."""
    scaled: dict[tuple[str, str], Scaled] = {}
    left_out = []
    names = {slot.name for slot in slots}
    for recipe in recipes:
        answers: dict[DietTarget, Scaled] = {}
        # Names of an earlier prescription's meals say nothing about today's.
        suits = names.intersection(recipe.suits) or names
        for slot in slots:
            if slot.name not in suits:
                continue
            if slot.target not in answers:
                answers[slot.target] = _balanced(recipe, slot.target, kitchen)
            if answers[slot.target].portions:
                scaled[str(recipe.pk), slot.id] = answers[slot.target]
        if answers and not any(a.portions for a in answers.values()):
            reason = next(iter(answers.values())).message
            left_out.append(f"{recipe.name}: {reason}")
    return Dishes(scaled, {str(r.pk): r for r in recipes}, tuple(left_out))


def _balanced(recipe: Recipe, target: DietTarget, kitchen: Kitchen) -> Scaled:
    try:
        return for_target(recipe, target, kitchen)
    except ValidationError as error:
        return Scaled((), " ".join(error.messages))


def week_problem(
    slots: Sequence[MenuSlot], dishes: Dishes, wishes: Wishes, prescription: Prescription
) -> mealsolver.WeekProblem:
    """Raises ValidationError when a slot has no dish."""
    try:
        return mealsolver.WeekProblem(
            slots=tuple(mealsolver.Slot(s.id, s.target.energy_kcal or 1.0) for s in slots),
            recipes=tuple(_recipe(r, slots, dishes) for r in dishes.recipes.values()),
            rules=mealsolver.WeekRules(
                max_uses=wishes.max_uses,
                gap_days=wishes.gap_days,
                fixed=tuple(
                    mealsolver.Fixed(day, slot, recipe)
                    for (day, slot), recipe in wishes.picks.items()
                ),
                distinct_min=wishes.distinct_min,
                minutes_day_max=wishes.minutes_day_max,
                daily=_protein(prescription, wishes.protein_percent),
            ),
        )
    except mealsolver.BadProblem as error:
        text = gettext(
            "Every meal of the day needs at least one recipe that can be balanced for it."
        )
        raise ValidationError(f"{text} ({error})") from error


def _protein(prescription: Prescription, percent: int | None) -> tuple[mealsolver.DailyLimit, ...]:
    protein_g = prescription.day_target.protein_g
    if percent is None or not protein_g:
        return ()
    between = mealsolver.Between(
        round(protein_g * (1 - percent / 100), 3), round(protein_g * (1 + percent / 100), 3)
    )
    return (mealsolver.DailyLimit("protein", "protein", between),)


def _recipe(recipe: Recipe, slots: Sequence[MenuSlot], dishes: Dishes) -> mealsolver.Recipe:
    key = str(recipe.pk)
    fitting = [s for s in slots if (key, s.id) in dishes.scaled]
    per_100: dict[str, float] = {}
    if fitting:
        macros = dishes.scaled[key, fitting[0].id].macros()
        per_100["protein"] = 100 * macros.protein_g / macros.energy_kcal()
    return mealsolver.Recipe(
        id=key,
        name=recipe.name,
        slots=frozenset(s.id for s in fitting),
        score=float(recipe.liking),
        minutes=float(recipe.minutes or 0),
        group=recipe.main_food,
        per_100kcal=per_100,
    )


def plans_of(
    menu: Mapping[tuple[int, str], str],
    *,
    child: Child,
    start: date,
    slots: Sequence[MenuSlot],
    dishes: Dishes,
) -> list[NewPlan]:
    """The dishes of a menu as meals to weigh. Raises ValidationError for a dish that fits not."""
    timeline, plans = child.timeline(), []
    for (day, slot_id), recipe_id in menu.items():
        slot = next((s for s in slots if s.id == slot_id), None)
        scaled = dishes.scaled.get((recipe_id, slot_id))
        if slot is None or scaled is None:
            raise ValidationError(
                gettext("One of these dishes no longer fits its meal. Plan anew.")
            )
        due = timeline.instant_of(start + timedelta(days=day - 1), slot.at)
        if due is None:  # the clocks skip this time on that night
            continue
        recipe = dishes.recipes[recipe_id]
        plans.append(
            NewPlan(due, recipe.name, scaled.portions, slot.number, slot.number is None, recipe)
        )
    return plans
