"""`quietdays effect`: diary files in, one answer a 28-day period out, as JSON or as a table.

Reads and writes, so it stands beside the command line and not in science, whose functions
it calls and nothing else. The words on a verdict never name a cause.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from quietdays.science.diary_csv import DiaryFileError, read_diary, split_batch
from quietdays.science.effect import (
    MIN_CLUSTERS_BEFORE,
    MIN_LOGGED_DAYS,
    Counts,
    Effect,
    PeriodEffect,
    Verdict,
    effect,
)

DONE = 0
UNREADABLE = 2

WORDS = {
    Verdict.CLEAR_REDUCTION: "fewer seen than before, beyond the usual ups and downs",
    Verdict.NO_CLEAR_CHANGE: "within what ups and downs alone can do",
    Verdict.CLEAR_INCREASE: "more seen than before, beyond the usual ups and downs",
    Verdict.CANNOT_SEPARATE: "a medicine changed in these weeks; the two cannot be told apart",
}
_NOTES = (
    "Ratio: clusters seen, divided by what the same days would have given without a change.",
    "In made-up diaries the true ratio lay between the two limits 90 to 100 times in 100.",
    "None of this says why.",
)
# Digits enough to tell any two answers apart, and few enough to be the same on any machine.
_SIGNIFICANT_DIGITS = 6


def run_effect(path: Path | str, *, as_json: bool, out: TextIO, err: TextIO | None = None) -> int:
    """The answer for one diary file; its name without the ending is the id."""
    path = Path(path)
    try:
        answer = _answer(path.read_text(encoding="utf-8"))
    except OSError as error:
        return _refuse(err, f"{path}: {error.strerror}")
    except UnicodeDecodeError:
        return _refuse(err, f"{path}: not a text in UTF-8")
    except DiaryFileError as error:
        return _refuse(err, f"diary {path.stem}, row {error.row}: {error.reason}")
    text = json_line(path.stem, answer) if as_json else table(answer)
    out.write(text + "\n")
    return DONE


def run_batch(stdin: Iterable[str], stdout: TextIO, stderr: TextIO) -> int:
    """A line of JSON for each diary of a batch, in order, up to the first that is unreadable."""
    current = "?"
    try:
        for diary in split_batch(stdin):
            current = diary.id
            stdout.write(json_line(diary.id, _answer(diary.text)) + "\n")
    except DiaryFileError as error:
        return _refuse(stderr, f"diary {current}, row {error.row}: {error.reason}")
    except UnicodeDecodeError:
        return _refuse(stderr, "not a text in UTF-8")
    return DONE


def json_line(diary_id: str, answer: Effect) -> str:
    """One diary's answer as a line of JSON. Dates are ISO, missing numbers null, never NaN."""
    record = {
        "id": diary_id,
        "diet_started": answer.diet_started.isoformat(),
        "model": answer.model_version,
        "inputs_sha256": answer.inputs_sha256,
        "periods": [_plain(asdict(period)) for period in answer.periods],
    }
    return json.dumps(record, allow_nan=False, ensure_ascii=False)


def table(answer: Effect) -> str:
    """Counts with their denominators, the ratio between its limits, and the verdict in words."""
    started = f"Diet started {answer.diet_started.isoformat()}."
    if not answer.periods:
        return f"{started} No 28 days of the diet are over yet, so there is nothing to compare."
    rows = [
        ("", "days logged", "clusters", "spasms", "hours watched", "ratio", "limits"),
        ("28 days before", *_counted(answer.periods[0].before), "", ""),
        *(
            (f"days {p.first_day} to {p.last_day}", *_counted(p.during), *_limits(p))
            for p in answer.periods
        ),
    ]
    verdicts = [line for period in answer.periods for line in _sentences(period)]
    return "\n".join([started, "", *_aligned(rows), "", *verdicts, "", *_NOTES])


def _answer(text: str) -> Effect:
    diary = read_diary(text)
    return effect(diary.days, diet_started=diary.diet_started)


def _refuse(err: TextIO | None, message: str) -> int:
    print(message, file=err or sys.stderr)
    return UNREADABLE


def _plain(value: Any) -> Any:
    """Dates as ISO text and numbers with few digits, however deep they stand."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{_SIGNIFICANT_DIGITS}g}")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _counted(counts: Counts) -> tuple[str, str, str, str]:
    spasms = f"at least {counts.spasms}" if counts.spasms_at_least else str(counts.spasms)
    hours = "not recorded" if counts.hours_watched is None else f"{counts.hours_watched:.0f}"
    return f"{counts.logged_days} of {counts.days}", str(counts.clusters), spasms, hours


def _limits(period: PeriodEffect) -> tuple[str, str]:
    if period.rate_ratio is None or period.lo95 is None or period.hi95 is None:
        return "none", ""
    return f"{period.rate_ratio:.2f}", f"{period.lo95:.2f} to {period.hi95:.2f}"


def _sentences(period: PeriodEffect) -> list[str]:
    words = WORDS.get(period.verdict) or _what_is_missing(period)
    lines = [f"Days {period.first_day} to {period.last_day}: {words}."]
    if period.co_interventions:
        changes = (f"{c.change} {c.medicine} {c.date.isoformat()}" for c in period.co_interventions)
        lines.append("  Medicines changed: " + ", ".join(changes) + ".")
    return lines


def _what_is_missing(period: PeriodEffect) -> str:
    before, during = period.before, period.during
    facts = {
        "few_logged_days_before": f"{before.logged_days} of {before.days} days logged before the "
        f"diet, {MIN_LOGGED_DAYS} needed",
        "few_logged_days_during": f"{during.logged_days} of {during.days} days logged, "
        f"{MIN_LOGGED_DAYS} needed",
        "few_clusters_before": f"clusters seen before the diet: {before.clusters}, "
        f"{MIN_CLUSTERS_BEFORE} needed",
    }
    missing = [facts[reason] for reason in period.reasons if reason in facts]
    return "not enough recorded to compare: " + "; ".join(missing)


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Columns as wide as their widest cell, the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
