"""The two databases as a backup sees them: taken as they stood at one instant, tried, put back."""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.db import connection, connections
from psycopg import sql

from quietdays.records.writing import one_writer

Counts = dict[str, int]


class Trouble(Exception):
    """A database could not be taken, tried or put back; in words for the operator."""


class Kind(Protocol):
    name: str  # as the manifest says it
    file: str  # in the archive

    def take(self, into: Path) -> Counts:
        """Write the whole database into a file, without holding up writers; answers its rows."""

    def tried(self, copy: Path) -> Counts:
        """Restore a copy into a scratch database, check it, and count its rows."""

    def put_back(self, copy: Path) -> None:
        """Replace everything in the house's database by a copy, in one transaction."""

    def fault(self) -> str:
        """What the house's database finds wrong with itself, or nothing."""


def kind_here() -> Kind:
    return Sqlite() if connection.vendor == "sqlite" else PostgreSql()


class Sqlite:
    name, file = "sqlite", "database.sqlite3"

    def take(self, into: Path) -> Counts:
        with closing(_opened(_place())) as source, closing(_opened(into)) as target:
            source.execute("BEGIN")  # the counts and the copy are of one instant
            counts = _sqlite_counts(source)
            source.backup(target)
            source.execute("COMMIT")
        return counts

    def tried(self, copy: Path) -> Counts:
        try:
            with closing(_opened(copy)) as found:
                _need(found.execute("PRAGMA integrity_check").fetchall() == [("ok",)])
                _need(found.execute("PRAGMA foreign_key_check").fetchall() == [])
                return _sqlite_counts(found)
        except sqlite3.DatabaseError as error:
            raise Trouble(f"the copy is no sound database: {error}") from None

    def put_back(self, copy: Path) -> None:
        connections.close_all()
        with (
            one_writer(),
            closing(_opened(copy)) as source,
            closing(_opened(_place())) as target,
        ):
            source.backup(target)  # one transaction of the target: all of it or nothing
            target.execute("PRAGMA journal_mode=WAL")

    def fault(self) -> str:
        with closing(_opened(_place())) as found:
            said = [str(row[0]) for row in found.execute("PRAGMA quick_check")]
        return "" if said == ["ok"] else "; ".join(said[:3])


def _opened(path: str | Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None)


def _place() -> str:
    return str(connection.settings_dict["NAME"])


def _need(holds: bool) -> None:
    if not holds:
        raise Trouble("the copy is no sound database")


def _sqlite_counts(database: sqlite3.Connection) -> Counts:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {
        name: int(database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0])  # noqa: S608
        for (name,) in database.execute(tables).fetchall()
    }


class PostgreSql:
    name, file = "postgresql", "database.dump"

    def take(self, into: Path) -> Counts:
        with _session() as session, session.transaction():
            session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            row = session.execute("SELECT pg_export_snapshot()").fetchone()
            snapshot = row[0] if row else ""
            counts = _postgresql_counts(session)
            _run("pg_dump", "-Fc", "-Z0", "--no-owner", "--no-acl", f"--snapshot={snapshot}",
                 "-f", str(into))  # fmt: skip
        return counts

    def tried(self, copy: Path) -> Counts:
        scratch = f"quietdays_scratch_{secrets.token_hex(6)}"
        name = sql.Identifier(scratch)
        with _session() as session:
            try:
                session.execute(sql.SQL("CREATE DATABASE {}").format(name))
            except psycopg.Error as error:
                raise Trouble(f"no scratch database could be made to try it: {error}") from None
            try:
                _run("pg_restore", "--exit-on-error", "--no-owner", "-d", scratch, str(copy))
                with _session(scratch) as found:
                    return _postgresql_counts(found)
            finally:
                session.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def put_back(self, copy: Path) -> None:
        script = copy.with_suffix(".sql")
        _run("pg_restore", "--no-owner", "-f", str(script), str(copy))
        connections.close_all()
        _run(
            "psql", "-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-o", os.devnull,
            "-c", "DROP SCHEMA public CASCADE; CREATE SCHEMA public", "-f", str(script),
        )  # fmt: skip

    def fault(self) -> str:
        return ""  # its own checksums are the cluster's to keep


@contextmanager
def _session(database: str = "") -> Iterator[psycopg.Connection[Any]]:
    """A connection beside the pool: databases are made outside of transactions."""
    told = {"dbname": database} if database else {}
    with closing(psycopg.connect(**_parameters() | told, autocommit=True)) as session:
        yield session


def _parameters() -> dict[str, Any]:
    known = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert")
    given: Mapping[str, Any] = connection.get_connection_params()
    return {name: given[name] for name in known if given.get(name)}


_VARIABLES = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
}  # fmt: skip


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on the house's database; the password is on no command line."""
    told = {_VARIABLES[name]: str(value) for name, value in _parameters().items()}
    line = [program, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  a program that is named here
            line, env={**os.environ, **told}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Trouble(f"{program} is not installed (Debian: postgresql-client)") from None
    if done.returncode:
        raise Trouble(f"{program}: {done.stderr.strip()[:400]}")


def _postgresql_counts(session: psycopg.Connection[Any]) -> Counts:
    found = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    counts = {}
    for (name,) in found.fetchall():
        table = sql.SQL("SELECT COUNT(*) FROM {}").format(sql.Identifier("public", name))
        row = session.execute(table).fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts
