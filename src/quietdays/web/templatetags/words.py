"""Filters that put numbers into words; available in every template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from quietdays.insights.charts import Chart
from quietdays.insights.charts.growth import z_words
from quietdays.insights.sentences import plural
from quietdays.people.trail import in_words
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis, Macros

register = template.Library()


register.filter("in_words", in_words)


@register.filter
def num(value: Any, places: int = 1) -> str:
    """A number with so many decimals; an en dash when it was not recorded."""
    return "–" if value is None else f"{float(value):.{places}f}"


@register.filter
def signed(z: float) -> str:
    """A z-score with its sign: “−1.27”."""
    return z_words(z)


@register.filter
def plain(value: Any) -> str:
    """A stored decimal without the noughts that storage added: 3.20 as it was meant, 3.2."""
    return "–" if value is None else f"{float(value):.10g}"


@register.filter
def grams(value: Any) -> str:
    """An amount to weigh: one decimal at least, so that 20.0 is not taken for "about 20"."""
    return "–" if value is None else f"{float(value):.2f}".removesuffix("0")


@register.filter
def ratio(macros: Macros | None, basis: str = "available") -> str:
    """“3.02:1”; “fat only” where nothing else is in it."""
    if macros is None:
        return "–"
    value = macros.ratio(CarbohydrateBasis(basis))
    if value is not None:
        return f"{value:.2f}:1"
    return "fat only" if macros.fat_g > 0 else "–"


@register.filter
def target_words(target: DietTarget) -> str:
    """“3:1 · 175 kcal · fat 16.9 g · protein 3.4 g”: the numbers that a diet sets, no others."""
    parts = [
        (target.ratio, "{:g}:1"),
        (target.energy_kcal, "{:.0f} kcal"),
        (target.fat_g, "fat {:.1f} g"),
        (target.mct_g, "of it MCT {:.1f} g"),
        (target.protein_g, "protein {:.1f} g"),
        (target.carbohydrate_g, "carbohydrate {:.1f} g"),
    ]
    return " · ".join(words.format(value) for value, words in parts if value is not None)


@register.filter
def kcal(macros: Macros | None, basis: str = "available") -> str:
    return "–" if macros is None else f"{macros.energy_kcal(CarbohydrateBasis(basis)):.0f}"


@register.filter
def carbs(macros: Macros | None, basis: str = "available") -> str:
    return "–" if macros is None else f"{macros.carbohydrate_on(CarbohydrateBasis(basis)):.1f}"


@register.filter
def counted(number: int, word: str) -> str:
    """{{ 3|counted:"cluster" }} gives “3 clusters”."""
    return plural(number, word)


@register.filter
def ago(instant: datetime) -> str:
    """“4 min ago”, “2 h 14 min ago”, “3 days ago”; a phone's fast clock reads “just now”."""
    minutes = int((timezone.now() - instant).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min ago"
    return f"{plural(hours // 24, 'day')} ago"


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


@register.filter
def part_mark(watch: str) -> str:
    return {"watched": "watched", "monitor": "heard", "not_watched": "not watched"}.get(watch, "–")


REASONS = {
    "energy_under": "less energy than its target",
    "energy_over": "more energy than its target",
    "ratio_under": "ratio lower than its target",
    "ratio_over": "ratio higher than its target",
    "carbohydrate_over": "more carbohydrate than its target",
    "vomited": "some came back",
    "off_plan_food": "food in your own words is in it",
    "estimated": "part of it is estimated",
    "volume_unknown": "nobody knows the volume",
}


@register.filter
def reason(token: str) -> str:
    return REASONS[token]
