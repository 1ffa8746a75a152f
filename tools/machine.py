"""What this machine is and has, and what may be installed on it."""
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.stamps import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Trouble(Exception):
    """Something a person must mend; the text says what and how."""


def say(text: str) -> None:
    """Tell the person at the terminal what happens."""
    print(f"· {text}", flush=True)


def var_dir() -> Path:
    """Return the folder of everything written at run time (CASEWORK_VAR, else var/), and hand it to children."""
    folder = Path(os.environ.get("CASEWORK_VAR") or ROOT / "var").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["CASEWORK_VAR"] = str(folder)
    return folder


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run a command that must succeed; its output is the person's to read. Raises Trouble."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env={**os.environ, **(env or {})})
    if done.returncode:
        words = " ".join(str(part) for part in command[:6])
        raise Trouble(f"This command failed ({done.returncode}): {words}")


def answers(command: Sequence[str | Path]) -> str | None:
    """Return what a command prints, or None when it cannot be run or fails."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def manage(*words: str) -> None:
    """Run one of Django's commands in the virtual environment. Raises Trouble."""
    run([PYTHON, "manage.py", *words])


def has_command(name: str) -> bool:
    """Return whether a part of Casework brings this management command."""
    return any((ROOT / "casework").glob(f"*/management/commands/{name}.py"))


def may_install() -> bool:
    """Return whether packages of the system can be installed from here: root on Debian or one of its kin."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_line(packages: Sequence[str]) -> str:
    """Return the line a person can type to install these packages of Debian."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install --no-install-recommends {' '.join(packages)}"


@functools.cache
def _fresh_lists() -> None:
    subprocess.run(["apt-get", "update", "-qq"], check=False)


def install(*packages: str) -> bool:
    """Install packages of Debian when that is allowed here; return whether it was done."""
    if not may_install():
        return False
    say(f"Installing {', '.join(packages)}")
    _fresh_lists()
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, env=env, stdout=subprocess.DEVNULL).returncode == 0


def tell_trouble(trouble: Trouble) -> int:
    """Print what went wrong as plain text and return the exit code."""
    print(f"\n{trouble}\n", file=sys.stderr, flush=True)
    return 1
