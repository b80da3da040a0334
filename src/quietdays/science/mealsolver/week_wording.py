"""Why no menu fits, in words for a tired parent."""

from __future__ import annotations

from collections.abc import Sequence

from quietdays.science.language import first_up, gettext, listed, ngettext
from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.week_problem import Between, WeekProblem
from quietdays.science.mealsolver.wording import figure, nutrient_words


def week_message(problem: WeekProblem, conflict: Sequence[str]) -> str:
    """The rules that cannot be kept together, and that one of them has to give."""
    wishes = [_wish(problem, name) for name in conflict]
    if not wishes:
        return gettext("No menu can be made of these recipes.")
    told = first_up(listed(wishes))
    if len(wishes) == 1:
        return gettext(
            "%(told)s: these recipes cannot keep that. Change it, or add recipes that fit."
        ) % {"told": told}
    return gettext(
        "%(told)s: these recipes cannot keep all of that. Ease one of these, or add "
        "recipes that fit."
    ) % {"told": told}


def _wish(problem: WeekProblem, name: str) -> str:
    kind, subject = names.kind_of(name), names.subject_of(name)
    rules = problem.rules
    if kind == names.MAX_USES:
        return _uses(problem)
    if kind == names.GAP_DAYS:
        if rules.gap_days == 1:
            return gettext("no recipe twice in a day")
        return _every(rules.gap_days)
    if kind == names.NEVER:
        return gettext("never %(recipe)s") % {"recipe": _recipe(problem, subject)}
    if kind == names.FIXED:
        day, _, slot = subject.partition(":")
        fixed = next(f for f in rules.fixed if str(f.day) == day and f.slot == slot)
        return gettext("%(recipe)s fixed for day %(day)s, %(slot)s") % {
            "recipe": _recipe(problem, fixed.recipe),
            "day": day,
            "slot": slot,
        }
    if kind == names.GROUP_DAY:
        most = rules.group_day_max[subject]
        if not most:
            return gettext("no %(group)s meals") % {"group": subject}
        told = ngettext(
            "at most %(most)s %(group)s meal a day", "at most %(most)s %(group)s meals a day", most
        )
        return told % {"most": most, "group": subject}
    if kind == names.GROUP_WEEK:
        return gettext("%(between)s %(group)s meals in the week") % {
            "between": _between(rules.group_week[subject], ""),
            "group": subject,
        }
    if kind == names.DISTINCT_MIN:
        least = rules.distinct_min or 0
        told = ngettext(
            "at least %(least)s different recipe", "at least %(least)s different recipes", least
        )
        return told % {"least": least}
    if kind == names.MINUTES_DAY_MAX:
        return gettext("at most %(minutes)s minutes of cooking a day") % {
            "minutes": figure(rules.minutes_day_max or 0)
        }
    daily = next(d for d in rules.daily if d.id == subject)
    nutrient, unit = nutrient_words(daily.nutrient)
    return gettext("%(between)s %(nutrient)s a day") % {
        "between": _between(daily.between, unit),
        "nutrient": nutrient,
    }


def _uses(problem: WeekProblem) -> str:
    rules = problem.rules
    if rules.max_uses is None:
        return gettext("the limits on how often a recipe comes")
    told = {
        0: gettext("each recipe at most never in the week"),
        1: gettext("each recipe at most once in the week"),
        2: gettext("each recipe at most twice in the week"),
    }.get(rules.max_uses, gettext("each recipe at most %(number)s times in the week"))
    told = told % {"number": rules.max_uses}
    if not rules.max_uses_of:
        return told
    return gettext("%(rule)s (some have their own limit)") % {"rule": told}


def _every(days: int) -> str:
    told = {
        2: gettext("the same recipe only every second day"),
        3: gettext("the same recipe only every third day"),
        4: gettext("the same recipe only every fourth day"),
        5: gettext("the same recipe only every fifth day"),
    }
    return told.get(days, gettext("the same recipe only every %(days)sth day")) % {"days": days}


def _between(between: Between, unit: str) -> str:
    least, most = (f"{figure(n or 0)} {unit}".strip() for n in (between.least, between.most))
    if between.least is None or between.least == 0:
        return gettext("at most %(amount)s") % {"amount": most}
    if between.most is None:
        return gettext("at least %(amount)s") % {"amount": least}
    return gettext("%(least)s to %(most)s") % {"least": figure(between.least), "most": most}


def _recipe(problem: WeekProblem, id_: str) -> str:
    name = next(recipe.name for recipe in problem.recipes if recipe.id == id_)
    return f"“{name or id_}”"
