"""What goes in and out at the command line: import, report, export. Django loads late."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from quietdays.house_commands import open_house


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bring = commands.add_parser("import", help="bring data in")
    kinds = bring.add_subparsers(required=True, metavar="KIND")
    diary = kinds.add_parser("diary", help="a diary as CSV: daily rows or single clusters")
    diary.add_argument("file", type=Path)
    diary.add_argument(
        "--child", required=True, help="the child's id, or its name if only one has it"
    )
    diary.add_argument("--by", help="e-mail of the person who enters it; default: a parent")
    diary.set_defaults(run=_import_diary)

    file = kinds.add_parser("file", help="a file of another program: of meters, diaries, phones")
    file.add_argument("file", type=Path)
    file.add_argument("--child", required=True, help="the child's id or name")
    file.add_argument("--by", help="e-mail of the person who enters it; default: a parent")
    file.add_argument(
        "--answer", action="append", default=[], metavar="NAME=VALUE",
        help="what the file does not say, such as unit=kg; asked for when it is missing",
    )  # fmt: skip
    file.add_argument("--dry-run", action="store_true", help="only say what would come in")
    file.set_defaults(run=_import_file)

    archive = kinds.add_parser("archive", help="a child's archive, from this or another house")
    archive.add_argument("file", type=Path)
    archive.add_argument("--dry-run", action="store_true", help="only check it and say what it is")
    archive.set_defaults(run=_import_archive)

    report = commands.add_parser("report", help="write the report for the team as PDF")
    report.add_argument("--child", required=True, help="the child's id or name")
    report.add_argument("--from", dest="first", help="first day, such as 2026-03-01")
    report.add_argument("--to", dest="last", help="last day; default: today")
    report.add_argument(
        "--for", dest="audience", default="neurologist", metavar="AUDIENCE",
        help="neurologist (everything), dietitian, practitioner, nursery or emergency",
    )  # fmt: skip
    report.add_argument("--paper", default="a4", choices=["a4", "us-letter"])
    report.add_argument("--out", type=Path, required=True, help="the PDF to write")
    report.set_defaults(run=_report)

    export = commands.add_parser("export", help="write all of a child's data, or its diary as FHIR")
    whose = export.add_mutually_exclusive_group(required=True)
    whose.add_argument("--child", help="the child's id or name")
    whose.add_argument("--demo", action="store_true", help="the demo family's child")
    export.add_argument("--format", required=True, choices=["archive", "csv", "fhir", "ips"])
    export.add_argument("--from", dest="first", help="of fhir; default: the birth")
    export.add_argument("--to", dest="last", help="of fhir; default: today")
    export.add_argument("--out", type=Path, required=True, help="the file to write")
    export.set_defaults(run=_export)


class _Refused(Exception):
    """A name on the command line fits nobody, or more than one."""


def _child_and_person(name: str, email: str | None):  # type: ignore[no-untyped-def]
    from uuid import UUID

    from quietdays.people.models import CareRole, Child, Person

    try:
        found = list(Child.objects.filter(pk=UUID(name)))
    except ValueError:
        found = list(Child.objects.filter(name__iexact=name))
    if len(found) != 1:
        raise _Refused(f"{len(found)} children are called “{name}”; give the child's id")
    child = found[0]
    if email:
        person = Person.objects.filter(email=email.lower()).first()
        if person is None:
            raise _Refused(f"there is no account {email}")
        return child, person
    parent = child.care_roles.filter(role=CareRole.Role.PARENT).live().first()
    if parent is None:
        raise _Refused(f"{child.name} has no parent with an account; say who with --by")
    return child, parent.person


def _say_why(refused) -> None:  # type: ignore[no-untyped-def]
    """Every row of an import that is wrong, on the error output."""
    print("Nothing was changed.", file=sys.stderr)
    for problem in refused.problems:
        print(problem, file=sys.stderr)


def _import_diary(options: argparse.Namespace) -> int:
    open_house()
    from quietdays.sharing.imports.diary_csv import import_diary
    from quietdays.sharing.imports.table import ImportRefused

    try:
        child, person = _child_and_person(options.child, options.by)
        done = import_diary(by=person, child=child, data=options.file.read_bytes())
    except OSError as error:
        print(f"quietdays import: {options.file}: {error.strerror}", file=sys.stderr)
    except _Refused as error:
        print(f"quietdays import: {error}", file=sys.stderr)
    except ImportRefused as error:
        _say_why(error)
    else:
        print(done)
        return 0
    return 2


def _import_file(options: argparse.Namespace) -> int:
    open_house()
    from quietdays.sharing.imports.plan import Verdict, carry_out, preview
    from quietdays.sharing.imports.sources import detected, questions, read, taken_in
    from quietdays.sharing.imports.table import ImportRefused

    try:
        child, person = _child_and_person(options.child, options.by)
        with options.file.open("rb") as file:
            data = taken_in(file, options.file.stat().st_size)
        answers = dict(pair.split("=", 1) for pair in options.answer if "=" in pair)
        source = detected(data)
        for question in questions(source, data, answers):
            answers.setdefault(question.name, question.initial)
            allowed = [value for value, _ in question.choices]
            if answers[question.name] not in ([*allowed, ""] if not question.required else allowed):
                shown = ", ".join(allowed)
                raise _Refused(f"{question.label}? Give --answer {question.name}= one of {shown}")
        reading = read(source, data, child, answers)
        act = preview if options.dry_run else carry_out
        done = act(by=person, child=child, reading=reading)
    except OSError as error:
        print(f"quietdays import: {options.file}: {error.strerror}", file=sys.stderr)
        return 2
    except _Refused as error:
        print(f"quietdays import: {error}", file=sys.stderr)
        return 2
    except ImportRefused as error:
        _say_why(error)
        return 2
    if options.dry_run:
        for row in done.judged:
            print(f"row {row.row}: {row.verdict.value}: {row.words}")
        print("Nothing was changed.")
        return 2 if done.count(Verdict.REFUSED) else 0
    print(done)
    return 0


def _import_archive(options: argparse.Namespace) -> int:
    open_house()
    from quietdays.diet.starter import load_starter_foods
    from quietdays.sharing.archive.restoring import restore
    from quietdays.sharing.imports.table import ImportRefused

    load_starter_foods()  # foods of the tables are found again in this house's own
    try:
        with options.file.open("rb") as file:
            found = restore(file, dry_run=options.dry_run, tell=_Bar())
    except OSError as error:
        print(f"quietdays import: {options.file}: {error.strerror}", file=sys.stderr)
        return 2
    except ImportRefused as error:
        _say_why(error)
        return 2
    print(f"{'Would be brought in' if options.dry_run else 'Brought in'}: {found}")
    for email in found.people:
        print(f"{email} has no password here yet: set one with  quietdays person {email}")
    return 0


def _report(options: argparse.Namespace) -> int:
    open_house()
    from quietdays.sharing.report import default_period, report_pdf

    try:
        child, _ = _child_and_person(options.child, None)
        first, last = _period(options, child, default_period(child))
        pdf = report_pdf(child, first, last, audience=options.audience, paper=options.paper)
        options.out.write_bytes(pdf)
        _note_export(child, "report-pdf")
    except (_Refused, ValueError) as error:
        print(f"quietdays report: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"quietdays report: {options.out}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{options.out}: {first} to {last}")
    return 0


def _note_export(child, what: str) -> None:  # type: ignore[no-untyped-def]
    """The family reads in its trail what the operator took along."""
    from quietdays.people.trail import Did, note

    note(child=child, did=Did.EXPORTED, what=what, who="the operator, at the command line")


def _period(options: argparse.Namespace, child, otherwise):  # type: ignore[no-untyped-def]
    """The dates that were asked for; raises what a command answers to dates that cannot be."""
    from datetime import date

    first = date.fromisoformat(options.first) if options.first else otherwise[0]
    last = date.fromisoformat(options.last) if options.last else otherwise[1]
    if not child.birth_date <= first <= last <= child.today():
        raise _Refused("the period must lie between the birth and today")
    return first, last


def _export(options: argparse.Namespace) -> int:
    open_house()
    from quietdays.sharing.demo import demo_child

    try:
        child = demo_child() if options.demo else _child_and_person(options.child, None)[0]
        if child is None:
            raise _Refused("there is no demo family here; make it with quietdays demo")
        whole = options.format in ("archive", "csv")
        said = _export_rows(options, child) if whole else _export_fhir(options, child)
        _note_export(child, options.format)
    except (_Refused, ValueError) as error:
        print(f"quietdays export: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"quietdays export: {options.out}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"{options.out}: {said}")
    return 0


def _export_rows(options: argparse.Namespace, child) -> str:  # type: ignore[no-untyped-def]
    from quietdays.sharing.archive.writing import archive_steps, csv_steps

    steps = archive_steps if options.format == "archive" else csv_steps
    part = options.out.with_name(options.out.name + ".part")
    bar, total = _Bar(), 0
    try:
        # Health data: nobody else on this machine reads it. A torn file never has the name.
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
            for done, total in steps(child, out):
                bar(done, total)
        part.replace(options.out)
    finally:
        part.unlink(missing_ok=True)
    return f"{total} {'rows' if options.format == 'archive' else 'tables'}"


def _export_fhir(options: argparse.Namespace, child) -> str:  # type: ignore[no-untyped-def]
    from django.utils import timezone

    from quietdays.sharing.fhir.bundles import as_text, diary_document, patient_summary

    now = timezone.now()
    if options.format == "ips":
        bundle = patient_summary(child, now=now)
    else:
        first, last = _period(options, child, (child.birth_date, child.today()))
        bundle = diary_document(child, first, last, now=now)
    options.out.write_text(as_text(bundle), encoding="utf-8")
    return f"{len(bundle['entry'])} entries"


class _Bar:
    """How far a long command is, on the error output: a bar, or a line every tenth in a log."""

    def __init__(self) -> None:
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if sys.stderr.isatty():
            filled = "#" * (percent // 4)
            end = "\n" if percent == 100 else ""
            if percent != self._shown:
                print(f"\r[{filled:25}] {percent:3} %", end=end, file=sys.stderr, flush=True)
        elif percent // 10 != self._shown // 10:
            print(f"{percent} %", file=sys.stderr, flush=True)
        self._shown = percent
