"""A sample diary: 14 weeks of an invented baby, made from a seed, the same every time.

Two weeks before the diet, twelve on it. A medicine is raised in week 7, an illness falls in
week 10, and about one day in eleven on the diet was not recorded. The counts are drawn from
a rate that swings by itself and falls slowly after the start; nothing in it is a real child.
"""

from __future__ import annotations

import csv
import io
import math
import random
from datetime import date, timedelta

SEED = 20260302
DAYS_BEFORE, DAYS_ON_DIET = 14, 84
COLUMNS = (
    "date",
    "clusters",
    "spasms",
    "observed",
    "hours_watched",
    "adherence",
    "sleep",
    "stress",
    "illness",
    "note",
    "medicine_change",
)
MEDICINE = "Vigabatrin"
_MEDICINE_DAY, _ILLNESS_DAYS = 44, range(66, 71)
_NOTES = {
    0: "first day of counting",
    14: "diet started in hospital",
    44: "dose raised by the neurologist",
    66: "runny nose, fever in the evening",
    80: "smiled at her brother for a long time",
}


def sample_diary(last_day: date, *, seed: int = SEED) -> str:
    """The CSV text of the sample, ending on `last_day`."""
    chance = random.Random(seed)  # noqa: S311  an invented diary, not a secret
    first = last_day - timedelta(days=DAYS_BEFORE + DAYS_ON_DIET - 1)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    swing = 0.0
    for number in range(DAYS_BEFORE + DAYS_ON_DIET):
        swing = 0.8 * swing + chance.gauss(0, 0.17)
        row = _row(chance, number, swing)
        writer.writerow({"date": first + timedelta(days=number), **row})
    return out.getvalue()


def _row(chance: random.Random, number: int, swing: float) -> dict[str, object]:
    day_on_diet = number - DAYS_BEFORE
    ill = number in _ILLNESS_DAYS
    eased = 1 - 0.62 * min(1.0, max(0.0, day_on_diet / 40))
    rate = 4.6 * eased * math.exp(swing + (0.5 if ill else 0.0))
    clusters = _poisson(chance, rate)
    spasms = sum(max(1, round(chance.gammavariate(2.2, 5.5))) for _ in range(clusters))
    hours = round(min(18.0, max(8.0, chance.gauss(13.0, 1.2))), 1)
    adherence = round(min(100.0, max(0.0, chance.gauss(70 if ill else 91, 6))))
    sleep = round(chance.gauss(12.4 - (0.8 if ill else 0), 0.9), 1)
    stress = min(5, max(1, round(chance.gauss(3.4 if ill else 2.6, 0.8))))
    row: dict[str, object] = {"medicine_change": _medicine_change(number)}
    if day_on_diet >= 0 and chance.random() < 0.09 and number not in _NOTES:
        return row  # not recorded: every other cell stays empty
    return row | {
        "clusters": clusters,
        "spasms": spasms,
        "observed": "yes",
        "hours_watched": hours,
        "adherence": adherence if day_on_diet >= 0 else "",
        "sleep": sleep,
        "stress": stress,
        "illness": "yes" if ill else "no",
        "note": _NOTES.get(number, ""),
    }


def _medicine_change(number: int) -> str:
    return f"up:{MEDICINE}" if number == _MEDICINE_DAY else ""


def _poisson(chance: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
