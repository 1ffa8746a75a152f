"""The JSON Schema tells programs what binding accepts: the same bounds on both sides."""

import json
from typing import Any

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.core.identifiers import has_forbidden
from casework.forms.bind import bind, bind_json
from casework.forms.schema import json_schema
from casework.programmes.loader import load_catalogue
from tests.forms.samples import EVERY_KIND, FILE, RIGHT, TODAY, choices, form_of, item, repeat

PLAIN = [one for one in EVERY_KIND if one.get("kind") != "union"]
EVERY = form_of(*PLAIN)


def valid(form: Any, answers: Any) -> bool:
    """Does the schema take these answers?"""
    return bool(jsonschema.Draft202012Validator(json_schema(form)).is_valid(answers))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(EVERY))


@given(st.data())
def test_answers_that_binding_accepts_fit_the_schema(data: st.DataObject) -> None:
    typed: dict[str, Any] = {"agreed": "true", "yes_or_no": "false"}
    for one in PLAIN:
        if "repeat" not in one and one["key"] not in typed and data.draw(st.booleans()):
            typed[one["key"]] = data.draw(st.sampled_from(RIGHT[one["kind"]][1]))[0]
    typed["some"] = data.draw(st.lists(st.sampled_from(["c0", "c1", "c2"]), max_size=3))
    typed |= {f"members.{n}.name": "张三" for n in range(data.draw(st.integers(0, 4)))}
    bound = bind(EVERY, typed, TODAY)
    assume(bound.ok)
    assert valid(EVERY, bound.answers)
    sent = bind_json(EVERY, bound.answers, TODAY)
    assert sent.ok and sent.answers == bound.answers


# Kinds whose rules a schema can say in full. Check digits and days of the calendar stay with the server.
LINES = st.text(max_size=25).filter(lambda text: not has_forbidden(text))
TOLD: list[tuple[str, dict[str, Any], st.SearchStrategy[Any]]] = [
    ("text", {"max": 20}, LINES),
    ("text", {"max": 5, "required": True}, LINES),
    ("longtext", {"max": 20}, LINES),
    ("int", {"min": 2, "max": 9}, st.integers(-3, 14)),
    ("int", {}, st.integers()),
    ("money", {"max": 500}, st.integers(-5, 700)),
    ("money", {}, st.integers(0)),
    ("enum", {"choices": choices(3)}, st.sampled_from(["c0", "c1", "c2", "c3", "选项0"])),
    (
        "multi",
        {"choices": choices(4), "max": 2, "required": True},
        st.lists(st.sampled_from(["c0", "c1", "c2", "c9"]), unique=True, max_size=4),
    ),
    ("bool", {}, st.booleans()),
    ("consent", {"required": True}, st.booleans()),
    ("consent", {}, st.booleans()),
    ("member_ref", {"of": "members"}, st.sampled_from(["self", "0", "99", "1000", "-1", "x"])),
    (
        "file",
        {"max_files": 2, "required": True},
        st.lists(st.sampled_from([FILE, FILE.replace("1", "2"), FILE.replace("1", "3")]), unique=True, max_size=4),
    ),
    ("year", {"min": 2020, "max": 2030}, st.integers(2015, 2035)),
]


@pytest.mark.parametrize(
    ("kind", "options", "values"), TOLD, ids=[f"{kind}-{n}" for n, (kind, _o, _v) in enumerate(TOLD)]
)
def test_schema_and_binding_say_the_same(kind: str, options: dict[str, Any], values: st.SearchStrategy[Any]) -> None:
    form = form_of(item("it", kind, **options))
    wanted = json_schema(form)

    @given(values)
    def both(value: Any) -> None:
        taken = bind_json(form, {"it": value}, TODAY).ok
        assume(not (isinstance(value, str) and value != value.strip()))
        assert jsonschema.Draft202012Validator(wanted).is_valid({"it": value}) == taken, value

    both()


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "rows", "zzz"]),
        st.none()
        | st.integers()
        | st.text(max_size=3)
        | st.lists(st.dictionaries(st.sampled_from(["n", "q"]), st.integers(0, 9)), max_size=4),
    )
)
def test_what_the_schema_refuses_in_shape_binding_refuses_too(sent: dict[str, Any]) -> None:
    """Empty answers apart, which binding forgives: a form on paper has empty lines."""
    form = form_of(
        item("a", "int", required=True),
        item("b", "text", max=2),
        repeat("rows", item("n", "int", required=True, max=5), min=1, max=2),
    )
    assume(not any(value in (None, "", []) for value in sent.values()))
    assume(not any(isinstance(value, str) and (value != value.strip() or value.isdigit()) for value in sent.values()))
    assume(not has_forbidden(str(sent.get("b", ""))))
    assert valid(form, sent) == bind_json(form, sent, TODAY).ok


def test_conditions_and_derived_fields_in_the_schema() -> None:
    form = form_of(
        item("a", "bool"),
        item("b", "text", required=True, when={"a": True}),
        item("c", "money", derived="difference", of=["d", "e"]), item("d", "money"), item("e", "money"),
        repeat("rows", item("x", "text", required=True), min=1, when={"a": True}),
        repeat("always", item("x", "text", required=True), min=1),
    )
    made = json_schema(form)
    assert made["required"] == ["always"] and "c" not in made["properties"]
    assert made["additionalProperties"] is False
    assert made["properties"]["rows"]["items"]["required"] == ["x"]


def test_the_schema_of_a_service_is_printed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("form_schema", "living_aid")
    made = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(made)
    assert {"reason", "card_no", "account_name"} <= set(made["required"]) and "amount" in made["properties"]
    assert not any("again" in key for key in made["properties"]), "typed twice by people, sent once by programs"
    with pytest.raises(CommandError, match="living_aid"):
        call_command("form_schema", "no_such_service")


@pytest.mark.parametrize("key", sorted(load_catalogue()))
def test_every_amount_of_a_service_has_a_bound(key: str) -> None:
    """A cap per field (domain §4.1): no application asks for 999,999,999 yuan."""
    most = 100_000_000_00
    items = [field for item in load_catalogue()[key].form.items() for field in getattr(item, "fields", (item,))]
    bounds = {field.key: field.options.get("max") for field in items if field.kind == "money" and not field.derived}
    assert all(isinstance(bound, int) and 0 < bound <= most for bound in bounds.values()), bounds
    if key in ("living_aid", "temporary_aid"):
        assert bounds["amount"] == 100_000_00
