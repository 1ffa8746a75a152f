"""Answers for reading, masked; and their split into what may be shown and what is sealed."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from casework.core.masks import find_private
from casework.forms import review, seal
from casework.forms.bind import bind
from casework.forms.spec import FormSpec
from tests.forms.samples import PERSON, TODAY, choices, form_of, item, repeat


@pytest.fixture
def form() -> FormSpec:
    """Two pages, with sensitive answers of every sort."""
    return form_of(
        person=[
            item("name", "person_name"),
            item("id_no", "resident_id"),
            item("tel", "phone"),
            item("card", "bank_card"),
            item("health", "enum", choices=choices(3), sensitive=True),
            item("needs", "multi", choices=choices(3), sensitive=True),
            item("since", "date", when={"health": "c1"}),
            item("amount", "money"),
            item("agreed", "consent"),
        ],
        house=[
            repeat("members", item("name", "person_name"), item("id_no", "resident_id"), item("pupil", "bool")),
            item("head", "member_ref", of="members"),
            item("story", "longtext"),
        ],
    )


@pytest.fixture
def answers(form: FormSpec) -> dict[str, Any]:
    """What a person answered."""
    bound = bind(
        form,
        {
            "name": "张三",
            "id_no": PERSON,
            "tel": "13912345678",
            "card": "622202000000000004",
            "health": "c1",
            "needs": ["c0", "c2"],
            "since": "2026-01-02",
            "amount": "1234.5",
            "agreed": "true",
            "members.0.name": "李四",
            "members.0.id_no": PERSON,
            "members.1.name": "𠮷田",
            "members.1.pupil": "true",
            "head": "1",
            "story": "<script>alert(1)</script>\n第二行",
        },
        TODAY,
    )
    assert bound.ok
    return bound.answers


def drawn(form: FormSpec, answers: dict[str, Any], **more: str) -> str:
    """The review as HTML."""
    from casework.forms.templatetags.forms_tags import form_review

    return render_to_string("forms/review.html", form_review(form, answers, **more))


def test_numbers_are_masked_and_words_are_words(form: FormSpec, answers: dict[str, Any]) -> None:
    page = review.pages(form, answers)[0]
    values = {str(row.label): row.value for row in page.groups[0].rows}
    assert values["题目id_no"] == f"{PERSON[:6]}********{PERSON[-4:]}" and values["题目tel"] == "139****5678"
    assert values["题目health"] == "选项1" and values["题目needs"] == "选项0、选项2"
    assert values["题目amount"] == "1,234.50 元" and values["题目agreed"] == "是"
    assert not find_private(drawn(form, answers))


def test_what_stands_behind_a_mask_is_still_shown_where_it_was_asked(form: FormSpec, answers: dict[str, Any]) -> None:
    """The officer sees "***" for health, and the date that was asked because of it."""
    shown, secret = seal.split(form, answers)
    assert shown["health"] == shown["needs"] == "***"
    values = {str(row.label): row.value for row in review.pages(form, shown)[0].groups[0].rows}
    assert values["题目health"] == values["题目needs"] == "***" and values["题目since"] == "2026-01-02"
    assert values["题目id_no"] == f"{PERSON[:6]}********{PERSON[-4:]}"
    assert secret["members.0.id_no"] == PERSON and PERSON not in str(shown)
    assert seal.join(shown, secret) == answers


def test_splitting_leaves_the_answers_as_they_were(form: FormSpec, answers: dict[str, Any]) -> None:
    before = repr(answers)
    seal.split(form, answers)
    assert repr(answers) == before


def test_rows_become_a_table_whose_cells_carry_their_heads(form: FormSpec, answers: dict[str, Any]) -> None:
    table = review.pages(form, answers)[1].groups[0].tables[0]
    assert [str(head) for head in table.heads] == ["题目name", "题目id_no", "题目pupil"]
    assert [value for _head, value in table.lines[1]] == ["𠮷田", "", "是"]
    html = drawn(form, answers)
    assert '<td data-label="题目name">李四</td>' in html and html.count("card-table") == 1


def test_a_member_is_called_by_name(form: FormSpec, answers: dict[str, Any]) -> None:
    rows = review.pages(form, answers)[1].groups[0].rows
    assert rows[0].value == "成员 2 𠮷田"
    assert review.pages(form, {"head": "7"})[1].groups[0].rows[0].value == "成员 8"


def test_what_was_typed_stays_text(form: FormSpec, answers: dict[str, Any]) -> None:
    html = drawn(form, answers)
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in html


def test_links_for_changing_carry_the_page(form: FormSpec, answers: dict[str, Any]) -> None:
    html = drawn(form, answers, edit="/apply/1/PAGE/")
    assert 'href="/apply/1/person/"' in html and 'href="/apply/1/house/"' in html
    assert "<a " not in drawn(form, answers)


def test_an_empty_page_says_so_in_the_reader_s_language(form: FormSpec) -> None:
    assert drawn(form, {}).count("此页没有填写内容。") == 2
    with translation.override("en"):
        assert drawn(form, {}).count("Nothing was filled in here.") == 2
