"""A form with every kind of field, and what is right and wrong in each."""

import datetime as dt
from typing import Any

from casework.core import identifiers
from casework.forms.kinds.listed import LISTINGS, Listing
from casework.forms.spec import FormSpec, load_form

TODAY = dt.date(2026, 11, 23)
FILE = "11111111-2222-4333-8444-555555555555"
OTHER_FILE = "66666666-7777-4888-9999-000000000000"


LISTINGS["samples"] = Listing(lambda: [("spring", "春季"), ("autumn", "秋季")], lambda value: value)


def id_number(serial: int, born: str = "19800101", place: str = "611002") -> str:
    """A synthetic resident ID with a right check digit."""
    body = f"{place}{born}{serial:03d}"
    return body + identifiers.id_check(body)


CREDIT_CODE = "91610000710000000" + identifiers.credit_check("91610000710000000")
PERSON = id_number(7)


def words(zh: str, en: str = "") -> dict[str, str]:
    """A pair of texts."""
    return {"zh": zh, "en": en or zh}


def item(key: str, kind: str, **more: Any) -> dict[str, Any]:
    """A field declaration with a title."""
    return {"key": key, "kind": kind, "title": words(f"题目{key}", f"Title {key}"), **more}


def choices(n: int) -> dict[str, Any]:
    """So many choices."""
    return {f"c{i}": words(f"选项{i}", f"Choice {i}") for i in range(n)}


def form_of(*items: dict[str, Any], **pages: list[dict[str, Any]]) -> FormSpec:
    """A form of one page, or of the named pages."""
    given = pages or {"only": list(items)}
    return load_form(
        {
            "pages": [
                {
                    "key": key,
                    "title": words("页", "Page"),
                    "groups": [{"key": key, "title": words("组", "Group"), "items": list(inner)}],
                }
                for key, inner in given.items()
            ]
        },
        "test",
    )


def repeat(key: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A repeat declaration."""
    return {
        "repeat": key,
        "title": words("列表", "List"),
        "item_title": words("行", "Row"),
        "fields": list(fields),
        **more,
    }


EVERY_KIND = (
    item("line", "text", max=20),
    item("story", "longtext", max=40),
    item("number", "int", min=1, max=12),
    item("year", "year"),
    item("amount", "money", max=1_000_000),
    item("day", "date", not_future=True),
    item("few", "enum", choices=choices(3)),
    item("several_choices", "enum", choices=choices(8)),
    item("some", "multi", choices=choices(4), max=2),
    item("yes", "bool"),
    item("yes_or_no", "bool", required=True),
    item("agreed", "consent", required=True),
    item("person", "resident_id"),
    item("tel", "phone"),
    item("card", "bank_card"),
    item("illness", "icd"),
    item("code", "credit_code"),
    item("place", "region"),
    item("name", "person_name"),
    item("papers", "file", paper="id_card", max_files=2),
    item("whose", "member_ref", of="members"),
    item("union", "union"),
    repeat(
        "members",
        item("name", "person_name", required=True),
        item("pupil", "bool"),
        item("school", "text", when={"pupil": True}),
        most=3,
        max=3,
    ),
)

# kind → (options, what is right with the value it becomes)
RIGHT: dict[str, tuple[dict[str, Any], list[tuple[str, Any]]]] = {
    "text": (
        {"max": 20},
        [
            ("工会", "工会"),
            ("  两边  ", "两边"),
            ("𠮷野家㐂", "𠮷野家㐂"),
            ("阿依古丽·买买提", "阿依古丽·买买提"),
            ("a" * 20, "a" * 20),
            ("<b>&amp;</b>", "<b>&amp;</b>"),
            ("１２３", "１２３"),
            ("👨‍👩‍👧"[:1], "👨"),
        ],
    ),
    "longtext": ({"max": 40}, [("一\r\n二\r三", "一\n二\n三"), ("\tx\n", "x"), ("字" * 40, "字" * 40)]),
    "int": ({"min": 1, "max": 12}, [("1", 1), (" 12 ", 12), ("０３", 3), ("1２", 12)]),
    "year": ({}, [("2026", 2026), ("２０２５", 2025), ("2027", 2027)]),
    "listed": ({"of": "samples"}, [("spring", "spring")]),
    "school_year": ({}, [("2026-2027", "2026-2027"), ("２０２５—２０２６学年", "2025-2026")]),
    "money": (
        {"max": 1_000_000},
        [
            ("1234.5", 123450),
            ("1,234.50", 123450),
            ("¥12", 1200),
            ("１２.３４元", 1234),
            ("0", 0),
            ("10000", 1_000_000),
        ],
    ),
    "date": (
        {"not_future": True},
        [
            ("2026-11-23", "2026-11-23"),
            ("2026/1/2", "2026-01-02"),
            ("2026.01.02", "2026-01-02"),
            ("2026年1月2日", "2026-01-02"),
            ("２０２４－０２－２９", "2024-02-29"),
            ("1900-01-01", "1900-01-01"),
        ],
    ),
    "enum": ({"choices": choices(3)}, [("c0", "c0"), ("c2", "c2")]),
    "multi": ({"choices": choices(4), "max": 2}, [("c1", ["c1"])]),
    "bool": ({}, [("true", True), ("on", True), ("是", True), ("FALSE", False), ("0", False), ("否", False)]),
    "consent": ({"required": True}, [("true", True), ("on", True)]),
    "resident_id": (
        {},
        [
            (PERSON, PERSON),
            (f" {PERSON[:6]} {PERSON[6:]} ", PERSON),
            (PERSON.lower(), PERSON),
            ("".join(chr(ord(sign) + 0xFEE0) for sign in PERSON), PERSON),
        ],
    ),
    "phone": (
        {},
        [
            ("13912345678", "13912345678"),
            ("+86 139 1234 5678", "13912345678"),
            ("１３９１２３４５６７８", "13912345678"),
            ("0914-2388888", "0914-2388888"),
        ],
    ),
    "bank_card": ({}, [("6222 0200 0000 0000 04", "622202000000000004"[:18])]),
    "icd": ({}, [("I63.9", "I63.9"), ("c34.1", "C34.1")]),
    "credit_code": ({}, [(CREDIT_CODE, CREDIT_CODE), (CREDIT_CODE.lower(), CREDIT_CODE)]),
    "region": ({}, [("611002", "611002"), ("６１１００２", "611002")]),
    "person_name": (
        {},
        [
            ("张三", "张三"),
            ("𠮷田㐂", "𠮷田㐂"),
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("O'Neil", "O'Neil"),
            ("张〇", "张〇"),
        ],
    ),
    "file": ({"max_files": 2}, [(FILE, [FILE]), (FILE.upper(), [FILE])]),
    "member_ref": ({"of": "members"}, [("self", "self"), ("0", "0")]),
}

NUL, SURROGATE, TURN = "ab\x00c", "ab\ud800c", "138\u202e1234"
LONG = "字" * 10_000
# kind → (options, what is wrong with the code of the problem)
WRONG: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "text": (
        {"max": 20},
        [
            (NUL, "SIGNS"),
            (SURROGATE, "SIGNS"),
            (TURN, "SIGNS"),
            ("a\nb", "SIGNS"),
            ("a\x1bb", "SIGNS"),
            (LONG, "TOO_LONG"),
            ("a" * 21, "TOO_LONG"),
            ("\u200bab", "SIGNS"),
        ],
    ),
    "longtext": ({"max": 40}, [(NUL, "SIGNS"), (SURROGATE, "SIGNS"), (TURN, "SIGNS"), (LONG, "TOO_LONG")]),
    "int": (
        {"min": 1, "max": 12},
        [
            ("0", "RANGE"),
            ("13", "RANGE"),
            ("-3", "RANGE"),
            ("3.5", "INT"),
            ("三", "INT"),
            ("1e3", "INT"),
            ("--3", "INT"),
            ("9" * 5000, "INT"),
            (NUL, "INT"),
            (LONG, "INT"),
            ("1_0", "INT"),
            ("٣x", "INT"),
        ],
    ),
    "listed": ({"of": "samples"}, [("winter", "NOT_LISTED"), (NUL, "NOT_LISTED"), (LONG, "NOT_LISTED")]),
    "school_year": ({}, [("2026", "SCHOOL_YEAR"), ("2026-2028", "SCHOOL_YEAR"), ("2024-2025", "SCHOOL_YEAR")]),
    "year": ({}, [("2024", "RANGE"), ("2028", "RANGE"), ("26", "RANGE"), ("二〇二六", "INT")]),
    "money": (
        {"max": 1_000_000},
        [
            ("10000.01", "TOO_MUCH"),
            ("-1", "NEGATIVE"),
            ("1.234", "MONEY"),
            ("一千", "MONEY"),
            ("1,23", "MONEY"),
            ("NaN", "MONEY"),
            ("1e9", "MONEY"),
            ("inf", "MONEY"),
            (NUL, "MONEY"),
            (LONG, "MONEY"),
            ("9" * 400, "MONEY"),
        ],
    ),
    "date": (
        {"not_future": True},
        [
            ("2026-11-24", "FUTURE"),
            ("2026-02-30", "DATE"),
            ("1899-12-31", "DATE"),
            ("昨天", "DATE"),
            ("26-1-1", "DATE"),
            ("2026-1", "DATE"),
            ("2026-1-1-1", "DATE"),
            ("20_26-1-1", "DATE"),
            (NUL, "DATE"),
            (LONG, "DATE"),
            ("0000-01-01", "DATE"),
        ],
    ),
    "enum": ({"choices": choices(3)}, [("c9", "CHOICE"), ("选项0", "CHOICE"), (NUL, "CHOICE"), (LONG, "CHOICE")]),
    "multi": ({"choices": choices(4), "max": 2}, [("c9", "CHOICE"), (SURROGATE, "CHOICE")]),
    "bool": ({}, [("maybe", "BOOL"), ("2", "BOOL"), (NUL, "BOOL"), (LONG, "BOOL")]),
    "consent": ({"required": True}, [("false", "CONSENT"), ("0", "CONSENT"), ("maybe", "CONSENT")]),
    "resident_id": (
        {},
        [
            ("123", "ID_SHAPE"),
            (PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1"), "ID_CHECK_DIGIT"),
            ("611002198013010010", "ID_DATE"),
            (id_number(1, born="20270101"), "ID_FUTURE"),
            (NUL, "SIGNS"),
            (SURROGATE, "SIGNS"),
            (LONG, "TYPE"),
        ],
    ),
    "phone": ({}, [("12345", "PHONE"), ("138\u202e12345678", "SIGNS"), (NUL, "SIGNS"), (LONG, "TYPE")]),
    "bank_card": ({}, [("1234", "CARD_SHAPE"), ("6222x20000000000", "CARD_SHAPE"), (NUL, "SIGNS"), (LONG, "TYPE")]),
    "icd": ({}, [("胃癌", "ICD"), (NUL, "SIGNS")]),
    "credit_code": (
        {},
        [("1", "CREDIT_SHAPE"), (CREDIT_CODE[:-1] + "0" if CREDIT_CODE[-1] != "0" else "1", "CREDIT_CHECK")],
    ),
    "region": ({}, [("61100", "REGION"), ("商州", "REGION"), ("011002", "REGION")]),
    "person_name": (
        {},
        [
            ("张3", "NAME_SIGNS"),
            ("张", "NAME_LENGTH"),
            ("字" * 51, "NAME_LENGTH"),
            ("<script>", "NAME_SIGNS"),
            (NUL, "SIGNS"),
            (SURROGATE, "SIGNS"),
            (TURN, "SIGNS"),
        ],
    ),
    "file": ({"max_files": 2}, [("x", "FILE"), ("../../etc/passwd", "FILE"), (NUL, "FILE"), (LONG, "FILE")]),
    "member_ref": ({"of": "members"}, [("-1", "MEMBER"), ("x", "MEMBER"), ("9999", "MEMBER"), (NUL, "MEMBER")]),
}
