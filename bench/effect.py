"""How long an answer takes, beside statsmodels' negative binomial regression of the same days.

statsmodels is no dependency: where it is not installed, that is said. It answers an easier
question (days independent, nothing known of other children) and is only a yardstick of time.
"""

from __future__ import annotations

import importlib
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from quietdays.science.days import DiaryDay
from quietdays.science.effect import effect
from tests.science.diaries import DIET_STARTED
from tests.science.simulator import diary

_DIARIES = 1000
_AIM_MS = 5.0


def effect_of_diaries(count: int = _DIARIES) -> None:
    """Milliseconds a diary of 112 days, three answers each."""
    diaries = [diary("usual", 0.5, number).days for number in range(count)]
    _show("effect of a diary of 16 weeks", diaries, lambda d: effect(d, diet_started=DIET_STARTED))
    try:
        models: Any = importlib.import_module("statsmodels.discrete.discrete_model")
    except ImportError:
        print("  statsmodels not installed: nothing to compare with")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _show("  statsmodels NegativeBinomial", diaries, lambda d: _regression(models, d))


def _regression(models: Any, days: list[DiaryDay]) -> object:
    counted = [d for d in days if d.is_counted]
    clusters = np.array([d.clusters for d in counted], dtype=float)
    on_diet = np.array([[1.0, float(d.on_diet)] for d in counted])
    return models.NegativeBinomial(clusters, on_diet).fit(disp=0)


def _show(what: str, diaries: list[list[DiaryDay]], work: Callable[[list[DiaryDay]], Any]) -> None:
    work(diaries[0])  # the first round warms up
    times = []
    for days in diaries:
        start = time.perf_counter()
        work(days)
        times.append(1000 * (time.perf_counter() - start))
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{what:44} {statistics.median(times):8.1f} ms   p95 {p95:.1f} ms   aim {_AIM_MS:g} ms")


if __name__ == "__main__":
    effect_of_diaries()
