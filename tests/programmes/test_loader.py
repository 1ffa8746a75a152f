"""Faults of a programme are found before it is published, and say where they stand and how to mend them."""
import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.core.text import Text
from casework.programmes import loader
from casework.programmes.eligibility import first_denial
from casework.programmes.loader import CATALOGUE, ProgrammeFault, build, content_of, hash_of, load_catalogue, read_yaml
from casework.programmes.reading import working_days
from casework.programmes.reasons import DENIALS
from casework.programmes.rules import RULES, RuleFault
from casework.programmes.spec import Eligibility

KEYS = sorted(folder.name for folder in CATALOGUE.iterdir() if folder.is_dir())
Change = Callable[[dict[str, Any]], None]


def built_with(change: Change, part: str = "programme") -> ProgrammeFault:
    """The fault of living aid after one change of its content."""
    content = copy.deepcopy(content_of(CATALOGUE / "living_aid"))
    build(content)
    change(content[part])
    with pytest.raises(ProgrammeFault) as caught:
        build(content)
    assert str(caught.value) == f"{caught.value.where}: {caught.value.message.en}"
    assert in_chinese(caught.value.message.zh) and not in_chinese(caught.value.message.en)
    return caught.value


def in_chinese(words: str) -> bool:
    """Is there Chinese in these words?"""
    return any("一" <= sign <= "鿿" for sign in words)


def put(path: str, value: Any) -> Change:
    """Set the value at a dotted path."""

    def change(data: dict[str, Any]) -> None:
        *way, last = path.split(".")
        for key in way:
            data = data[key]
        data[last] = value

    return change


def drop(path: str) -> Change:
    """Take the value at a dotted path away."""

    def change(data: dict[str, Any]) -> None:
        *way, last = path.split(".")
        for key in way:
            data = data[key]
        del data[last]

    return change


YAML = "living_aid/programme.yaml"
PAPER, REVIEW = "papers.income_proof", "route.accepted.review"
NOTICE, PAY = "route.accepted.county_notice", "route.approved.pay"

# What it is called, the change, the place after the name of the file, words of the message.
FAULTS: list[tuple[str, Change, str, str]] = [
    ("unknown key", put("colour", "red"), "", "unknown keys colour: remove or correct them"),
    ("unknown keys", lambda d: d.update(b=1, a=2), "", "unknown keys a, b: remove"),
    ("no title", drop("title"), "", "missing: title"),
    ("no limits", drop("total"), "", "missing: total"),
    ("title in one language", put("title", {"zh": "生活救助"}), "title", "both languages: {zh: …, en: …}"),
    ("title as a bare word", put("title", "生活救助"), "title", "both languages"),
    ("empty title", put("title", {"zh": "生活救助", "en": ""}), "title", "both languages"),
    ("who in one language", put("who", [{"zh": "职工"}]), "who", "both languages"),
    ("who as one text", put("who", {"zh": "职工", "en": "Workers"}), "who", "a list of texts is wanted: write it such"),
    ("version", put("version", "one"), "version", "'one' is not a whole number: write it such as 6"),
    ("paper without title", drop(f"{PAPER}.title"), PAPER, "title is missing: give {zh"),
    ("paper without anything", put(PAPER, None), PAPER, "title is missing"),
    ("paper key", put(f"{PAPER}.requierd", True), PAPER, "unknown keys requierd"),
    ("paper months", put(f"{PAPER}.valid_months", "6m"), f"{PAPER}.valid_months", "'6m' is not"),
    ("paper end", put(f"{PAPER}.valid_until", "soon"), PAPER, "valid_months and valid_until stand together"),
    ("paper series", drop(f"{PAPER}.valid_months"), f"{PAPER}.series", "only papers with valid_months"),
    ("paper word", put(f"{PAPER}.shared", "ID card"), f"{PAPER}.shared", "'ID card' is no plain word such as id_card"),
    ("papers as a list", put("papers", ["id_card"]), "papers", "keys with values are wanted"),
    ("limit in days", put("total.limit", "20h"), "total.limit", "'20h' is not a limit in working days: write it"),
    ("limit without number", put("total.promise", "wd"), "total.promise", "write it such as 5wd"),
    ("no limit", drop("total.limit"), "total.limit", "None is not a limit"),
    ("odd digit", put("total.limit", "²wd"), "total.limit", "'²wd' is not a limit"),
    ("endless limit", put("total.limit", "9999wd"), "total.limit", "at most 4000 working days"),
    ("clock key", put("total.pause", "5wd"), "total", "unknown keys pause"),
    ("clock as a word", put("total", "20wd"), "total", "keys with values are wanted"),
    ("supplement", put("total.supplement", 15), "total.supplement", "15 is not a limit"),
    ("step limit", put(f"{REVIEW}.limit", "ten"), f"{REVIEW}.limit", "'ten' is not a limit"),
    ("step days", put(f"{NOTICE}.days", 5), f"{NOTICE}.days", "5 is not a limit"),
    ("level", put(f"{REVIEW}.by", "reviewer@contry"), f"{REVIEW}.by", "contry is not a level: there are city"),
    ("no level", put(f"{REVIEW}.by", "reviewer"), f"{REVIEW}.by", '"" is not a level'),
    ("role", put(f"{REVIEW}.by", "reviewr@county"), f"{REVIEW}.by", "reviewr is not a role: there are applicant"),
    ("maker", put(f"{PAY}.maker", "finance@county"), f"{PAY}.maker", "finance is not a role"),
    ("step without title", drop(f"{REVIEW}.title"), REVIEW, "a step needs kind, by, limit and title"),
    ("step without kind", drop(f"{REVIEW}.kind"), REVIEW, "a step needs kind"),
    ("empty step", put(REVIEW, None), REVIEW, "a step needs kind"),
    ("step title", put(f"{REVIEW}.title", {"en": "Review"}), f"{REVIEW} title", "both languages"),
    ("standing", put("route.accpeted", {}), "route", "unknown standings accpeted: there are submitted, accepted"),
    ("route as a list", put("route", []), "route", "keys with values"),
    ("rule", put("award", "living_ade"), "award", "living_ade is not a rule that can stand here: there are condolence"),
    ("classify", put("classify", "classify"), "classify", "classify is not a rule"),
    ("reason", put("eligibility", [{"when": {"a": 1}, "deny": "NO"}]), "eligibility[0].deny", "NO is not a reason"),
    ("rule to write", put("award", "mine"), "award", "a new one is entered in programmes/rules/__init__.py"),
    ("check to write", put("check", "mine"), "check", "a new one is entered in programmes/checks/__init__.py"),
    ("reason to write", put("eligibility", [{"when": {"a": 1}, "deny": "NO"}]), "eligibility[0].deny",
     "any new one stand in programmes/reasons.py"),
    ("condition", put("eligibility", [{"when": {}}]), "eligibility[0]", "needs when and deny"),
    ("test", put("eligibility", [{"when": {"category": {"is": "none"}}, "deny": "NO_DOSSIER"}]),
     "eligibility[0].when.category", "is is not a test: there are equals"),
]


@pytest.mark.parametrize(("change", "where", "message"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_says_where_and_how_to_mend_it(change: Change, where: str, message: str) -> None:
    fault = built_with(change)
    assert fault.where == f"{YAML} {where}".strip()
    assert message in fault.message.en


def test_a_key_of_a_step_serves_once_in_the_whole_route() -> None:
    def twin(data: dict[str, Any]) -> None:
        data["route"]["approved"]["review"] = data["route"]["accepted"]["review"]

    fault = built_with(twin)
    assert fault.where == f"{YAML} route.approved.review" and "give it one of its own" in fault.message.en


def test_faults_of_the_form_name_its_file_and_place() -> None:
    fault = built_with(drop("pages"), "form")
    assert fault.where == "living_aid/form.yaml" and "pages" in fault.message.en
    fault = built_with(lambda form: form["pages"][0]["groups"][0]["items"][1].update(kind="integer"), "form")
    assert fault.where == "living_aid/form.yaml.pages[0].groups[0].items[1].kind"
    assert "'integer' is not a field kind; there are" in fault.message.en
    fault = built_with(lambda form: form["pages"][0]["groups"][0]["items"][1].update(pattern="x"), "form")
    assert "unknown keys pattern: remove or correct them; there are autocomplete, choices" in fault.message.en


# Files.

@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder of living aid."""
    return Path(shutil.copytree(CATALOGUE / "living_aid", tmp_path / "living_aid"))


def fault_of(folder: Path, name: str = "programme.yaml") -> ProgrammeFault:
    """The fault of reading the folder."""
    with pytest.raises(ProgrammeFault) as caught:
        content_of(folder)
    assert caught.value.where.startswith(name)
    return caught.value


@pytest.mark.parametrize("name", ["programme.yaml", "form.yaml"])
@pytest.mark.parametrize(("text", "line"), [
    ("key: a\ntitle: b\nkey: c\n", 3), ("title: b\nroute:\n  key: 1\n  review: {key: a, kind: b, key: c}\n", 4),
    ("title:\n  - {a: 1}\n  - a: 1\n    key: 2\n\n    # again\n    key: 2\n", 7),
])
def test_a_key_given_twice_names_its_line(folder: Path, name: str, text: str, line: int) -> None:
    (folder / name).write_text(text)
    fault = fault_of(folder, name)
    assert fault.where == f"{name} line {line}"
    assert fault.message.en == "the key key is given twice: remove one"


@pytest.mark.parametrize(("text", "where"), [
    ("key: a\n  title: b\n", "programme.yaml line 2"), ("key: [a\nb: c\n", "programme.yaml line 2"),
    ("\tkey: a\n", "programme.yaml line 1"), ("key: *gone\n", "programme.yaml"), ("key: a\x07\n", "programme.yaml"),
    ("a: !!python/object/apply:os.getcwd []\n", "programme.yaml line 1"), ("- a\n", "programme.yaml"),
    ("", "programme.yaml"), ("living aid", "programme.yaml"),
])
def test_what_is_not_yaml_names_file_and_line(folder: Path, text: str, where: str) -> None:
    (folder / "programme.yaml").write_text(text)
    assert fault_of(folder).where.startswith(where)


def test_words_stay_words_and_only_true_and_false_are_booleans(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: yes\nb: no\nc: on\nd: true\ne: false\nf: 2026-11-23\ng: 12\nh: [off, True]\n")
    assert read_yaml(path) == {
        "a": "yes", "b": "no", "c": "on", "d": True, "e": False, "f": "2026-11-23", "g": 12, "h": ["off", "True"],
    }


# The catalogue.

@pytest.mark.parametrize("key", KEYS)
def test_each_programme_of_the_catalogue_loads_and_has_the_key_of_its_folder(key: str) -> None:
    programme = load_catalogue()[key]
    assert programme.key == key
    assert build(content_of(CATALOGUE / key)) == programme
    assert hash_of(content_of(CATALOGUE / key)) == hash_of(content_of(CATALOGUE / key))


@pytest.mark.parametrize("key", KEYS)
def test_texts_of_the_catalogue_are_chinese_and_english(key: str) -> None:
    programme = load_catalogue()[key]
    texts = [programme.title, programme.summary, programme.how_much, *programme.who]
    texts += [text for paper in programme.papers for text in (paper.title, paper.help)]
    texts += [step.title for step in programme.steps()]
    for item in programme.form.items():
        texts += [item.title, item.help, *getattr(item, "choices", {}).values()]
    for text in filter(any, texts):
        assert isinstance(text, Text)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh), text
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in text.en), text


@pytest.mark.parametrize("key", KEYS)
def test_what_a_programme_names_exists(key: str) -> None:
    from casework.workflows.kinds import KINDS

    programme = load_catalogue()[key]
    papers = {paper.key for paper in programme.papers}
    fields = [field for item in programme.form.items() for field in getattr(item, "fields", (item,))]
    asked = {field.options["paper"] for field in fields if "paper" in field.options}
    assert asked == papers
    assert {step.kind for step in programme.steps()} <= set(KINDS)
    assert {row.deny for row in programme.eligibility} <= set(DENIALS)
    assert {programme.classify, programme.award} - {""} <= set(RULES)
    assert programme.clock.promise_wd <= programme.clock.limit_wd


def test_the_catalogue_is_read_again_when_a_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(CATALOGUE / "living_aid", tmp_path / "living_aid")
    (tmp_path / "notes").mkdir()
    monkeypatch.setattr(loader, "CATALOGUE", tmp_path)
    first = load_catalogue()
    assert list(first) == ["living_aid"] and load_catalogue()["living_aid"] is first["living_aid"]
    path = tmp_path / "living_aid" / "programme.yaml"
    path.write_text(path.read_text().replace("promise: 15wd", "promise: 12wd"))
    assert load_catalogue()["living_aid"].clock.promise_wd == 12


def test_steps_know_their_neighbours() -> None:
    programme = load_catalogue()["living_aid"]
    keys = [step.key for step in programme.steps()]
    assert keys == ["unit_check", "review", "approve", "county_notice", "pay", "rate"]
    review = programme.step("review")
    assert (review.role, review.level, review.limit_wd, review.duty) == ("reviewer", "county", 10, "review")
    assert programme.step("rate").level == "" and programme.step("county_notice").options["days"] == 5
    after = [[step.key for step in stage] for stage in programme.stages_after("review")]
    assert after == [["approve"], ["county_notice"]] and programme.stages_after("county_notice") == []
    assert [step.key for step in programme.stages("settled")[0]] == ["rate"] and programme.stages("closed") == []
    assert [step.key for step in programme.before("county_notice")] == ["review", "approve"]
    with pytest.raises(KeyError):
        programme.step("visit")


def test_a_limit_in_working_days() -> None:
    assert (working_days("5wd", "x"), working_days("0wd", "x"), working_days("4000wd", "x")) == (5, 0, 4000)


# Conditions.

@pytest.mark.parametrize(("when", "facts", "fits"), [
    ({"category": {"equals": "none"}}, {"category": "none"}, True),
    ({"category": {"equals": "none"}}, {"category": "deep"}, False),
    ({"category": "none"}, {"category": "none"}, True),
    ({"category": {"in": ["none", ""]}}, {"category": ""}, True),
    ({"category": {"in": ["none", ""]}}, {"category": "deep"}, False),
    ({"category": {"in": ["none", ""]}}, {}, False),
    ({"homes": {"at_least": 2}}, {"homes": 2}, True),
    ({"homes": {"at_least": 2}}, {"homes": 1}, False),
    ({"homes": {"at_least": 2}}, {"homes": None}, False),
    ({"homes": {"at_most": 2}}, {"homes": 2}, True),
    ({"homes": {"at_most": 2}}, {"homes": 3}, False),
    ({"refused": {"is_true": True}}, {"refused": True}, True),
    ({"refused": {"is_true": True}}, {"refused": False}, False),
    ({"refused": {"is_true": False}}, {"refused": False}, True),
    ({"refused": {"is_true": False}}, {}, False),
    ({"codes": {"contains": "A"}}, {"codes": ["A", "B"]}, True),
    ({"codes": {"contains": "A"}}, {"codes": []}, False),
    ({"homes": {"at_least": 2, "at_most": 3}}, {"homes": 4}, False),
    ({"homes": {"at_least": 2}, "car": "private"}, {"homes": 2, "car": "none"}, False),
    ({"homes": {"at_least": 2}, "car": "private"}, {"homes": 2, "car": "private"}, True),
])
def test_a_condition_fits_only_facts_that_are_there(when: dict[str, Any], facts: dict[str, Any], fits: bool) -> None:
    assert first_denial([Eligibility(when, "EXCL_HOMES")], facts) == ("EXCL_HOMES" if fits else "")


def test_the_first_condition_that_fits_names_the_reason() -> None:
    rows = [Eligibility({"a": 2}, "EXCL_CAR"), Eligibility({"a": 1}, "EXCL_HOMES"), Eligibility({}, "FALSE_DATA")]
    assert first_denial(rows, {"a": 1}) == "EXCL_HOMES"
    assert first_denial(rows, {"a": 3}) == "FALSE_DATA"
    assert first_denial([], {"a": 1}) == ""


def test_a_test_that_does_not_exist_is_no_silent_no() -> None:
    with pytest.raises(ValueError, match="is not a test"):
        first_denial([Eligibility({"a": {"is": 1}}, "EXCL_CAR")], {"a": 1})


@pytest.mark.parametrize("when", [{"category": {"above": 5}}, {"homes": {"contains": 5}}, {"homes": {"in": 5}}])
def test_what_cannot_be_compared_is_a_fault_and_no_guess(when: dict[str, Any]) -> None:
    with pytest.raises(RuleFault) as fault:
        first_denial([Eligibility(when, "EXCL_CAR")], {"category": "deep", "homes": 2})
    assert fault.value.where in when


def test_no_two_services_share_a_series_of_numbers() -> None:
    """Nor has one that of payment batches (P)."""
    every = load_catalogue().items()
    begins = [one.letters or "".join(word[0] for word in key.split("_")).upper() for key, one in every]
    assert len(set(begins)) == len(begins) and "P" not in begins
