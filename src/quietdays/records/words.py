"""Stored values as people read them."""

from __future__ import annotations

from decimal import Decimal


def decimal_text(value: Decimal) -> str:
    """A stored decimal without the noughts that storage added: 3.20 was meant as 3.2."""
    return f"{value.normalize():f}"


def as_typed(value: object) -> object:
    """A stored value as a form shows it for editing; decimals as they were typed."""
    return decimal_text(value) if isinstance(value, Decimal) else value
