"""A database that is named by its address, as Django wants to be told of it."""

from __future__ import annotations

from typing import Any

import dj_database_url


def named_database(url: str, pool_size: int) -> dict[str, Any]:
    """The settings of the database at an address; PostgreSQL with a pool, unless its size is 0.

    A pool lends a connection for one request, so that there may be more threads than
    connections; it checks one that lay idle before lending it.
    """
    told: dict[str, Any] = dict(dj_database_url.parse(url, conn_health_checks=True))
    if pool_size and told["ENGINE"] == "django.db.backends.postgresql":
        pool = {"min_size": 1, "max_size": pool_size, "timeout": 10}
        return told | {"CONN_MAX_AGE": 0, "OPTIONS": {**told.get("OPTIONS", {}), "pool": pool}}
    return told | {"CONN_MAX_AGE": 60}
