"""Run the tests that use a database once more, on a PostgreSQL server of this run's own.

python -m tests.on_postgresql [what pytest takes]
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.databases import postgresql


def main(arguments: list[str]) -> int:
    """Answers pytest's exit code; where there is no PostgreSQL, says so and passes."""
    try:
        with postgresql() as url:
            line = [sys.executable, "-m", "pytest", *arguments]
            environment = {**os.environ, "QUIETDAYS_TEST_DATABASE_URL": url}
            return subprocess.run(line, env=environment, check=False).returncode
    except pytest.skip.Exception as reason:
        print(f"SKIPPED the tests on PostgreSQL: {reason}")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
