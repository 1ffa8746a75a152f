"""Finds a database and measures in a process of its own: python -m tools.bench [--cases 60]."""
import argparse
import os
import subprocess
import sys
import tempfile

from tools import engines
from tools.machine import PYTHON, ROOT, Trouble, say, tell_trouble
from tools.setup import setup


def main() -> int:
    """Measure on PostgreSQL where one is reached, else on SQLite; return the exit code."""
    parser = argparse.ArgumentParser(prog="make bench", description="What Casework costs beside hand-written SQL.")
    parser.add_argument("--cases", type=int, default=60, help="cases of each kind (default 60)")
    parser.add_argument("--json", action="store_true", help="only the JSON object, for programs")
    words = parser.parse_args()
    try:
        setup(python_only=True)
        with engines.postgres() as postgres, tempfile.TemporaryDirectory(prefix="casework-bench-") as var:
            if not postgres:
                say("No PostgreSQL is reached, so this is SQLite: no single statement can write several tables there")
            environment = {**os.environ, "CASEWORK_VAR": var, "DATABASE_URL": postgres or f"sqlite:///{var}/bench"}
            environment |= {"CASEWORK_EMBEDDED": "1", "DJANGO_SETTINGS_MODULE": "casework.settings"}
            command = [str(PYTHON), "-m", "tools.bench.measure", str(words.cases), "json" if words.json else "table"]
            return subprocess.run(command, cwd=ROOT, env=environment).returncode
    except Trouble as trouble:
        return tell_trouble(trouble)


if __name__ == "__main__":
    sys.exit(main())
