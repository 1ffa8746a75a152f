"""Pages of applications with what a person types on them, and reading back what stands there, sign by sign."""
from collections.abc import Mapping
from typing import Any

from tests.office import id_number

# Signs that get lost where something is careless: outside the first plane, accents, tags, entities, quotes, spaces.
RARE = "𠮷田㐂·çé「<b>&amp;\"'%s\\n」½　①"
LINES = f"第一行：{RARE}\n\n第三行，末尾有空格 。"
Typed = dict[str, str | list[str]]
PAGES: dict[str, Typed] = {
    "living_aid/request": {
        "year": "2026", "months": "11", "amount": "１2,345.67", "loss": "89.05", "reason": LINES,
    },
    "hardship_dossier/household": {
        "members.0.name": "𠮷田㐂", "members.0.relation": "child", "members.0.id_no": id_number(811, "20090302"),
        "members.0.work": "student", "members.0.school": RARE, "members.0.health": "good",
        "members.1.name": "阿依古丽·买买提", "members.1.relation": "grandchild",
        "members.1.id_no": id_number(812, "20150404"), "members.1.work": "unable", "members.1.health": "chronic",
    },
    "legal_aid/dispute": {
        "employer": RARE, "employed_from": "2019-02-28", "contract": "true", "wage_month": "5100.50",
        "opponent_lawyer": "Ményhért 律师", "matter": "injury", "event_date": "2026-10-09", "amount_claimed": "80000",
        "wanted": ["advice", "arbitration"], "text": LINES,
    },
    "petition/matter": {
        "office": "#1", "topic": "wages", "employer": RARE, "text": LINES, "earlier_steps": f"向街道反映过。\n{RARE}",
        "danger": "true",
    },
}
BAD = {
    "living_aid/request": ("months", "99"), "hardship_dossier/household": ("members.1.id_no", "61100219550404000é"),
    "legal_aid/dispute": ("event_date", "2031-01-01"), "petition/matter": ("topic", ""),
}
GONE = {"living_aid/request": "reason", "legal_aid/dispute": "text", "petition/matter": "earlier_steps"}
STANDING = """() => {
  const found = {};
  for (const form of document.querySelectorAll('main form')) {
    if (!form.elements.seen_revision) { continue; }
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string') { found[name] = (found[name] || []).concat(value); }
    }
  }
  return found;
}"""


def type_page(page: Any, typed: Typed) -> dict[str, list[str]]:
    """Type a whole page, rows first; return what the page must hold from now on."""
    rows = {tuple(name.split(".")[:2]) for name in typed if "." in name}
    for key, number in sorted(rows):
        if not page.locator(f"#r-{key} [data-row]").nth(int(number)).is_visible():
            page.locator(f"#r-{key} [data-add]").click()
            page.locator(f"[name^='{key}.{number}.']").first.wait_for(state="attached")
    return {name: type_in(page, name, value) for name, value in typed.items()}


def type_in(page: Any, name: str, value: str | list[str]) -> list[str]:
    """Answer one question by its control; "#1" is the second choice of a list."""
    control = page.locator(f"main form [name='{name}']:not([type=hidden])")
    tag, kind = control.first.evaluate("one => [one.localName, one.type]")
    if kind in ("radio", "checkbox"):
        wanted = [value] if isinstance(value, str) else value
        for one in wanted:
            page.locator(f"main form [name='{name}'][value='{one}']").check()
        return wanted
    if tag == "select":
        chosen: list[str] = control.select_option(**({"index": 1} if value == "#1" else {"value": value}))
        return chosen
    control.fill(value)
    return [str(value)]


def other_text(typed: Typed) -> Typed:
    """What somebody else would type on the same page: another text in every field of words."""
    return {name: f"别处·{value[:40]}" for name, value in typed.items() if value in (RARE, LINES)}


def standing(page: Any) -> dict[str, list[str]]:
    """Every value that stands in the form of the page, as it would be sent."""
    found: dict[str, list[str]] = page.evaluate(STANDING)
    return found


def lost(expected: Mapping[str, list[str]], found: Mapping[str, list[str]]) -> list[str]:
    """Fields whose characters are not those typed, told one by one."""
    wrong = []
    for name, values in expected.items():
        there = [value.replace("\r\n", "\n") for value in found.get(name, [])]
        if [value for value in there if value] != [value for value in values if value]:
            wrong.append(f"{name}: typed {values!r}, stands {there!r}")
    return wrong
