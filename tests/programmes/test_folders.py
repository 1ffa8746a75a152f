"""A programme leaves as a folder and comes back as the same content; a folder becomes a draft, never a version."""
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from casework.programmes import drafts, folders
from casework.programmes.loader import CATALOGUE, content_of, hash_of
from casework.programmes.models import ProgrammeDraft, ProgrammeVersion
from tests.office import Office
from tests.programmes.officers import hire, publish, written

KEYS = sorted(path.name for path in CATALOGUE.iterdir() if (path / "programme.yaml").exists())


@pytest.fixture
def office(db: None, moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


def run(name: str, *words: str) -> str:
    """What a command says."""
    out = io.StringIO()
    call_command(name, *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("key", KEYS)
def test_every_programme_comes_back_as_it_was(tmp_path: Path, key: str) -> None:
    content = content_of(CATALOGUE / key)
    folders.write(content, tmp_path / key)
    assert folders.read(tmp_path / key) == content
    assert hash_of(content_of(tmp_path / key)) == hash_of(content)


# What a file cannot say: "true" and "false" as words. Everything else comes back as it was.
words = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=12).filter(
    lambda text: text not in ("true", "false")
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words.filter(bool), inner, max_size=4), max_leaves=12,
)


@given(st.dictionaries(words.filter(bool), values, min_size=1, max_size=5))
def test_any_content_comes_back(tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]) -> None:
    content, folder = {"programme": data, "form": data}, tmp_path_factory.mktemp("any")
    folders.write(content, folder)
    assert json.dumps(content_of(folder)) == json.dumps(content), "the order of keys counts, too"


def test_export_and_import_give_the_same_hash(office: Office, tmp_path: Path) -> None:
    first = office.version("living_aid")
    publish(office, written(office))
    said = run("programme_export", "living_aid", "--version", "1", "--to", str(tmp_path / "one"))
    assert first.content_hash[:12] in said and "version 1" in said
    run("programme_export", "living_aid", "--to", str(tmp_path / "newest"))
    assert hash_of(content_of(tmp_path / "one")) == first.content_hash
    assert content_of(tmp_path / "newest")["programme"]["route"]["accepted"]["review"]["limit"] == "7wd"

    said = run("programme_import", str(tmp_path / "one"), "--by", "policy_county")
    draft = ProgrammeDraft.objects.get(state="draft")
    assert str(draft.public_id) in said and "version 2" in said
    assert hash_of(drafts.content_of_draft(draft)) == first.content_hash
    assert ProgrammeVersion.objects.filter(key="living_aid").count() == 2, "an import publishes nothing"
    assert draft.author == office.users["policy_county"]


def test_a_service_from_elsewhere_becomes_a_draft(office: Office, tmp_path: Path) -> None:
    content = content_of(CATALOGUE / "living_aid")
    content["programme"]["key"] = "winter_heating"
    folders.write(content, tmp_path / "new")
    run("programme_import", str(tmp_path / "new"), "--by", "policy", "--note", "来自外市")
    draft = ProgrammeDraft.objects.get(key="winter_heating")
    assert (draft.base, draft.note) == (None, "来自外市")
    assert publish(office, draft).version == 1


def test_nothing_is_overwritten(office: Office, tmp_path: Path) -> None:
    run("programme_export", "living_aid", "--to", str(tmp_path))
    with pytest.raises(CommandError, match="already holds"):
        run("programme_export", "living_aid", "--to", str(tmp_path))
    with pytest.raises(CommandError, match="no such version"):
        run("programme_export", "living_aid", "--version", "9", "--to", str(tmp_path / "x"))


@pytest.mark.parametrize(("name", "old", "new", "wanted"), [
    ("programme.yaml", "by: reviewer@county", "by: reviewer@contry",
     r"programme.yaml line \d+ route.accepted.review.by: contry is not a level"),
    ("programme.yaml", "promise: 15wd", "promise: 15 days", r"programme.yaml line \d+ total.promise: .*such as 5wd"),
    ("programme.yaml", "deny: NO_DOSSIER", "deny: NO_SUCH", r"programme.yaml line \d+ eligibility\[0\].deny: NO_SUCH"),
    ("programme.yaml", "fund: living", "found: living", r"unknown keys found: remove or correct"),
    ("programme.yaml", "family: aid", "family: aid\nfamily: aid", r"programme.yaml line \d+: the key family is given"),
    ("programme.yaml", "key: living_aid", "key: [living", r"programme.yaml line \d+: not readable as YAML"),
    ("form.yaml", "kind: money", "kind: mony", r"form.yaml line \d+.pages\[0\].groups\[0\].items\[2\].kind: 'mony'"),
])
def test_a_fault_names_file_line_key_and_mend(
    office: Office, tmp_path: Path, name: str, old: str, new: str, wanted: str
) -> None:
    run("programme_export", "living_aid", "--to", str(tmp_path))
    path = tmp_path / name
    lines = path.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if old in line)
    path.write_text("\n".join(lines).replace(old, new, 1))
    with translation.override("en"), pytest.raises(CommandError, match=wanted) as fault:
        run("programme_import", str(tmp_path), "--by", "policy")
    if r"line \d+" in wanted:
        line = int(str(fault.value).partition("line ")[2].split()[0].split(".")[0].rstrip(":"))
        assert line - 1 in (at, at + 1), f"{fault.value}: it stands in line {at + 1}"
    assert not ProgrammeDraft.objects.exists()


def test_only_a_policy_officer_answers_for_an_import(office: Office, tmp_path: Path) -> None:
    run("programme_export", "living_aid", "--to", str(tmp_path))
    with pytest.raises(CommandError, match="政策专员"):
        run("programme_import", str(tmp_path), "--by", "admin")
    with pytest.raises(CommandError, match="no login nobody"):
        run("programme_import", str(tmp_path), "--by", "nobody")
    with translation.override("en"), pytest.raises(CommandError, match=r"no programme\.yaml and no form\.yaml"):
        run("programme_import", str(tmp_path / "empty"), "--by", "policy")
