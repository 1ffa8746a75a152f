"""Set-up does what is missing, does nothing twice, and says in plain words what a person must do."""
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

import pytest

from tools import check, database, machine, setup
from tools.stamps import Stamp, digest


def test_a_stamp_is_stale_when_its_source_or_result_changed(tmp_path: Path) -> None:
    source, result = tmp_path / "source", tmp_path / "result"
    source.write_text("one")
    result.write_text("made")
    stamp = Stamp(tmp_path / "stamps", "step")
    assert not stamp.fresh(digest([source]))
    stamp.write(digest([source]))
    assert stamp.fresh(digest([source]), result)
    result.unlink()
    assert not stamp.fresh(digest([source]), result)
    source.write_text("two")
    assert not stamp.fresh(digest([source]))


def _filled(path: Path, migrations: set[tuple[str, str]]) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE django_migrations (app text, name text)")
    connection.executemany("INSERT INTO django_migrations VALUES (?, ?)", migrations)
    connection.commit()
    connection.close()


def _ours() -> set[tuple[str, str]]:
    return {(path.parent.parent.name, path.stem) for path in database._migration_files()}


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The management commands that were called instead of run."""
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(database, "manage", lambda *words: called.append(words))
    monkeypatch.setattr(database, "has_command", lambda name: True)
    for name in ("DATABASE_URL", "CASEWORK_DEMO", "CASEWORK_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    return called


def test_tables_are_made_once(tmp_path: Path, commands: list[Any]) -> None:
    database.migrate(tmp_path)
    _filled(tmp_path / "casework.sqlite3", _ours())
    database.migrate(tmp_path)
    assert commands == [("migrate", "--verbosity", "0")]


def test_a_database_deleted_by_hand_comes_back_with_its_demonstration(tmp_path: Path, commands: list[Any]) -> None:
    database.migrate(tmp_path)
    _filled(tmp_path / "casework.sqlite3", _ours())
    database.load_demo(tmp_path)
    database.load_demo(tmp_path)
    assert commands.count(("load_demo", "--cases")) == 1
    (tmp_path / "casework.sqlite3").unlink()
    database.migrate(tmp_path)
    database.load_demo(tmp_path)
    assert commands.count(("migrate", "--verbosity", "0")) == commands.count(("load_demo", "--cases")) == 2


def test_a_restored_older_database_is_brought_up_to_date(tmp_path: Path, commands: list[Any]) -> None:
    database.migrate(tmp_path)
    _filled(tmp_path / "casework.sqlite3", _ours() - {("audit", "0001_initial")})
    database.migrate(tmp_path)
    assert len(commands) == 2


def test_no_demonstration_in_a_city(tmp_path: Path, commands: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_EMBEDDED", "0")
    database.load_demo(tmp_path)
    assert not commands


def test_without_pango_set_up_goes_on_and_names_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "answers", lambda command: None)
    monkeypatch.setattr(setup, "install", lambda *packages: False)
    setup.find_pango(tmp_path)
    assert "apt-get install --no-install-recommends libpango-1.0-0" in capsys.readouterr().out
    assert not (tmp_path / "stamps" / "pango").exists()


def test_without_venv_the_line_to_type_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup, "PYTHON", tmp_path / "none")
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(setup, "install", lambda *packages: False)
    with pytest.raises(machine.Trouble, match=r"apt-get install .*python3\.\d+-venv"):
        setup.make_venv()


def test_nothing_is_installed_by_an_ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    assert not machine.install("anything")
    assert machine.install_line(["one"]).startswith("sudo ")


def test_what_the_machine_lacks_fails_only_when_all_is_demanded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking: list[str] = []
    todo = check.runs(None, None, None, lacking)
    assert [run.title for run in todo] == ["everything on SQLite"]
    assert len(lacking) == 3
    total = check.Counter({"tests": 5, "skipped": 1})
    monkeypatch.delenv("CASEWORK_DEMAND_ALL", raising=False)
    assert check._end(True, total, lacking, 1) == 0
    assert capsys.readouterr().out.endswith("4 passed, 0 failed, 4 skipped\n")
    monkeypatch.setenv("CASEWORK_DEMAND_ALL", "1")
    assert check._end(True, total, lacking, 1) == 1
    assert capsys.readouterr().out.endswith("4 passed, 3 failed, 1 skipped\n")


def test_a_selection_of_the_person_is_joined_to_ours() -> None:
    assert check._joined("not browser", ["-m", "promise", "-x"]) == ("(promise) and not browser", ["-x"])


def test_compiled_modules_are_kept_even_where_the_machine_keeps_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEWORK_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    assert check.kept_bytecode() == {}
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "sheet.py").write_text("", encoding="utf-8")
    environment = {**os.environ, **check.kept_bytecode()}
    subprocess.run([sys.executable, "-c", "import sheet"], cwd=tmp_path, env=environment, check=True)
    assert len(list((tmp_path / "var").rglob("sheet.*.pyc"))) == 1
    assert not (tmp_path / "__pycache__").exists()


def test_what_wants_one_process_runs_beside_the_rest_and_is_told_at_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both_at_once = threading.Barrier(2, timeout=30)

    def carry_out(run: check.Run, words: list[str], report: Path, told: IO[str] | None = None) -> check.Outcome:
        both_at_once.wait()
        print(run.title, report.name, file=told)
        return True, check.Counter(tests=1)

    monkeypatch.setattr(check.Run, "carry_out", carry_out)
    outcomes = check.carry_out_all([check.Run("walks", "", 1), check.Run("tables", "", 2)], [], tmp_path)
    assert outcomes == [(True, {"tests": 1})] * 2
    assert capsys.readouterr().out.splitlines() == ["tables run-2.xml", "walks run-1.xml", ""]
