"""Install what Quiet Days needs, once, and again only when a lock file changed.

    python3 tools/bootstrap.py run     what the server needs
    python3 tools/bootstrap.py test    that, and what the tests need, a browser included

Runs on the system's own Python 3.11 or newer; uses nothing but its standard library.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src/quietdays/web/static/built"
MIN_NODE = 20


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in ("run", "test"):
        sys.exit(__doc__)
    for_tests = sys.argv[1] == "test"
    if sys.version_info < (3, 11):  # noqa: UP036  the system Python may be older
        sys.exit(f"Quiet Days needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    lock = ROOT / ("requirements-dev.lock" if for_tests else "requirements.lock")
    make_venv()
    install_python(lock, for_tests=for_tests)
    build_frontend()
    run(VENV / "bin/python", ROOT / "tools/catalogues.py", "compile")
    if for_tests:
        find_gettext()
        find_curl()
        find_chromium()
        find_driver()
        find_postgresql()


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def run(*command: str | Path, **options: object) -> None:
    done = subprocess.run([str(c) for c in command], check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(str(c) for c in command)}")


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_debian(package: str, why: str) -> None:
    """Install one of Debian's packages when we may, else say what to type."""
    if not (is_root() and shutil.which("apt-get")):
        sys.exit(f"{why}\nInstall it with:  sudo apt-get install {package}   and run make again.")
    say(f"installing Debian's {package}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=env, stdout=subprocess.DEVNULL)
    run("apt-get", "install", "-y", "-qq", package, env=env, stdout=subprocess.DEVNULL)


def make_venv() -> None:
    if (VENV / "bin/pip").exists():
        return
    say("making a virtual environment in .venv")
    attempt = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, check=False)
    if attempt.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        install_debian("python3-venv", "Python's venv module is missing.")
        run(sys.executable, "-m", "venv", VENV)


def fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text() == value


def install_python(lock: Path, *, for_tests: bool) -> None:
    wanted = fingerprint(lock, ROOT / "pyproject.toml")
    stamps = {True: VENV / ".installed-test", False: VENV / ".installed-run"}
    # The test lock holds all of the run lock, so tests' set-up also serves `make run`.
    if is_done(stamps[for_tests], wanted):
        return
    if not for_tests and stamps[True].exists():
        dev = ROOT / "requirements-dev.lock"
        if is_done(stamps[True], fingerprint(dev, ROOT / "pyproject.toml")):
            return
    say(f"installing Python packages from {lock.name} (a minute the first time)")
    pip = VENV / "bin/pip"
    run(pip, "install", "-q", "--require-hashes", "-r", lock)
    run(pip, "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamps[for_tests].write_text(wanted)


def node_version(node: str) -> int:
    answer = subprocess.run([node, "-v"], capture_output=True, text=True, check=False)
    try:
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except ValueError:
        return 0


def npm_with_environment() -> tuple[str, dict[str, str]]:
    """The system's npm with Node 20 or newer, or else the one that PyPI carries."""
    bins = VENV / "bin"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= MIN_NODE:
        return npm, dict(os.environ)
    if not (bins / "npm").exists():
        say("installing Node.js into .venv (there is no Node 20 on this machine)")
        run(
            VENV / "bin/pip",
            "install",
            "-q",
            "--require-hashes",
            "-r",
            ROOT / "requirements-node.lock",
        )
    return str(bins / "npm"), {**os.environ, "PATH": f"{bins}{os.pathsep}{os.environ['PATH']}"}


def build_frontend() -> None:
    lock = FRONTEND / "package-lock.json"
    sources = sorted(
        p
        for p in FRONTEND.rglob("*")
        if p.is_file() and "node_modules" not in p.relative_to(FRONTEND).parts
    )
    built = fingerprint(*sources)
    if is_done(BUILT / ".stamp", built) and (FRONTEND / "node_modules").exists():
        return
    npm, env = npm_with_environment()
    installed, stamp = fingerprint(lock), FRONTEND / "node_modules/.installed"
    if not is_done(stamp, installed):
        say("installing the front end's packages")
        run(
            npm, "ci", "--no-audit", "--no-fund", "--loglevel=error",
            cwd=FRONTEND, env=env, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        stamp.write_text(installed)
    say("building the front end")
    run(npm, "run", "--silent", "build", cwd=FRONTEND, env=env)
    (BUILT / ".stamp").write_text(built)


def find_chromium() -> None:
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        install_debian("chromium", "The browser tests need Chromium.")


def find_gettext() -> None:
    if not shutil.which("xgettext"):
        install_debian("gettext", "The tests compare the catalogues with the code by xgettext.")


def find_curl() -> None:
    if not shutil.which("curl"):
        install_debian("curl", "The tests run the guides' requests with curl.")


def find_driver() -> None:
    """The driver of the browser tests brings its own Node.js, which needs libatomic."""
    for node in VENV.glob("lib/python*/site-packages/playwright/driver/node"):
        if node_version(str(node)) == 0:
            install_debian("libatomic1", "The driver of the browser tests needs libatomic.")


def find_postgresql() -> None:
    """The house runs on it too. Where it cannot be installed, its tests skip and say so."""
    if shutil.which("pg_virtualenv") and any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return
    if is_root() and shutil.which("apt-get"):
        install_debian("postgresql", "The tests of PostgreSQL need it.")
    else:
        say("PostgreSQL is not here: its tests are skipped (Debian: postgresql)")


if __name__ == "__main__":
    main()
