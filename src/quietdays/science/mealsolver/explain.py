"""Why no meal fits, and what one number would change that."""

from __future__ import annotations

from quietdays.science.mealsolver import exact
from quietdays.science.mealsolver.answers import Refused
from quietdays.science.mealsolver.exact import Outcome
from quietdays.science.mealsolver.model import Model
from quietdays.science.mealsolver.numeric import Numeric


def explain(model: Model, numeric: Numeric) -> Refused:
    """The smallest set of names that cannot hold together."""
    kept = list(model.names)
    for name in model.names:
        without = [other for other in kept if other != name]
        if exact.solve(numeric, without).outcome is Outcome.IMPOSSIBLE:
            kept = without
    return Refused(tuple(kept), (), "These wishes cannot hold together: " + ", ".join(kept))
