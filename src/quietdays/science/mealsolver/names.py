"""The names of constraints: the words in which a conflict is told."""

from __future__ import annotations

RATIO = "ratio"
ENERGY = "kcal"
VOLUME = "volume"
STEP = "step"
MAX_ITEMS = "max_items"

LIMIT = "limit"
LOCKED = "locked"
MIN = "min"
MAX = "max"
BANNED = "banned"
USE_MIN = "use_min"

MAX_USES = "max_uses"
GAP_DAYS = "gap_days"
NEVER = "never"
FIXED = "fixed"
GROUP_DAY = "group_day"
GROUP_WEEK = "group_week"
DISTINCT_MIN = "distinct_min"
MINUTES_DAY_MAX = "minutes_day_max"
DAILY = "daily"


def of(kind: str, subject: str) -> str:
    """`max:n01145` from its two halves."""
    return f"{kind}:{subject}"


def kind_of(name: str) -> str:
    return name.partition(":")[0]


def subject_of(name: str) -> str:
    """What a name is about: a food, a limit, a recipe; empty for those about the whole."""
    return name.partition(":")[2]
