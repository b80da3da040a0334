"""The model in binary numbers, counted in whole steps: what the machines calculate with.

All coefficients are decimals, so with whole steps a row can only take values on a grid. For
whole steps a row's bounds are therefore moved outwards by half a cell of that grid: every true
answer lies well inside and every false one well outside, whatever a solver's own tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
import numpy.typing as npt

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.model import Model, Row

FLOATS = npt.NDArray[np.float64]
# An amount that nothing holds back is still less than this.
LARGEST_G = 20_000.0
# Below this half a grid cell is no longer safe from rounding.
_FINEST_CELL = 1e-8
_SLACK = 1e-10


@dataclass(frozen=True, slots=True)
class NumericRow:
    """One row in steps, scaled so that its largest coefficient is 1."""

    name: str
    coefficients: FLOATS
    low: float
    high: float
    grid_low: float
    grid_high: float


@dataclass(frozen=True, slots=True)
class NumericBound:
    """One bound in steps: as it stands, and as the whole steps within it."""

    name: str
    item: int
    low: float
    high: float
    whole_low: float
    whole_high: float


@dataclass(frozen=True, slots=True)
class Numeric:
    """A model's rows, bounds and steps as floats."""

    model: Model
    steps: FLOATS
    rows: tuple[NumericRow, ...]
    bounds: tuple[NumericBound, ...]
    largest: FLOATS
    energy_largest: FLOATS

    def limits(self, active: Collection[str], *, whole: bool) -> tuple[FLOATS, FLOATS]:
        """The least and the most steps of each item under the active bounds."""
        low = np.zeros(len(self.steps))
        high = np.minimum(self.largest, self.energy_largest if names.ENERGY in active else np.inf)
        for bound in self.bounds:
            if bound.name in active:
                least, most = (
                    (bound.whole_low, bound.whole_high) if whole else (bound.low, bound.high)
                )
                low[bound.item] = max(low[bound.item], least)
                high[bound.item] = min(high[bound.item], most)
        return low, high


def build_numeric(model: Model) -> Numeric:
    steps = np.array([float(step) for step in model.steps])
    largest = np.maximum(LARGEST_G, [4 * _largest_named(model, i) for i in range(len(steps))])
    return Numeric(
        model=model,
        steps=steps,
        rows=tuple(numeric_row(row, model.steps) for row in model.rows),
        bounds=tuple(_bounds(model)),
        largest=np.floor(largest / steps),
        energy_largest=_energy_largest(model),
    )


def numeric_row(row: Row, steps: Sequence[Decimal]) -> NumericRow:
    """A row of the model with its grid."""
    in_steps = [c * step for c, step in zip(row.coefficients, steps, strict=True)]
    largest = max((abs(c) for c in in_steps), default=Decimal(0)) or Decimal(1)
    scale = 1 / float(largest)
    low = -math.inf if row.low is None else float(row.low) * scale
    high = math.inf if row.high is None else float(row.high) * scale
    grid_low, grid_high = _on_grid(in_steps, row, scale)
    return NumericRow(
        name=row.name,
        coefficients=np.array([float(c) * scale for c in in_steps]),
        low=low,
        high=high,
        grid_low=low - _SLACK if grid_low is None else grid_low,
        grid_high=high + _SLACK if grid_high is None else grid_high,
    )


def _on_grid(
    in_steps: Sequence[Decimal], row: Row, scale: float
) -> tuple[float | None, float | None]:
    """The bounds, half a cell outside the last value that holds; None where cells are too fine."""
    cell = _cell(in_steps)
    if not cell or float(cell) * scale / 2 < _FINEST_CELL:
        return None, None
    half = float(cell) * scale / 2
    low: float | None = None
    high: float | None = None
    if row.low is not None:
        inner = (row.low / cell).to_integral_value(ROUND_CEILING) * cell
        low = float(inner) * scale - half
    if row.high is not None:
        inner = (row.high / cell).to_integral_value(ROUND_FLOOR) * cell
        high = float(inner) * scale + half
    return low, high


def _cell(values: Sequence[Decimal]) -> Decimal:
    """The largest decimal of which all values are whole multiples; nought if all are nought."""
    finest = min((v.as_tuple().exponent for v in values), default=0)
    if not isinstance(finest, int):
        return Decimal(0)
    divisor = math.gcd(*(int(v.scaleb(-finest)) for v in values))
    return Decimal(divisor).scaleb(finest)


def _bounds(model: Model) -> list[NumericBound]:
    found = []
    for bound in model.bounds:
        step = model.steps[bound.item]
        low = -math.inf if bound.low is None else bound.low / step
        high = math.inf if bound.high is None else bound.high / step
        found.append(
            NumericBound(
                name=bound.name,
                item=bound.item,
                low=float(low),
                high=float(high),
                whole_low=_rounded(low, ROUND_CEILING),
                whole_high=_rounded(high, ROUND_FLOOR),
            )
        )
    return found


def _rounded(value: Decimal | float, how: str) -> float:
    return float(value.to_integral_value(how)) if isinstance(value, Decimal) else value


def _energy_largest(model: Model) -> FLOATS:
    """No item can hold more energy than the meal may."""
    energy = next(row for row in model.rows if row.name == names.ENERGY)
    most = float(energy.high or 0)
    return np.array([
        math.floor(most / float(c * step)) + 1.0 if c > 0 else math.inf
        for c, step in zip(energy.coefficients, model.steps, strict=True)
    ])  # fmt: skip


def _largest_named(model: Model, index: int) -> float:
    """The largest amount that the problem itself speaks of for this item, in grams."""
    item = model.problem.items[index]
    return max(item.want_g, item.min_g, item.max_g or 0, item.locked_g or 0, item.use_min_g or 0)
