"""The plain way: the whole problem handed to scipy.optimize.milp, straight from the format.

Written apart from the solver and used to judge it: whether a set of constraints can hold, and
how good the best answer is. Nothing here is fast or explains anything.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

MOST_G = 20_000.0


@dataclass
class Peer:
    """A programme as it grows."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, low: float, high: float, cost: float = 0.0, whole: int = 0) -> int:
        self.low.append(low)
        self.high.append(high)
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.low) - 1

    def require(self, terms: dict[int, float], low: float, high: float) -> None:
        self.rows.append((terms, low, high))

    def run(self, time_limit: float = 60.0) -> tuple[bool | None, float, np.ndarray | None]:
        """Whether it can hold (None: not known in time), the least cost, and the values."""
        if any(low > high for low, high in zip(self.low, self.high, strict=True)):
            return False, math.nan, None
        cells = [(i, c, v) for i, (terms, _, _) in enumerate(self.rows) for c, v in terms.items()]
        matrix = coo_array(
            ([v for _, _, v in cells], ([i for i, _, _ in cells], [c for _, c, _ in cells])),
            shape=(len(self.rows), len(self.low)),
        ).tocsr()
        done = milp(
            self.cost,
            integrality=self.whole,
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(
                matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows]
            ),
            options={"time_limit": time_limit},
        )
        if done.status == 0:
            return True, done.fun, done.x
        return (False if done.status == 2 else None), math.nan, None


def meal_names(problem: dict[str, Any]) -> list[str]:
    """Every name the format gives to this problem's constraints."""
    found = ["ratio", "kcal", "step"]
    found += ["volume"] if problem["target"].get("volume_ml") else []
    found += ["max_items"] if problem.get("max_items") is not None else []
    found += [f"limit:{limit['id']}" for limit in problem["limits"]]
    for item in problem["items"]:
        for kind in ("locked", "min", "max", "banned", "use_min"):
            if item[kind] is not None and item[kind] is not False:
                found.append(f"{kind}:{item['food']}")
    return found


def meal_optimum(
    problem: dict[str, Any], active: Collection[str] | None = None, *, aim: bool = True
) -> tuple[bool | None, float, list[float] | None]:
    """The best amounts in grams under the active names (all of them by default)."""
    active = meal_names(problem) if active is None else active
    peer = Peer()
    items, target = problem["items"], problem["target"]
    rows = [problem["foods"][item["food"]] for item in items]
    net = problem["basis"]["carb"] == "net"
    carb = [max(0, r["carb"] - (r["fibre"] or 0)) if net else r["carb"] for r in rows]
    fat = [r["fat"] / 100 for r in rows]
    non_fat = [(r["protein"] + c) / 100 for r, c in zip(rows, carb, strict=True)]
    if problem["basis"]["energy"] == "table":
        energy = [r["kcal"] / 100 for r in rows]
    else:
        energy = [9 * f + 4 * n for f, n in zip(fat, non_fat, strict=True)]
    stepped = "step" in active
    scale = [item["step"] if stepped else 1.0 for item in items]
    for item, by in zip(items, scale, strict=True):
        low, high = _ends(item, active)
        if stepped:
            low, high = math.ceil(low / by - 1e-9), math.floor(high / by + 1e-9)
        peer.column(low, high, 0.0, int(stepped))

    def band(values: list[float], middle: float, slack: float) -> None:
        peer.require(_terms(values, scale), middle - slack, middle + slack)

    if "ratio" in active:
        low, high = (target["ratio"] + s * target["ratio_tol"] for s in (-1, 1))
        surplus = [f - low * n for f, n in zip(fat, non_fat, strict=True)]
        peer.require(_terms(surplus, scale), 0, math.inf)
        surplus = [f - high * n for f, n in zip(fat, non_fat, strict=True)]
        peer.require(_terms(surplus, scale), -math.inf, 0)
    if "kcal" in active:
        band(energy, target["kcal"], target["kcal"] * target["kcal_tol_pct"] / 100)
    volume = [r.get("ml_per_g", 0) for r in rows]
    if "volume" in active:
        band(volume, target["volume_ml"], target["volume_ml"] * target["volume_tol_pct"] / 100)
    for limit in problem["limits"]:
        if f"limit:{limit['id']}" in active:
            of = carb if limit["nutrient"] == "carb" else [r[limit["nutrient"]] or 0 for r in rows]
            least, most = limit.get("min"), limit.get("max")
            peer.require(_terms([v / 100 for v in of], scale),
                         -math.inf if least is None else least,
                         math.inf if most is None else most)  # fmt: skip
    _choices(peer, problem, active, scale)
    if aim:
        weights = problem["objective"]
        for index, item in enumerate(items):
            _distance(peer, {index: scale[index]}, item["want"], item["weight"])
        off = [f - target["ratio"] * n for f, n in zip(fat, non_fat, strict=True)]
        _distance(peer, _terms(off, scale), 0, weights["ratio"])
        _distance(peer, _terms(energy, scale), target["kcal"], weights["kcal"])
        if target.get("volume_ml"):
            _distance(peer, _terms(volume, scale), target["volume_ml"], weights["volume"])
    can, cost, values = peer.run()
    grams = None if values is None else [
        float(v) * by for v, by in zip(values, scale, strict=False)
    ]  # fmt: skip
    return can, cost, grams


def _ends(item: dict[str, Any], active: Collection[str]) -> tuple[float, float]:
    low, high = 0.0, MOST_G
    food = item["food"]
    if f"min:{food}" in active and item["min"]:
        low = max(low, item["min"])
    if f"max:{food}" in active and item["max"] is not None:
        high = min(high, item["max"])
    if f"locked:{food}" in active and item["locked"] is not None:
        low, high = max(low, item["locked"]), min(high, item["locked"])
    if f"banned:{food}" in active and item["banned"]:
        high = 0.0
    return low, high


def _choices(
    peer: Peer, problem: dict[str, Any], active: Collection[str], scale: list[float]
) -> None:
    counted = "max_items" in active and problem.get("max_items") is not None
    chosen = []
    for index, item in enumerate(problem["items"]):
        least = item["use_min"] if f"use_min:{item['food']}" in active else None
        if not counted and least is None:
            continue
        yes = peer.column(0, 1, 0.0, 1)
        chosen.append(yes)
        most = min(peer.high[index], 2000 / scale[index])
        peer.require({index: 1, yes: -most}, -math.inf, 0)
        if least is not None:
            peer.require({index: scale[index], yes: -least}, 0, math.inf)
    if counted:
        peer.require(dict.fromkeys(chosen, 1), -math.inf, problem["max_items"])


def _distance(peer: Peer, terms: dict[int, float], centre: float, weight: float) -> None:
    above, below = peer.column(0, math.inf, weight), peer.column(0, math.inf, weight)
    peer.require(terms | {above: -1, below: 1}, centre, centre)


def _terms(values: list[float], scale: list[float]) -> dict[int, float]:
    return {i: v * by for i, (v, by) in enumerate(zip(values, scale, strict=True)) if v}


def week_names(problem: dict[str, Any]) -> list[str]:
    rules = problem["rules"]
    found = ["max_uses", "gap_days", "distinct_min", "minutes_day_max"]
    found += [f"never:{r}" for r in rules["never"]]
    found += [f"fixed:{f['day']}:{f['slot']}" for f in rules["fixed"]]
    found += [f"group_day:{g}" for g in rules["group_day_max"]]
    found += [f"group_week:{g}" for g in rules["group_week"]]
    return found + [f"daily:{d['id']}" for d in rules["daily"]]


def week_optimum(
    problem: dict[str, Any],
    active: Collection[str] | None = None,
    *,
    aim: bool = True,
    time_limit: float = 60.0,
) -> tuple[bool | None, float]:
    """Whether a menu can keep the active rules, and the highest score of one that does."""
    active = week_names(problem) if active is None else active
    rules, recipes, days = problem["rules"], problem["recipes"], range(1, problem["days"] + 1)
    peer, at = Peer(), {}
    weight, repeat = problem["objective"]["score"], problem["objective"]["repeat"]
    for day in days:
        for slot in problem["slots"]:
            cell = {}
            for r in recipes:
                if slot["id"] in r["slots"]:
                    column = peer.column(0, 1, -weight * r["score"] if aim else 0, 1)
                    at[day, slot["id"], r["id"]] = column
                    cell[column] = 1.0
            peer.require(cell, 1, 1)

    def where(test: Any) -> dict[int, float]:
        return {c: 1.0 for (d, s, r), c in at.items() if test(d, s, r)}

    by_id = {r["id"]: r for r in recipes}
    seen = []
    for r in recipes:
        uses = where(lambda d, s, x, r=r: x == r["id"])
        z = peer.column(0, 1, -repeat if aim else 0, 1)
        seen.append(z)
        peer.require({z: 1.0} | {c: -1.0 for c in uses}, -math.inf, 0)
        most = rules["max_uses"]["by_recipe"].get(r["id"], rules["max_uses"]["default"])
        if "max_uses" in active:
            peer.require(uses, -math.inf, most)
        if "gap_days" in active and r["id"] not in rules["gap_exempt"]:
            for first in range(1, problem["days"] - rules["gap_days"] + 2):
                window = range(first, first + rules["gap_days"])
                near = where(lambda d, s, x, r=r, w=window: x == r["id"] and d in w)
                peer.require(near, -math.inf, 1)
    for r in rules["never"]:
        if f"never:{r}" in active:
            peer.require(where(lambda d, s, x, r=r: x == r), -math.inf, 0)
    for f in rules["fixed"]:
        if f"fixed:{f['day']}:{f['slot']}" in active:
            peer.require({at[f["day"], f["slot"], f["recipe"]]: 1.0}, 1, 1)
    for day in days:
        for g, most in rules["group_day_max"].items():
            if f"group_day:{g}" in active:
                cells = where(lambda d, s, x, g=g, day=day: d == day and by_id[x]["group"] == g)
                peer.require(cells, -math.inf, most)
        if "minutes_day_max" in active:
            minutes = {c: by_id[r]["minutes"] for (d, s, r), c in at.items() if d == day}
            peer.require(minutes, -math.inf, rules["minutes_day_max"])
        kcal = {slot["id"]: slot["kcal"] for slot in problem["slots"]}
        for daily in rules["daily"]:
            if f"daily:{daily['id']}" in active:
                sums = {c: by_id[r]["per_100kcal"][daily["nutrient"]] * kcal[s] / 100
                        for (d, s, r), c in at.items() if d == day}  # fmt: skip
                peer.require(sums, daily.get("min", -math.inf), daily.get("max", math.inf))
    for g, ends in rules["group_week"].items():
        if f"group_week:{g}" in active:
            cells = where(lambda d, s, x, g=g: by_id[x]["group"] == g)
            peer.require(cells, ends.get("min", -math.inf), ends.get("max", math.inf))
    if "distinct_min" in active:
        peer.require(dict.fromkeys(seen, 1.0), rules["distinct_min"], math.inf)
    can, cost, _ = peer.run(time_limit)
    return can, -cost - repeat * problem["days"] * len(problem["slots"]) if aim else math.nan
