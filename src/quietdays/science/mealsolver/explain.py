"""Why no meal fits, and what one number would change that.

1. The conflict: several orders of leaving out, and the shortest of what they find.
2. The fixes: each number of the conflict, moved as little as is enough, and verified.
3. One sentence with the foods' names and figures.
"""

from __future__ import annotations

from quietdays.science.mealsolver import exact, names
from quietdays.science.mealsolver.answers import Refused
from quietdays.science.mealsolver.conflict import Remembered, clearest, irreducible
from quietdays.science.mealsolver.exact import Outcome
from quietdays.science.mealsolver.fixes import fixes
from quietdays.science.mealsolver.model import Model
from quietdays.science.mealsolver.numeric import Numeric
from quietdays.science.mealsolver.wording import meal_message

# Left out first to last: the household's rules before the care team's targets.
_HOUSEHOLD_FIRST = (
    names.STEP, names.MAX_ITEMS, names.USE_MIN, names.MIN, names.MAX, names.BANNED,
    names.LOCKED, names.LIMIT, names.VOLUME, names.RATIO, names.ENERGY,
)  # fmt: skip
_TARGETS_FIRST = (
    names.STEP, names.MAX_ITEMS, names.USE_MIN, names.RATIO, names.VOLUME, names.ENERGY,
    names.MIN, names.MAX, names.BANNED, names.LIMIT, names.LOCKED,
)  # fmt: skip


def explain(model: Model, numeric: Numeric) -> Refused:
    """What cannot hold together in a problem that is known to have no answer."""
    conflict = find_conflict(model, numeric)
    relax = fixes(model, numeric, conflict)
    return Refused(conflict, relax, meal_message(model.problem, conflict, relax))


def find_conflict(model: Model, numeric: Numeric) -> tuple[str, ...]:
    """An irreducible conflict, in the order of the format's table."""
    feasible = Remembered(lambda kept: can_hold(numeric, kept))
    without_steps = frozenset(model.names) - {names.STEP}
    if feasible(without_steps) is False:
        orders = [_ordered(model, _HOUSEHOLD_FIRST), _ordered(model, _TARGETS_FIRST)]
        orders.append(_ordered(model, _HOUSEHOLD_FIRST, last_food_first=True))
    else:
        # Whole steps are the reason, and each question then costs a programme: one order.
        orders = [_ordered(model, _HOUSEHOLD_FIRST)]
    found = clearest(irreducible(order, feasible) for order in orders)
    return tuple(name for name in model.names if name in found)


def can_hold(numeric: Numeric, kept: frozenset[str]) -> bool | None:
    """Whether these constraints have a solution; None where the time ran out."""
    relaxed = exact.solve(numeric, kept, relaxed=True)
    if relaxed.outcome is Outcome.IMPOSSIBLE:
        return False
    if not any(names.kind_of(n) in (names.STEP, names.USE_MIN, names.MAX_ITEMS) for n in kept):
        return True
    found = exact.solve(numeric, kept)
    return None if found.outcome is Outcome.OUT_OF_TIME else found.outcome is Outcome.FOUND


def _ordered(
    model: Model, kinds: tuple[str, ...], *, last_food_first: bool = False
) -> tuple[str, ...]:
    listed = model.names[::-1] if last_food_first else model.names
    return tuple(sorted(listed, key=lambda name: kinds.index(names.kind_of(name))))
