"""Which constraints cannot hold together, none of which can be left out.

The deletion filter: leave names out one after the other; where the rest still cannot hold,
the name stays out. What is left cannot be made smaller. The order decides which of several
conflicts is found: what is left out first is named only where it must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

# Can these hold together? None where neither could be shown in time.
Feasible = Callable[[frozenset[str]], bool | None]


class Remembered:
    """An oracle that is asked only once about the same set."""

    def __init__(self, feasible: Feasible) -> None:
        self._feasible = feasible
        self._known: dict[frozenset[str], bool | None] = {}

    def __call__(self, names: frozenset[str]) -> bool | None:
        if names not in self._known:
            self._known[names] = self._feasible(names)
        return self._known[names]


def irreducible(order: Sequence[str], feasible: Feasible) -> tuple[str, ...]:
    """The conflict that is left when names are left out in this order.

    A name that could not be decided about stays in: then the conflict is true, though
    perhaps not the smallest.
    """
    kept = list(order)
    for name in order:
        without = [other for other in kept if other != name]
        if feasible(frozenset(without)) is False:
            kept = without
    return tuple(kept)


def clearest(conflicts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest, and of equals the first: the fewer wishes, the easier to understand."""
    return min(conflicts, key=len)
