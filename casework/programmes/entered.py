"""Whether the regional numbers that the conditions of a draft compare with are entered, and can be compared."""
from collections.abc import Iterator, Mapping
from typing import Any

from casework.core.text import Text
from casework.programmes import references
from casework.programmes.finding import Finding, doubt, fault
from casework.programmes.loader import build
from casework.programmes.models import Parameter
from casework.programmes.rules import RuleFault


def findings(content: Mapping[str, Any]) -> Iterator[Finding]:
    """What keeps a condition of content that can be built from being looked at; one query."""
    programme = build(content)
    where = f"{programme.key}/programme.yaml"
    whens = [(f"route.{step.group}.{step.key}.when", step.when) for step in programme.steps()]
    whens += [(f"eligibility[{n}].when", row.when) for n, row in enumerate(programme.eligibility)]
    named = [(f"{where} {place}.{fact}.{test}", name)
             for place, when in whens for fact, test, name in references.named(when)]
    keys = {references.key_of(name) for _place, name in named}
    rows = list(Parameter.objects.filter(key__in=keys).order_by("key", "region", "effective_from")) if keys else []
    for place, name in named:
        yield from _of(place, name, [row for row in rows if row.key == references.key_of(name)])


def _of(where: str, reference: str, rows: list[Parameter]) -> Iterator[Finding]:
    if not rows:
        mend = Text("先录入数值，再发布", "enter it before the version is in force")
        yield doubt(where, "NUMBER_NOT_ENTERED", f"还没有录入 {reference}", f"{reference} is not entered yet", mend)
    newest = {row.region: row for row in rows}
    for region, row in newest.items():
        try:
            references.whole({row.key: row.value}, reference)
        except RuleFault as wrong:
            place = Text(f"地区 {region}", f"region {region}") if region else Text("所有地区", "all regions")
            yield fault(where, "NUMBER_NOT_WHOLE", f"{reference}（{place.zh}）：{wrong.what.zh}",
                        f"{reference} ({place.en}): {wrong.what.en}", wrong.mend)
