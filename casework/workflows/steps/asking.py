"""Questions that several steps ask, as form items."""

from collections.abc import Iterable
from typing import Any

from casework.forms.spec import FormSpec, load_form
from casework.programmes.spec import Step

Item = dict[str, Any]


def words(zh: str, en: str) -> dict[str, str]:
    """A pair of texts."""
    return {"zh": zh, "en": en}


def decision_form(key: str, *items: Item) -> FormSpec:
    """A form of one page and one group, for a decision panel."""
    page = {
        "key": key,
        "title": words("办理", "Decide"),
        "groups": [{"key": key, "title": words("", ""), "items": list(items)}],
    }
    return load_form({"pages": [page]}, f"steps/{key}")


def opinion(*, required: bool, zh: str = "意见", en: str = "Opinion") -> Item:
    """The opinion of an office: free, unless the decision is not a pass (domain §4.3)."""
    return {
        "key": "opinion",
        "kind": "longtext",
        "max": 500,
        "required": required,
        "title": words(zh, en),
        "help": words("请勿填写身份证号、手机号、银行卡号。", "Do not write ID, phone or card numbers here."),
    }


def reason_code(codes: dict[str, dict[str, str]]) -> Item:
    """A reason code of domain §4.10."""
    return {"key": "code", "kind": "enum", "required": True, "choices": codes, "title": words("理由", "Reason")}


def choice(key: str, zh: str, en: str, choices: dict[str, dict[str, str]]) -> Item:
    """One answer out of several."""
    return {"key": key, "kind": "enum", "required": True, "choices": choices, "title": words(zh, en)}


def earlier_step(steps: Iterable[Step]) -> Item:
    """To which of these steps a case goes back."""
    return {
        "key": "to",
        "kind": "enum",
        "required": True,
        "title": words("退回到", "Return to"),
        "choices": {step.key: words(step.title.zh, step.title.en) for step in steps},
    }


def date_item(key: str, zh: str, en: str) -> Item:
    """A day that is not in the future."""
    return {"key": key, "kind": "date", "required": True, "not_future": True, "title": words(zh, en)}


def files(key: str, zh: str, en: str, *, least: int = 1) -> Item:
    """Uploaded pictures or papers."""
    return {
        "key": key,
        "kind": "file",
        "paper": key,
        "many": True,
        "max_files": 9,
        "min_files": least,
        "required": least > 0,
        "title": words(zh, en),
    }


def yes_no(key: str, zh: str, en: str) -> Item:
    """A question with yes or no."""
    return {"key": key, "kind": "bool", "title": words(zh, en)}


def short(key: str, zh: str, en: str, *, required: bool = True, most: int = 100) -> Item:
    """A line of text."""
    return {"key": key, "kind": "text", "max": most, "required": required, "title": words(zh, en)}


def card(zh: str, en: str, *, required: bool = True) -> Item:
    """The number of a bank card, typed twice (domain §4.1)."""
    return {"key": "card_no", "kind": "bank_card", "twice": True, "required": required, "title": words(zh, en)}


def long(key: str, zh: str, en: str, *, required: bool = True, most: int = 1000) -> Item:
    """A paragraph of text."""
    return {"key": key, "kind": "longtext", "max": most, "required": required, "title": words(zh, en)}
