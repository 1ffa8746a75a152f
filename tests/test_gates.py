"""Gates over the source itself: style, types, layers, sizes, promises, and nothing private in the repository."""
import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.gate

ROOT = Path(__file__).resolve().parent.parent
MODULE_MOST, MODULE_P90 = 400, 200
FUNCTION_MOST, FUNCTION_P90 = 60, 25
COMPLEXITY_MOST = 8
Function = ast.FunctionDef | ast.AsyncFunctionDef
# One more way through a function each.
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
# Built from pieces, so that this file does not find itself.
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "npm" + "mirror.com")
MACHINE_PATHS = re.compile(r"(?<![\w./~-])/(?:" + "|".join(("work", "root", "home", "Users")) + r")/[A-Za-z.]")
SECRETS = re.compile(
    "-----BEGIN [A-Z ]*" + "PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[A-Za-z0-9-]{20,}"
)


def _ours() -> list[Path]:
    """Return our Python modules that are product or set-up, without migrations."""
    files = [ROOT / "manage.py", *(ROOT / "casework").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]
    return sorted(path for path in files if "migrations" not in path.parts)


def _functions() -> Iterator[tuple[str, Function]]:
    for path in _ours():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def _length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Walk a function without the functions inside it, which are judged by themselves."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.Lambda):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def _complexity(function: Function) -> int:
    """Return the number of ways through, counted simply: statements that branch, plus one."""
    return 1 + sum(isinstance(node, BRANCHES) for node in _own_nodes(function))


def _p90(values: list[int]) -> int:
    return sorted(values)[int(len(values) * 0.9)]


def _passes(*words: str) -> None:
    """Run a checker of the virtual environment; its complaints become the failure's text."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "casework.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


def _tracked() -> Iterator[tuple[str, str]]:
    """Yield name and text of each tracked text file; of every file when this is no git work tree."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git work tree")
    for name in filter(None, listed.split("\0")):
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def test_ruff_is_content() -> None:
    _passes("-m", "ruff", "check", ".")


def test_mypy_is_content() -> None:
    _passes("-m", "mypy")


def test_layers_are_kept() -> None:
    _passes("-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c(['--no-logo']))")


def test_no_migration_is_missing() -> None:
    _passes("manage.py", "makemigrations", "--check", "--dry-run")


def test_modules_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in _ours()}
    long = {name: length for name, length in lengths.items() if length > MODULE_MOST}
    assert not long, f"longer than {MODULE_MOST} lines: {long}"
    assert _p90(list(lengths.values())) <= MODULE_P90


def test_functions_are_short() -> None:
    lengths = {name: _length(node) for name, node in _functions()}
    long = {name: length for name, length in lengths.items() if length > FUNCTION_MOST}
    assert not long, f"longer than {FUNCTION_MOST} lines: {long}"
    assert _p90(list(lengths.values())) <= FUNCTION_P90


def test_functions_are_simple() -> None:
    tangled = {name: ways for name, node in _functions() if (ways := _complexity(node)) > COMPLEXITY_MOST}
    assert not tangled, f"more than {COMPLEXITY_MOST} ways through: {tangled}"


def test_functions_say_what_they_return() -> None:
    silent = [name for name, node in _functions() if node.returns is None]
    assert not silent, f"no return type: {silent}"


def test_every_package_says_what_lives_there() -> None:
    silent = [
        str(path.relative_to(ROOT)) for path in _ours()
        if path.name == "__init__.py" and path.parent.parent == ROOT / "casework"
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent, f"no docstring: {silent}"


def _promises_tried() -> set[str]:
    """Return the ids in every `pytest.mark.promise("…")` under tests/, read without importing anything."""
    found = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "promise":
                found |= {word.value for word in node.args if isinstance(word, ast.Constant)}
    return found


def test_every_promise_kept_is_tried() -> None:
    kept = set((ROOT / "tests" / "promises_kept.txt").read_text().split())
    assert kept <= _promises_tried(), f"no test tries to break {sorted(kept - _promises_tried())}"


def test_no_registry_or_machine_is_named() -> None:
    found = [
        f"{name}: {match.group()}" for name, text in _tracked()
        for match in re.finditer("|".join(map(re.escape, REGISTRIES)), text)
    ]
    found += [f"{name}: {match.group()}…" for name, text in _tracked() for match in MACHINE_PATHS.finditer(text)]
    assert not found, found


def test_no_secret_is_in_the_repository() -> None:
    found = [name for name, text in _tracked() if SECRETS.search(text)]
    assert not found, found


def test_no_tracked_file_is_huge() -> None:
    """Third-party files are fetched by set-up, never committed."""
    found = [name for name, text in _tracked() if len(text) > 300_000 and not name.startswith("locale/")]
    assert not found, found
