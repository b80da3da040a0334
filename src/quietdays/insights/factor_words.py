"""What was noted beside the clusters, in words and as a forest plot. Together, never why."""

from __future__ import annotations

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
from quietdays.words import counted

LABELS = {
    Factor.ADHERENCE: "Meals on target",
    Factor.DAY_RATIO: "Ratio eaten",
    Factor.SLEEP: "Sleep",
    Factor.STRESS: "Stress at home",
    Factor.ILLNESS: "Illness or fever",
    Factor.KETONES: "Ketones, blood",
    Factor.FEEDING: "Feeding",
}
NOTES = {
    LinkVerdict.FEWER: "fewer seen on such days",
    LinkVerdict.MORE: "more seen on such days",
    LinkVerdict.NO_CLEAR_LINK: "no clear link",
    LinkVerdict.NOT_ENOUGH_DATA: "not enough days yet",
}

_MISSING = {
    "diet_weeks": f"looked at from {MIN_WEEKS} weeks on the diet on",
    "days_recorded": f"noted on too few days; {MIN_DAYS} are needed",
    "clusters": f"too few clusters seen to compare days; {MIN_CLUSTERS} are needed",
    "days_that_differ": "too alike from day to day to compare them",
}


def factor_chart(links: FactorLinks, *, width: int) -> Chart:
    rows = [
        ForestRow(
            label=LABELS[link.factor],
            step_words=link.step_words,
            rate_ratio=link.rate_ratio,
            lo95=link.lo95,
            hi95=link.hi95,
            note=NOTES[link.verdict],
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
        names = ", ".join(LABELS[k.factor].lower() for k in unclear)
        weeks = counted(links.weeks, "week")
        lines.append(Said(f"No clear link in {weeks}: {names}.", _accounts(unclear, links)))
    for link in links.links:
        if link.verdict is LinkVerdict.NOT_ENOUGH_DATA:
            lines.append(Said(f"{LABELS[link.factor]}: {_MISSING[link.missing]}."))
    return lines


def _clear(link: FactorLink) -> str:
    which = "fewer" if link.verdict is LinkVerdict.FEWER else "more"
    return (
        f"{LABELS[link.factor]}, {link.step_words}: {which} clusters were seen on such days, "
        f"about {times(link.rate_ratio or 0)} as many. What goes together need not be why."
    )


def _account(link: FactorLink, links: FactorLinks) -> Account:
    return _accounts([link], links)


def _accounts(of: list[FactorLink], links: FactorLinks) -> Account:
    return Account(
        formula="Each day of the diet is compared with the other days of its own week, so that "
        "slow changes drop out; hours watched and illness are allowed for. The limits are "
        "wider, because several things are looked at and one may look like a link by luck.",
        inputs=tuple(
            (
                f"{LABELS[k.factor]}, {k.step_words}",
                f"{k.rate_ratio:.2f} ({k.lo95:.2f} to {k.hi95:.2f}) on {counted(k.days, 'day')}",
            )
            for k in of
            if k.rate_ratio is not None and k.lo95 is not None and k.hi95 is not None
        ),
        days_used=f"{counted(links.weeks, 'week')} on the diet; only days on which both were "
        "recorded.",
    )
