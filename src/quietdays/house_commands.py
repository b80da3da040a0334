"""The commands that keep the house: serve, tend, remind, hooks, demo, person.

Django loads late.
"""

from __future__ import annotations

import argparse
import getpass
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DEMO_ADDRESS = "http://{host}:{port}"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser("serve", help="migrate the database and serve the pages")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=int(os.environ.get("QUIETDAYS_PORT", "8000")))
    serve.add_argument(
        "--workers", type=int, default=1, help="processes that answer; more than 1 on PostgreSQL"
    )
    serve.add_argument("--demo", action="store_true", help="make the demo family on first run")
    serve.set_defaults(run=_serve)

    demo = commands.add_parser("demo", help="make the demo family, or print its sample diary")
    demo.add_argument("--sample", metavar="LAST_DAY", help="print the sample diary's CSV instead")
    demo.set_defaults(run=_demo)

    person = commands.add_parser("person", help="make an account, or set a new password")
    person.add_argument("email")
    person.add_argument("--name", default="")
    person.set_defaults(run=_person)

    clinic = commands.add_parser("clinic", help="make a clinic, with who leads its staff")
    clinic.add_argument("name")
    clinic.add_argument("--lead", required=True, metavar="E-MAIL", help="somebody with an account")
    clinic.add_argument("--role", default="neurologist", help="dietitian, neurologist or nurse")
    clinic.add_argument("--phone", default="")
    clinic.set_defaults(run=_clinic)

    tend = commands.add_parser(
        "tend", help="issue weekly summaries when they are due, remove what was deleted long ago"
    )
    tend.add_argument("--once", action="store_true", help="do what is due now, and end")
    tend.add_argument("--every", type=float, default=300, metavar="SECONDS")
    tend.add_argument("--parent", type=int, help="end when this process has ended")
    tend.set_defaults(run=_tend)

    beside = commands.add_parser(
        "beside", help="keep tend, remind and hooks running; serve starts it"
    )
    beside.add_argument("--parent", type=int, required=True, help="end when this process has ended")
    beside.set_defaults(run=_beside)

    remind = commands.add_parser("remind", help="deliver reminders; serve runs it beside itself")
    remind.add_argument("--once", action="store_true", help="deliver what is due now, and end")
    remind.add_argument("--lease", type=float, default=60, metavar="SECONDS")
    remind.add_argument("--parent", type=int, help="end when this process has ended")
    remind.set_defaults(run=_remind)

    hooks = commands.add_parser(
        "hooks", help="tell other programs of changes; serve runs it beside itself"
    )
    hooks.add_argument("--once", action="store_true", help="send what is due now, and end")
    hooks.add_argument("--lease", type=float, default=60, metavar="SECONDS")
    hooks.add_argument("--parent", type=int, help="end when this process has ended")
    hooks.set_defaults(run=_hooks)


def set_up() -> None:
    """Load Django, and leave the database as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quietdays.web.settings")
    import django

    django.setup()


def open_house() -> None:
    """Load Django and bring the database up to date."""
    set_up()
    from django.core.management import call_command

    with _one_start():
        call_command("migrate", verbosity=0, interactive=False)


_START_LOCK = 0x51756965  # any number that is always the same


@contextmanager
def _one_start() -> Iterator[None]:
    """Servers that start together on PostgreSQL bring its tables up to date one after the other."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_START_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_START_LOCK])


def _serve(options: argparse.Namespace) -> int:
    set_up()
    trouble = _too_many_workers(options.workers) or _restored_at_first()
    if trouble:
        print(f"quietdays serve: {trouble}", file=sys.stderr)
        return 2
    open_house()
    from django.core.management import call_command

    from quietdays.diet.starter import load_starter_foods
    from quietdays.sharing.demo import DEMO_PASSWORD, make_demo, people_to_show

    with _one_start():
        load_starter_foods()
    call_command("collectstatic", verbosity=0, interactive=False)
    if options.demo:
        make_demo(say=lambda text: print(f"· {text}", flush=True))
    print(f"\nQuiet Days is on {DEMO_ADDRESS.format(host=options.host, port=options.port)}")
    shown = people_to_show()
    if shown:
        print(f"Sign in with the password  {DEMO_PASSWORD}  as")
        for person in shown:
            print(f"  {person.email:28} {person.name}")
    print("Stop with Ctrl-C. Your data stays.\n", flush=True)
    os.environ.setdefault("QUIETDAYS_URL", f"http://{options.host}:{options.port}")
    _start("beside")
    # Where the server's processes count together; what runs beside it counts nothing there.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="quietdays-figures-")
    granian = Path(sys.executable).with_name("granian")
    os.execv(  # noqa: S606  our own server, in our own environment
        granian,
        [
            str(granian), "--interface", "wsgi", "--workers", str(options.workers), "--blocking-threads", "4",
            "--backpressure", "64", "--log-level", "warning", "--host", options.host,
            "--port", str(options.port), "quietdays.web.wsgi:application",
        ],
    )  # fmt: skip


def _too_many_workers(workers: int) -> str:
    """SQLite lets one process write at a time, and old releases of it are not safe with more."""
    from django.db import connection

    if connection.vendor == "sqlite" and workers != 1:
        return "on SQLite one worker answers; for more, use PostgreSQL (QUIETDAYS_DATABASE_URL)"
    return "" if 1 <= workers <= 32 else "--workers takes 1 to 32"


def _restored_at_first() -> str:
    """The first start brings back the backup that a setting names; answers why it could not."""
    from django.conf import settings

    from quietdays.backups.restoring import NotRestored, is_empty, restore

    if settings.RESTORE_FROM is None or not is_empty():
        return ""
    try:
        done = restore(settings.RESTORE_FROM, key_file=settings.BACKUP_KEY)
    except NotRestored as error:
        return f"not restored: {error}"
    print(f"· {done.rows} rows and {done.files} files are back from {settings.RESTORE_FROM.name}")
    return ""


_BESIDE = ("tend", "remind", "hooks")  # apart: a slow receiver must hold up no reminder
_LONGEST_PAUSE_S = 60.0


def _start(name: str) -> subprocess.Popen[bytes]:
    """One of our own commands, which ends when this process does."""
    line = [sys.executable, "-m", "quietdays.cli", name, "--parent", str(os.getpid())]
    return subprocess.Popen(line)  # noqa: S603  our own command


def _beside(options: argparse.Namespace) -> int:
    """Keep what runs beside the server running: what ends is started again, at once and then
    after longer and longer pauses. It loads nothing of the house, so that little can end it."""
    running = {name: _start(name) for name in _BESIDE}
    pause_s = dict.fromkeys(_BESIDE, 1.0)
    started = dict.fromkeys(_BESIDE, time.monotonic())
    with suppress(KeyboardInterrupt):
        while os.getppid() == options.parent:
            time.sleep(0.5)
            for name, process in running.items():
                since_s = time.monotonic() - started[name]
                if since_s > _LONGEST_PAUSE_S:
                    pause_s[name] = 1.0
                if process.poll() is not None and since_s > pause_s[name]:
                    print(f"quietdays {name} had ended; it is started again", file=sys.stderr)
                    pause_s[name] = min(2 * pause_s[name], _LONGEST_PAUSE_S)
                    started[name] = time.monotonic()
                    running[name] = _start(name)
    return 0


def _demo(options: argparse.Namespace) -> int:
    if options.sample:
        from datetime import date

        from quietdays.sharing.sample import sample_diary

        try:
            last_day = date.fromisoformat(options.sample)
        except ValueError:
            print(f"quietdays demo: “{options.sample}” is no date", file=sys.stderr)
            return 2
        sys.stdout.write(sample_diary(last_day))
        return 0
    open_house()
    from quietdays.diet.starter import load_starter_foods
    from quietdays.sharing.demo import make_demo

    load_starter_foods()
    make_demo(say=print)
    return 0


def _person(options: argparse.Namespace) -> int:
    open_house()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from quietdays.people.actions import create_account, set_password
    from quietdays.people.models import Person

    password = getpass.getpass("New password: ") if sys.stdin.isatty() else input()
    person = Person.objects.filter(email=options.email.lower()).first()
    try:
        validate_password(password, person)
        if person is not None:
            set_password(person=person, password=password)
        else:
            create_account(
                email=options.email, name=options.name or options.email, password=password
            )
    except ValidationError as error:
        print(f"quietdays person: {' '.join(error.messages)}", file=sys.stderr)
        return 2
    print(f"{options.email}: {'new password set' if person else 'account made'}")
    return 0


def _clinic(options: argparse.Namespace) -> int:
    open_house()
    from django.core.exceptions import ValidationError

    from quietdays.people.actions import create_clinic
    from quietdays.people.models import Person

    lead = Person.objects.filter(email=options.lead.lower()).first()
    if lead is None:
        print(f"quietdays clinic: there is no account {options.lead}", file=sys.stderr)
        return 2
    try:
        create_clinic(name=options.name, phone=options.phone, lead=lead, lead_role=options.role)
    except ValidationError as error:
        print(f"quietdays clinic: {' '.join(error.messages)}", file=sys.stderr)
        return 2
    print(f"{options.name}: made, led by {lead.name}")
    return 0


def _tend(options: argparse.Namespace) -> int:
    open_house()
    from django.utils import timezone

    from quietdays.sharing.chores import do_chores, keep_doing

    if options.once:
        print("\n".join(do_chores(timezone.now())) or "nothing was due")
    else:
        with suppress(KeyboardInterrupt):
            keep_doing(every_s=options.every, parent=options.parent)
    return 0


def _remind(options: argparse.Namespace) -> int:
    open_house()
    from django.utils import timezone

    from quietdays.reminders.worker import Worker, keep_reminding

    if options.once:
        worker, sent = Worker(lease_s=options.lease), 0
        while taken := worker.turn(timezone.now()):
            sent += taken
        print(f"taken up: {sent}")
    else:
        with suppress(KeyboardInterrupt):
            keep_reminding(parent=options.parent, lease_s=options.lease)
    return 0


def _hooks(options: argparse.Namespace) -> int:
    open_house()
    from django.utils import timezone

    from quietdays.hooks.worker import Worker, keep_telling

    if options.once:
        worker, sent = Worker(lease_s=options.lease), 0
        while taken := worker.turn(timezone.now()):
            sent += taken
        print(f"sent: {sent}")
    else:
        with suppress(KeyboardInterrupt):
            keep_telling(parent=options.parent, lease_s=options.lease)
    return 0
