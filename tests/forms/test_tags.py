"""Forms as HTML: every kind keeps what was typed, escaped, with its label, its help and its error beside it."""

import datetime as dt
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from casework.access.models import User
from casework.documents.models import Document
from casework.forms.bind import Bound, bind
from casework.forms.kinds import KINDS
from casework.forms.templatetags.forms_tags import form_fields, form_page
from casework.organisations import tree
from casework.organisations.models import Level
from tests.forms.markup import Markup
from tests.forms.samples import EVERY_KIND, FILE, RIGHT, TODAY, WRONG, choices, form_of, item, repeat, words

NASTY = "<script>alert('1')</script>\"&amp;"
ONE_BOX = {
    "text",
    "longtext",
    "money",
    "date",
    "int",
    "year",
    "resident_id",
    "phone",
    "bank_card",
    "icd",
    "credit_code",
    "region",
    "person_name",
}
WITHOUT_UNION = [one for one in EVERY_KIND if one.get("kind") != "union"]


def drawn(bound: Bound, page: str = "", **more: Any) -> Markup:
    """The first or named page as a browser sees it."""
    spec = bound.form.page(page) or bound.form.pages[0]
    return Markup(render_to_string("forms/page.html", form_page(bound, spec, **more)))


def field(kind: str, typed: Any = None, **options: Any) -> Markup:
    """One field of a kind with something typed into it."""
    form = form_of(item("it", kind, help=words("帮助", "Help"), **{**RIGHT.get(kind, ({},))[0], **options}))
    return drawn(Bound.empty(form) if typed is None else bind(form, {"it": typed}, TODAY))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"union", "office"}))
def test_every_control_has_a_name_a_label_help_and_a_place_for_its_error(kind: str) -> None:
    markup = field(kind)
    controls = markup.all(name="it")
    assert controls
    for control in controls:
        assert len(markup.all("label", **{"for": control["id"]})) == 1
    anchor = markup.one(id="f-it")
    ids = anchor["aria-describedby"].split()
    assert ids == ["f-it-help", "f-it-wrong"] and markup.one(id="f-it-help").text == "帮助"
    assert markup.one(id="f-it-wrong")["aria-live"] == "polite"
    assert "题目it" in "".join(one.text for one in markup.elements if one.tag in ("label", "legend"))
    assert not any(control.get("aria-invalid") for control in controls)


@pytest.mark.parametrize("kind", sorted(set(WRONG)))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_errors_stand_beside_the_field(kind: str, language: str) -> None:
    options, rows = WRONG[kind]
    typed = next(text for text, _code in rows if "\x00" not in text and "\ud800" not in text)
    with translation.override(language):
        form = form_of(item("it", kind, **options))
        bound = bind(form, {"it": typed}, TODAY)
        markup, told = drawn(bound), str(bound.problems[0].message)
    assert told in markup.one(id="f-it-wrong").text
    assert "is-wrong" in markup.one(id="r-it")["class"]
    assert all(control["aria-invalid"] == "true" for control in markup.all(name="it"))


@pytest.mark.parametrize("kind", sorted(ONE_BOX))
def test_what_was_typed_stands_in_the_field_and_is_only_text(kind: str) -> None:
    markup = field(kind, NASTY)
    control = markup.one(name="it")
    assert (control.text if control.tag == "textarea" else control["value"]) == NASTY
    assert not [one for one in markup.all("script") if not one.get("src")]


@pytest.mark.parametrize("kind", ["enum", "multi", "bool", "member_ref", "file", "consent"])
def test_foreign_values_of_choices_do_no_harm(kind: str) -> None:
    markup = field(kind, NASTY)
    assert not [one for one in markup.all("script") if not one.get("src")]
    assert markup.one(id="f-it-wrong").text


@given(st.sampled_from(sorted(ONE_BOX - {"date"})), st.text(max_size=30))
def test_any_text_survives_the_page(kind: str, typed: str) -> None:
    """Typed, drawn, posted again: the same text. Browsers turn line ends of a textarea into CR LF themselves; and no
    page can carry NUL, a lone CR or a lone surrogate."""
    text = "".join(sign for sign in typed if sign not in "\x00\r" and not "\ud800" <= sign <= "\udfff")
    assert field(kind, text).posted()["it"] == [text]


def test_lone_surrogates_do_not_break_the_page() -> None:
    form = form_of(item("it", "text"))
    html = render_to_string("forms/page.html", form_page(bind(form, {"it": "a\ud800"}, TODAY), form.pages[0]))
    assert "a?" in html and html.encode()


def test_long_text_begins_with_the_empty_line_that_was_typed() -> None:
    assert field("longtext", "\n\n后面").one(name="it").text == "\n\n后面"


@pytest.mark.parametrize(("count", "tag"), [(2, "input"), (5, "input"), (6, "select")])
def test_few_choices_are_radios_and_many_a_list(count: int, tag: str) -> None:
    markup = field("enum", "c1", choices=choices(count))
    assert {control.tag for control in markup.all(name="it")} == {tag}
    assert markup.posted() == {"it": ["c1"]}
    if tag == "input":
        group = markup.one("fieldset", id="f-it")
        assert all(group in control.inside for control in markup.all(name="it"))
        assert group["tabindex"] == "-1", "the summary of problems can lead here"


def test_needed_fields_say_so_in_words_too() -> None:
    markup = field("text", required=True)
    assert markup.one("label", **{"for": "f-it"}).text.split() == ["题目it", "*", "（必填）"]
    assert markup.one(name="it")["aria-required"] == "true"
    assert "选填" in field("text").one("label", **{"for": "f-it"}).text


def test_a_needed_yes_or_no_is_two_radios_and_an_optional_one_a_box() -> None:
    two = field("bool", "false", required=True).all(name="it")
    assert [(one["type"], one["value"], "checked" in one.attributes) for one in two] == [
        ("radio", "true", False),
        ("radio", "false", True),
    ]
    box = field("bool", "on").one(name="it")
    assert (box["type"], box["value"]) == ("checkbox", "true") and "checked" in box.attributes


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("phone", {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        ("bank_card", {"inputmode": "numeric", "autocomplete": "off"}),
        ("resident_id", {"autocomplete": "off"}),
        ("money", {"inputmode": "decimal"}),
        ("int", {"inputmode": "numeric"}),
        ("region", {"inputmode": "numeric"}),
        ("date", {"type": "date"}),
    ],
)
def test_phones_show_the_right_keys(kind: str, wanted: dict[str, str]) -> None:
    control = field(kind).one(name="it")
    assert {name: control.get(name) for name in wanted} == wanted


def test_a_date_that_a_date_chooser_would_drop_is_kept_as_text() -> None:
    assert field("date", "2026-01-02").one(name="it")["type"] == "date"
    odd = field("date", "去年").one(name="it")
    assert (odd["type"], odd["value"]) == ("text", "去年")


def test_defaults_stand_in_an_untouched_form_only() -> None:
    form = form_of(item("it", "text", default="自己"), item("other", "text"))
    assert drawn(Bound.empty(form)).one(name="it")["value"] == "自己"
    assert drawn(bind(form, {"it": "", "other": "x"}, TODAY)).one(name="it")["value"] == ""


def test_the_page_posts_what_was_typed_into_every_kind() -> None:
    form = form_of(
        *[{**one, "required": False} if "kind" in one and one["kind"] == "bool" else one for one in WITHOUT_UNION]
    )
    typed = {
        "line": ["𠮷"],
        "story": ["一\n二"],
        "number": ["03"],
        "year": ["2026"],
        "amount": ["1,2"],
        "day": ["2026-01-02"],
        "few": ["c1"],
        "several_choices": ["c7"],
        "some": ["c0", "c3"],
        "yes": ["true"],
        "agreed": ["true"],
        "person": ["61"],
        "tel": ["1"],
        "card": ["2"],
        "illness": ["I63"],
        "code": ["9"],
        "place": ["6"],
        "name": ["张"],
        "whose": ["1"],
        "members.0.name": ["甲甲"],
        "members.0.school": ["一中"],
        "members.1.name": ["乙乙"],
        "members.1.pupil": ["true"],
        "members.1.school": [""],
    }
    posted = drawn(bind(form, typed, TODAY)).posted()
    assert {name: values for name, values in posted.items() if name in typed} == typed
    assert set(posted) == set(typed)


def test_ids_are_unique_also_with_two_forms_on_a_page() -> None:
    form = form_of(*WITHOUT_UNION)
    bound = bind(form, {"members.0.name": "4", "members.1.name": "x"}, TODAY)
    first = render_to_string("forms/page.html", form_page(bound, form.pages[0]))
    second = render_to_string("forms/page.html", form_fields(bound, scope="pass"))
    both = Markup(first + second)
    ids = [one["id"] for one in both.elements if one.get("id")]
    assert len(ids) == len(set(ids))
    for one in both.elements:
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert all(target in ids for target in (one.get(name) or "").split()), (one.tag, one.get(name))


def test_rows_with_buttons_that_need_no_javascript() -> None:
    form = form_of(repeat("members", item("name", "person_name"), min=1, max=2, help=words("说明")))
    markup = drawn(bind(form, {"members.0.name": "甲甲"}, TODAY))
    assert [one["value"] for one in markup.all("button", name="go")] == ["remove:members.0", "add:members"]
    assert "hidden" not in markup.one("button", value="add:members").attributes
    assert markup.one(id="r-members") and markup.one(id="f-members")["tabindex"] == "-1"
    full = drawn(bind(form, {"members.0.name": "甲甲", "members.1.name": "乙乙"}, TODAY))
    assert "hidden" in full.one("button", value="add:members").attributes
    few = drawn(bind(form_of(repeat("members", item("name", "text"), min=2)), {"members.0.name": "甲甲"}, TODAY))
    assert "至少填写 2 项" in few.one(id="f-members-wrong").text


def test_the_first_button_of_a_page_with_rows_takes_none_away() -> None:
    """Enter in a field presses the first button of the form."""
    form = form_of(repeat("members", item("name", "person_name"), min=1))
    first = drawn(Bound.empty(form)).all("button")[0]
    assert (first.get("name"), first["tabindex"]) == (None, "-1")


def test_people_are_chosen_by_name() -> None:
    form = form_of(
        a=[item("name", "person_name"), repeat("members", item("name", "person_name"))],
        b=[item("whose", "member_ref", of="members")],
    )
    typed = {"name": "张三", "members.0.name": "李四", "members.1.name": NASTY, "whose": "1"}
    markup = drawn(bind(form, typed, TODAY), "b")
    assert [(one["value"], one.text) for one in markup.all("option")] == [
        ("", "— 请选择 —"),
        ("self", "申请人 张三"),
        ("0", "成员 1 李四"),
        ("1", f"成员 2 {NASTY}"),
    ]
    assert markup.posted() == {"whose": ["1"]}


def test_conditions_are_told_to_the_page_and_in_words_to_readers() -> None:
    form = form_of(
        first=[item("work", "enum", choices=choices(3)), item("secret", "text", sensitive=True)],
        second=[
            item("since", "date", required=True, when={"work": "c1"}),
            item("sum", "money", when={"number": {"at_least": 2, "at_most": 5}}),
            item("number", "int"),
        ],
    )
    markup = drawn(bind(form, {"work": "c1", "secret": "x"}, TODAY, page="second"), "second")
    assert markup.one(id="r-since")["data-when"] == '{"work": "c1"}'
    assert "仅在“题目work”为：选项1时填写。" in [one.text for one in markup.all("p")]
    assert "仅在“题目number”为：不少于 2 / 不超过 5时填写。" in [one.text for one in markup.all("p")]
    assert markup.one(**{"data-form-body": ""})["data-known"] == '{"work": "c1"}', "and nothing else leaves the server"
    assert drawn(bind(form, {}, TODAY), "first").one(**{"data-form-body": ""})["data-known"] == "{}"


def test_doors_are_named_only_where_the_host_has_them() -> None:
    form = form_of(item("it", "text"))
    bare = drawn(Bound.empty(form)).one(**{"data-form-body": ""})
    assert not {"data-upload-url", "data-check-url", "data-draft-url"} & set(bare.attributes)
    full = drawn(Bound.empty(form), upload_url="/u/", check_url="/c/", draft_url="/d/").one(**{"data-form-body": ""})
    assert (full["data-upload-url"], full["data-check-url"], full["data-draft-url"]) == ("/u/", "/c/", "/d/")


def test_nothing_inline_that_the_content_policy_would_stop() -> None:
    form = form_of(*WITHOUT_UNION)
    markup = drawn(bind(form, {"members.0.name": "x"}, TODAY))
    assert not [one for one in markup.elements if one.tag == "style" or one.get("style") is not None]
    assert not [name for one in markup.elements for name in one.attributes if name.startswith("on")]
    assert all(one.get("src") for one in markup.all("script"))


@pytest.mark.django_db
def test_unions_are_grouped_by_the_office_above() -> None:
    county = tree.make("商州区总工会", Level.COUNTY, None, region="611002")
    union = tree.make(f"秦岭{NASTY}", Level.GRASSROOTS, county, region="611002")
    markup = field("union", str(union.public_id))
    assert markup.one("optgroup")["label"] == "商州区总工会"
    assert markup.all("option")[1].text == f"秦岭{NASTY}"
    assert markup.posted() == {"it": [str(union.public_id)]}


@pytest.mark.django_db
def test_uploaded_files_stand_by_name_and_can_be_taken_out(moment: dt.datetime) -> None:
    owner = User.objects.create(username="worker")
    document = Document.objects.create(
        public_id=FILE,
        owner=owner,
        kind="id_card",
        name=f"{NASTY}.jpg",
        content_type="image/jpeg",
        size=2048,
        sha256="0" * 64,
        uploaded_at=moment,
    )
    form = form_of(item("it", "file", max_files=3), repeat("rows", item("photo", "file")))
    bound = bind(form, {"it": [FILE], "rows.0.photo": [FILE]}, TODAY)
    nil = "/my/files/00000000-0000-0000-0000-000000000000/?small"
    markup = drawn(bound, file_url=nil)
    assert markup.posted() == {"it": [FILE], "rows.0.photo": [FILE]}
    assert markup.one("button", value=f"unfile:it.{FILE}") and markup.one("button", value=f"unfile:rows.0.photo.{FILE}")
    assert [one["src"] for one in markup.all("img")] == [f"/my/files/{FILE}/?small"] * 2
    assert f"{NASTY}.jpg" in markup.all("li")[0].text
    chooser = markup.one("input", type="file", name="it")
    assert (
        "multiple" in chooser.attributes and "image/jpeg" in chooser["accept"] and "capture" not in chooser.attributes
    )
    Document.objects.filter(pk=document.pk).update(withdrawn_at=moment)
    assert not drawn(bound).all("li"), "a file taken back is not offered any more"
