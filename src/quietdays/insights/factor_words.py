"""What was noted beside the clusters, in words and as a forest plot. Together, never why."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.accounts import Account, Said
from quietdays.insights.charts import Chart, ForestRow, factor_forest
from quietdays.insights.sentences import times
from quietdays.science.factors import (
    MIN_CLUSTERS,
    MIN_DAYS,
    MIN_WEEKS,
    Factor,
    FactorLink,
    FactorLinks,
    LinkVerdict,
)
from quietdays.words import counted, decimal, first_down

LABELS = {
    Factor.ADHERENCE: gettext_lazy("Meals on target"),
    Factor.DAY_RATIO: gettext_lazy("Ratio eaten"),
    Factor.SLEEP: gettext_lazy("Sleep"),
    Factor.STRESS: gettext_lazy("Stress at home"),
    Factor.ILLNESS: gettext_lazy("Illness or fever"),
    Factor.KETONES: gettext_lazy("Ketones, blood"),
    Factor.FEEDING: gettext_lazy("Feeding"),
}
# What one `step` of a link is.
STEPS = {
    Factor.ADHERENCE: gettext_lazy("10 percentage points"),
    Factor.DAY_RATIO: gettext_lazy("0.5 of the ratio"),
    Factor.SLEEP: gettext_lazy("an hour of sleep"),
    Factor.STRESS: gettext_lazy("a step of stress"),
    Factor.ILLNESS: gettext_lazy("illness or fever, against none"),
    Factor.KETONES: gettext_lazy("1 mmol/L of blood ketones"),
    Factor.FEEDING: gettext_lazy("a step of feeding"),
}
NOTES = {
    LinkVerdict.FEWER: gettext_lazy("fewer seen on such days"),
    LinkVerdict.MORE: gettext_lazy("more seen on such days"),
    LinkVerdict.NO_CLEAR_LINK: gettext_lazy("no clear link"),
    LinkVerdict.NOT_ENOUGH_DATA: gettext_lazy("not enough days yet"),
}

_MISSING = {
    "diet_weeks": gettext_lazy("looked at from %(least)s weeks on the diet on"),
    "days_recorded": gettext_lazy("noted on too few days; %(least)s are needed"),
    "clusters": gettext_lazy("too few clusters seen to compare days; %(least)s are needed"),
    "days_that_differ": gettext_lazy("too alike from day to day to compare them"),
}
_LEAST = {"diet_weeks": MIN_WEEKS, "days_recorded": MIN_DAYS, "clusters": MIN_CLUSTERS}


def factor_chart(links: FactorLinks, *, width: int) -> Chart:
    rows = [
        ForestRow(
            label=str(LABELS[link.factor]),
            step_words=str(STEPS[link.factor]),
            rate_ratio=link.rate_ratio,
            lo95=link.lo95,
            hi95=link.hi95,
            note=str(NOTES[link.verdict]),
        )
        for link in links.links
    ]
    return factor_forest(rows, width=width)


def links_in_words(links: FactorLinks) -> list[Said]:
    """A line for everything that was looked at: what went together, and what did not."""
    judged = [k for k in links.links if k.verdict is not LinkVerdict.NOT_ENOUGH_DATA]
    clear = [k for k in judged if k.verdict is not LinkVerdict.NO_CLEAR_LINK]
    unclear = [k for k in judged if k.verdict is LinkVerdict.NO_CLEAR_LINK]
    lines = [Said(_clear(k), _account(k, links)) for k in clear]
    if unclear:
        names = ", ".join(_inside(k.factor) for k in unclear)
        weeks = counted(links.weeks, "week")
        lines.append(
            Said(
                gettext("No clear link in %(weeks)s: %(names)s.")
                % {"weeks": weeks, "names": names},
                _accounts(unclear, links),
            )
        )
    for link in links.links:
        if link.verdict is LinkVerdict.NOT_ENOUGH_DATA:
            why = str(_MISSING[link.missing]) % {"least": _LEAST.get(link.missing)}
            lines.append(Said(f"{LABELS[link.factor]}: {why}."))
    return lines


def _inside(factor: Factor) -> str:
    """A label inside a sentence."""
    return first_down(str(LABELS[factor]))


def _clear(link: FactorLink) -> str:
    pattern = (
        gettext(
            "%(factor)s, %(step)s: fewer clusters were seen on such days, about %(times)s as many. "
            "What goes together need not be why."
        )
        if link.verdict is LinkVerdict.FEWER
        else gettext(
            "%(factor)s, %(step)s: more clusters were seen on such days, about %(times)s as many. "
            "What goes together need not be why."
        )
    )
    return pattern % {
        "factor": LABELS[link.factor],
        "step": STEPS[link.factor],
        "times": times(link.rate_ratio or 0),
    }


def _account(link: FactorLink, links: FactorLinks) -> Account:
    return _accounts([link], links)


def _accounts(of: list[FactorLink], links: FactorLinks) -> Account:
    return Account(
        formula=gettext(
            "Each day of the diet is compared with the other days of its own week, so that "
            "slow changes drop out; hours watched and illness are allowed for. The limits are "
            "wider, because several things are looked at and one may look like a link by luck."
        ),
        inputs=tuple(
            (
                f"{LABELS[k.factor]}, {STEPS[k.factor]}",
                gettext("%(ratio)s (%(low)s to %(high)s) on %(days)s")
                % {
                    "ratio": decimal(k.rate_ratio, 2),
                    "low": decimal(k.lo95, 2),
                    "high": decimal(k.hi95, 2),
                    "days": counted(k.days, "day"),
                },
            )
            for k in of
            if k.rate_ratio is not None and k.lo95 is not None and k.hi95 is not None
        ),
        days_used=gettext("%(weeks)s on the diet; only days on which both were recorded.")
        % {"weeks": counted(links.weeks, "week")},
    )
