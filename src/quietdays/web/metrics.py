"""Figures for Prometheus: of requests by route, and of the house's work. None names a person.

Where `serve` runs several processes they count into files of one folder, which
PROMETHEUS_MULTIPROC_DIR names; what stands in the database is read when it is asked for.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from quietdays.backups.state import read_state
from quietdays.hooks.models import Delivery as HookDelivery
from quietdays.records.turns import last_turns
from quietdays.reminders.models import Attempt, Delivery, Heartbeat

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LATE = timedelta(minutes=2)
REQUESTS = Counter("quietdays_requests_total", "Answered requests", ["route", "method", "status"])
LATENCY = Histogram("quietdays_request_seconds", "Time to an answer", ["route"])


def exposition() -> bytes:
    """Everything in Prometheus' text format."""
    shared = CollectorRegistry()
    shared.register(House())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)
    return generate_latest(shared) + generate_latest(REGISTRY)


class House(Collector):
    """What the database and the data folder know at this instant."""

    def collect(self) -> Iterable[Metric]:
        now = timezone.now()
        yield from _reminders(now)
        yield from _workers(now)
        yield from _storage(now)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"quietdays_{name}", words, value=value)


def _reminders(now: datetime) -> Iterator[Metric]:
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, due_at__lte=now)
    yield _gauge("reminders_due", "Reminders that are due and not sent", waiting.count())
    late = waiting.filter(due_at__lte=now - LATE).count()
    yield _gauge("reminders_late", "Reminders that are due for over two minutes", late)
    tries = GaugeMetricFamily(
        "quietdays_reminder_tries_last_hour", "Tries to deliver", labels=["channel", "taken"]
    )
    recent = Attempt.objects.filter(at__gte=now - timedelta(hours=1))
    counted = recent.order_by().values_list("channel__kind", "is_taken").annotate(Count("id"))
    for kind, is_taken, count in counted:
        tries.add_metric([kind, "yes" if is_taken else "no"], count)
    yield tries
    hooks = HookDelivery.objects.filter(state=HookDelivery.State.WAITING)
    yield _gauge("webhooks_waiting", "Webhook messages that nobody took yet", hooks.count())


def _workers(now: datetime) -> Iterator[Metric]:
    turns = GaugeMetricFamily(
        "quietdays_worker_turn_age_seconds", "Since a worker's last turn", labels=["worker"]
    )
    beat = Heartbeat.objects.first()
    if beat:
        turns.add_metric(["remind"], (now - beat.seen_at).total_seconds())
    for name, at in last_turns(settings.DATA_DIR).items():
        turns.add_metric([name], (now - at).total_seconds())
    yield turns


def _storage(now: datetime) -> Iterator[Metric]:
    state = read_state(settings.DATA_DIR)
    age_s = state.age_s(now)
    if age_s is not None:
        yield _gauge("backup_age_seconds", "Since the last backup that restored", age_s)
    yield _gauge("backup_failed", "1 where the last try failed", bool(state.error))
    free = shutil.disk_usage(settings.DATA_DIR).free
    yield _gauge("disk_free_bytes", "Free on the disk of the data folder", free)
    pool = getattr(connection, "pool", None)
    if pool is not None:
        stats = pool.get_stats()
        for name in ("pool_size", "pool_available", "requests_waiting"):
            words = f"The database pool's {name} of the process that answers"
            yield _gauge(f"database_{name}", words, stats.get(name, 0))
