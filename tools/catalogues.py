"""The catalogues of the languages: bring them up to date with the code, or compile them.

    python tools/catalogues.py update     find every message in the code (needs Debian's gettext)
    python tools/catalogues.py compile    write what the server and the scripts read

One catalogue a language, src/quietdays/locale/<code>/LC_MESSAGES/django.po, for Python, templates, scripts and the
data that is shown. What is compiled is never kept in the repository.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/quietdays"
LOCALE = SOURCE / "locale"
FRONTEND = ROOT / "frontend"
BUILT = SOURCE / "web/static/built/words"
PLURALS = {
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "de": "nplurals=2; plural=(n != 1);",
    "pt": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;",
    "hi": "nplurals=2; plural=(n != 1);",
}
IN_SCRIPTS = "in scripts"  # marks what the browser is given
DECIMAL_COMMA = {"es", "fr", "de", "pt", "ar"}


def path_of(code: str) -> Path:
    return LOCALE / code / "LC_MESSAGES/django.po"


def main() -> None:
    sys.path.insert(0, str(ROOT / "src"))
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case _:
            sys.exit(__doc__)


# --- update


def update() -> None:
    """Every language learns the messages of the code; a translation whose message is gone goes too."""
    found = messages()
    for code in PLURALS:
        path = path_of(code)
        known = polib.pofile(str(path)) if path.exists() else polib.POFile(wrapwidth=0)
        fresh = merged(found, known, code)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(path))
        print(f"{code}: {len(fresh)} messages, {len(fresh.untranslated_entries())} to translate")


def messages() -> polib.POFile:
    """All messages of the code, in the order of their text: a moved line changes no catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        python_and_templates(work)
        scripts(work)
        stored_text(work)
        found = polib.POFile(wrapwidth=0)
        for pot in sorted(work.glob("*.pot")):
            for entry in polib.pofile(str(pot)):
                known = found.find(entry.msgid, msgctxt=entry.msgctxt or False)
                if known is None:
                    found.append(known := entry)
                if pot.stem == "scripts":
                    known.comment = IN_SCRIPTS
    return found


def extract(
    out: Path, language: str, files: list[Path], inside: Path, keywords: tuple[str, ...]
) -> None:
    names = "\n".join(str(f.relative_to(inside)) for f in sorted(files))
    command = [
        "xgettext", "--from-code=UTF-8", "--no-location", "--no-wrap", "-L", language, "-f", "-",
        "-o", str(out), *(f"-k{k}" for k in keywords),
    ]  # fmt: skip
    subprocess.run(command, input=names, text=True, cwd=inside, check=True)


def python_and_templates(work: Path) -> None:
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    inside = work / "python"
    files = []
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.*")]:
        if "migrations" in path.parts:
            continue
        text = path.read_text()
        if path.suffix != ".py":
            text = templatize(text, origin=str(path))
        copy = inside / f"{path.relative_to(SOURCE)}.py"
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        files.append(copy)
    keywords = (
        "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext:1,2", "ngettext_lazy:1,2",
        "pgettext:1c,2", "pgettext_lazy:1c,2", "npgettext:1c,2,3",
    )  # fmt: skip
    extract(work / "python.pot", "Python", files, inside, keywords)


def scripts(work: Path) -> None:
    """The scripts, without their types: xgettext reads JavaScript."""
    inside = work / "scripts"
    sources = [*(FRONTEND / "src").rglob("*.ts"), *(FRONTEND / "src").rglob("*.tsx")]
    subprocess.run(
        [
            FRONTEND / "node_modules/.bin/esbuild", *map(str, sources), f"--outdir={inside}",
            f"--outbase={FRONTEND / 'src'}", "--jsx=automatic", "--log-level=error",
            "--charset=utf8",
        ],
        check=True,
    )  # fmt: skip
    files = list(inside.rglob("*.js"))
    extract(work / "scripts.pot", "JavaScript", files, inside, ("say", "sayCount:1,2"))


def stored_text(work: Path) -> None:
    """What is shown out of data files: the library's texts, and the groups of foods."""
    from quietdays.evidence.library import library

    with (SOURCE / "diet/data/starter_foods.csv").open(newline="") as file:
        groups = {row["group"] for row in csv.DictReader(file)}
    pot = polib.POFile()
    for text in sorted({*library().texts(), *groups}):
        pot.append(polib.POEntry(msgid=text))
    pot.save(str(work / "data.pot"))


def merged(found: polib.POFile, known: polib.POFile, code: str) -> polib.POFile:
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = {
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[code],
    }
    forms = int(PLURALS[code][len("nplurals=")])
    for entry in sorted(found, key=lambda e: (e.msgid.casefold(), e.msgid, e.msgctxt or "")):
        old = known.find(entry.msgid, msgctxt=entry.msgctxt or False)
        new = polib.POEntry(
            msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural,
            comment=entry.comment, flags=[f for f in entry.flags if f.endswith("-format")],
        )  # fmt: skip
        if entry.msgid_plural:
            given = old.msgstr_plural if old is not None and old.msgid_plural else {}
            new.msgstr_plural = {i: given.get(i, "") for i in range(forms)}
        else:
            new.msgstr = old.msgstr if old is not None and not old.msgid_plural else ""
        fresh.append(new)
    return fresh


# --- compile


def compile_all() -> None:
    """The server's .mo, and the messages of the scripts as JSON, for every language.

    Each file is put in its place whole: a server that starts meanwhile reads the old or the new one.
    """
    from quietdays.words import RIGHT_TO_LEFT

    BUILT.mkdir(parents=True, exist_ok=True)
    for code in PLURALS:
        known = polib.pofile(str(path_of(code)))
        if code in RIGHT_TO_LEFT:
            keep_amounts_together(known)
        put(path_of(code).with_suffix(".mo"), known.to_binary())
        text = json.dumps(for_scripts(code, known), ensure_ascii=False, separators=(",", ":"))
        put(BUILT / f"{code}.json", text.encode())


def keep_amounts_together(po: polib.POFile) -> None:
    from quietdays.words import keep_amounts

    for entry in po:
        entry.msgstr = keep_amounts(entry.msgstr)
        entry.msgstr_plural = {i: keep_amounts(t) for i, t in entry.msgstr_plural.items()}


def for_scripts(code: str, po: polib.POFile) -> dict[str, object]:
    """A catalogue as frontend/src/words/words.ts reads it."""
    from quietdays.words import CHECKED, RIGHT_TO_LEFT

    return {
        "language": code,
        "direction": "rtl" if code in RIGHT_TO_LEFT else "ltr",
        "decimal": "," if code in DECIMAL_COMMA else ".",
        "isChecked": code in CHECKED,
        "messages": {
            e.msgid: list(e.msgstr_plural.values()) if e.msgid_plural else e.msgstr
            for e in po
            if e.comment == IN_SCRIPTS
        },
    }


def put(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


if __name__ == "__main__":
    main()
