"""Filters that put numbers into words; available in every template."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from quietdays import words
from quietdays.diary.models import PARTS
from quietdays.insights.charts import Chart
from quietdays.insights.charts.growth import z_words
from quietdays.people.trail import in_words
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis, Macros

register = template.Library()


register.filter("in_words", in_words)


@register.filter
def num(value: Any, places: int = 1) -> str:
    """A number with so many decimals; an en dash when it was not recorded."""
    return "–" if value is None else words.decimal(value, places)


@register.filter
def signed(z: float) -> str:
    """A z-score with its sign: “−1.27”."""
    return z_words(z)


@register.filter
def plain(value: Any) -> str:
    """A stored decimal without the noughts that storage added: 3.20 as it was meant, 3.2."""
    return "–" if value is None else words.plain(value)


@register.filter
def grams(value: Any) -> str:
    """An amount to weigh: one decimal at least, so that 20.0 is not taken for "about 20"."""
    return "–" if value is None else words.grams(value)


@register.filter
def ratio(macros: Macros | None, basis: str = "available") -> str:
    """“3.02:1”; “fat only” where nothing else is in it."""
    if macros is None:
        return "–"
    value = macros.ratio(CarbohydrateBasis(basis))
    if value is not None:
        return f"{words.decimal(value, 2)}:1"
    return gettext("fat only") if macros.fat_g > 0 else "–"


@register.filter
def target_words(target: DietTarget) -> str:
    """“3:1 · 175 kcal · fat 16.9 g · protein 3.4 g”: the numbers that a diet sets, no others."""
    parts = [
        ("%s:1", target.ratio, None),
        ("%s kcal", target.energy_kcal, 0),
        (gettext("fat %s g"), target.fat_g, 1),
        (gettext("of it MCT %s g"), target.mct_g, 1),
        (gettext("protein %s g"), target.protein_g, 1),
        (gettext("carbohydrate %s g"), target.carbohydrate_g, 1),
    ]
    return " · ".join(
        told % (words.plain(value) if places is None else words.decimal(value, places))
        for told, value, places in parts
        if value is not None
    )


@register.filter
def kcal(macros: Macros | None, basis: str = "available") -> str:
    return "–" if macros is None else num(macros.energy_kcal(CarbohydrateBasis(basis)), 0)


@register.filter
def carbs(macros: Macros | None, basis: str = "available") -> str:
    return "–" if macros is None else num(macros.carbohydrate_on(CarbohydrateBasis(basis)))


@register.filter
def counted(number: int, word: str) -> str:
    """{{ 3|counted:"cluster" }} gives “3 clusters”."""
    return words.counted(number, word)


@register.filter
def ago(instant: datetime) -> str:
    """“4 min ago”, “2 h 14 min ago”, “3 days ago”; a phone's fast clock reads “just now”."""
    minutes = int((timezone.now() - instant).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("%(minutes)s min ago") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return gettext("%(hours)s h %(minutes)s min ago") % {"hours": hours, "minutes": rest}
    return gettext("%(days)s ago") % {"days": words.counted(hours // 24, "day")}


@register.filter(name="date", expects_localtime=True)
def dated(value: Any, pattern: str) -> str:
    """A date in the order and with the dots of the reader's language; Django's own letters."""
    return (
        words.dated(value, pattern)
        if isinstance(value, date)
        else str(defaultfilters.date(value, pattern))
    )


@register.filter
def drawing(chart: Chart) -> SafeString:
    """The SVG of a chart, whose every text was escaped when it was drawn."""
    return mark_safe(chart.svg)  # noqa: S308


@register.filter
def undo_kind(tags: str) -> str:
    """The kind part of a message's undo tag, “kind|id,id”."""
    return tags.split(" ")[0].split("|")[0] if "|" in tags else ""


@register.filter
def undo_ids(tags: str) -> str:
    return tags.split(" ")[0].split("|")[1] if "|" in tags else ""


_PARTS = {
    "watched": gettext_lazy("watched"),
    "monitor": gettext_lazy("heard"),
    "not_watched": gettext_lazy("not watched"),
}


@register.filter
def part_name(part: str) -> str:
    return str(PARTS[part])


@register.filter
def part_mark(watch: str) -> str:
    return str(_PARTS.get(watch, "–"))


REASONS = {
    "energy_under": gettext_lazy("less energy than its target"),
    "energy_over": gettext_lazy("more energy than its target"),
    "ratio_under": gettext_lazy("ratio lower than its target"),
    "ratio_over": gettext_lazy("ratio higher than its target"),
    "carbohydrate_over": gettext_lazy("more carbohydrate than its target"),
    "vomited": gettext_lazy("some came back"),
    "off_plan_food": gettext_lazy("food in your own words is in it"),
    "estimated": gettext_lazy("part of it is estimated"),
    "volume_unknown": gettext_lazy("nobody knows the volume"),
}


@register.filter
def reason(token: str) -> str:
    return str(REASONS[token])
