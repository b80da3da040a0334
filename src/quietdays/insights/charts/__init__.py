"""Charts drawn as SVG from diary days; each comes with its sentence and its numbers."""

from quietdays.insights.charts.effect import EffectRow, effect_intervals
from quietdays.insights.charts.factors import ForestRow, factor_forest
from quietdays.insights.charts.growth import Growth, growth_chart
from quietdays.insights.charts.hours import day_by_hour
from quietdays.insights.charts.month import month_heat_map
from quietdays.insights.charts.paper import on_paper
from quietdays.insights.charts.svg import Chart
from quietdays.insights.charts.timeline import timeline
from quietdays.insights.charts.waking import hours_since_waking
from quietdays.insights.charts.week import week_chart

__all__ = [
    "Chart",
    "EffectRow",
    "ForestRow",
    "Growth",
    "day_by_hour",
    "effect_intervals",
    "factor_forest",
    "growth_chart",
    "hours_since_waking",
    "month_heat_map",
    "on_paper",
    "timeline",
    "week_chart",
]
