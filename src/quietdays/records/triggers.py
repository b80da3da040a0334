"""The database itself refuses to change a stored version: a trigger for each such table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations

_SQLITE = """
CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is written once'); END;
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION quietdays_written_once() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME
USING ERRCODE = 'integrity_constraint_violation'; END; $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION quietdays_written_once();
"""
# A row may go only with everything else of its child, on the day that its family chose.
_SQLITE_KEPT = """
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
WHEN NOT EXISTS (
  SELECT 1 FROM people_farewell f WHERE f.child_id = OLD.child_id AND f.called_off_at IS NULL
  AND f.done_at IS NULL AND f.due_at <= strftime('%Y-%m-%d %H:%M:%f', 'now'))
BEGIN SELECT RAISE(ABORT, '{table} is kept'); END;
"""
_POSTGRESQL_KEPT = """
CREATE OR REPLACE FUNCTION quietdays_kept() RETURNS trigger AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM people_farewell f WHERE f.child_id = OLD.child_id AND f.called_off_at IS NULL
    AND f.done_at IS NULL AND f.due_at <= now())
  THEN RAISE EXCEPTION '% is kept', TG_TABLE_NAME
  USING ERRCODE = 'integrity_constraint_violation'; END IF;
  RETURN OLD;
END; $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION quietdays_kept();
"""
_DROP = {
    "sqlite": "DROP TRIGGER IF EXISTS {table}_written_once;",
    "postgresql": "DROP TRIGGER IF EXISTS {table}_written_once ON {table};",
}
_CREATE = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_DROP_KEPT = {
    "sqlite": "DROP TRIGGER IF EXISTS {table}_kept;",
    "postgresql": "DROP TRIGGER IF EXISTS {table}_kept ON {table};",
}
_CREATE_KEPT = {"sqlite": _SQLITE_KEPT, "postgresql": _POSTGRESQL_KEPT}


def refuse_updates(*tables: str) -> migrations.RunPython:
    """A migration step that makes tables append-only; rows may still go with their child.

    Stands again after each change of such a table's columns: SQLite makes the table anew for
    that, and the trigger goes with the old one.
    """
    return migrations.RunPython(_run((_DROP, _CREATE), tables), _run((_DROP,), tables))


def refuse_deletes(*tables: str) -> migrations.RunPython:
    """A migration step after which rows of a child's tables go only with its farewell."""
    return migrations.RunPython(
        _run((_DROP_KEPT, _CREATE_KEPT), tables), _run((_DROP_KEPT,), tables)
    )


def _run(
    statements: tuple[dict[str, str], ...], tables: tuple[str, ...]
) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            for statement in statements:
                text = statement[schema_editor.connection.vendor]
                schema_editor.execute(text.format(table=table), params=None)

    return run
