"""Ids are UUIDv7: made by whoever enters a record, in order of time, never handed out twice."""

from __future__ import annotations

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    return uuid_utils.compat.uuid7()
