"""What a channel is sent to, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Route:
    """Where a channel leads: free of the database, so that any thread may send."""

    kind: str
    address: str
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `is_over`: the address works no more, and is not tried again.

    `wait_s`: the service asked to be left alone so long.
    """

    is_taken: bool
    words: str
    is_over: bool = False
    wait_s: float = 0.0


class AddressRefused(Exception):
    """An address that this server does not send to; the words say why."""
