"""One question as it is drawn: which control, what stands in it, what is wrong with it."""
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dc_field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from casework.core.problems import Problem, Words
from casework.core.text import Text
from casework.documents import formats
from casework.documents.models import Document
from casework.forms import conditions, derived
from casework.forms.bind import Bound
from casework.forms.kinds import KINDS, listed
from casework.forms.kinds.office import offices
from casework.forms.kinds.reference import member_names, unions
from casework.forms.kinds.text import LINE_MOST, PARAGRAPH_MOST
from casework.forms.rows import people_of
from casework.forms.spec import Field

RADIOS_MOST = 5
NOT_PLAIN = re.compile(r"[^0-9A-Za-z_-]")
AUTOCOMPLETE = {"phone": "tel", "resident_id": "off", "bank_card": "off", "icd": "off"}
GROUPED = {"radios", "multi"}
NO_FILE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Host:
    """Where a form stands. Addresses are empty where the host has no such door; scope is the prefix of all ids. again:
    by place the files handed in before that may be used once more."""

    bound: Bound
    scope: str = ""
    upload_url: str = ""
    check_url: str = ""
    draft_url: str = ""
    file_url: str = ""
    names: Mapping[str, Document] = dc_field(default_factory=dict)
    again: Mapping[str, Any] = dc_field(default_factory=dict)

    def id_of(self, place: str) -> str:
        """The HTML id of a place: f-members-0-name, as components/problems.html links to it."""
        return f"{self.scope or 'f'}-{place.replace('.', '-')}"

    def anchor_of(self, place: str) -> str:
        """The HTML id of what surrounds a place: r-members, where the server sends the reader back to."""
        return f"{self.scope + '-' if self.scope else ''}r-{place.replace('.', '-')}"


@dataclass(frozen=True)
class Control:
    """One question as it is drawn. blank: a row that forms.js copies; nothing stands in it."""

    host: Host
    field: Field
    place: str
    blank: bool = False

    @property
    def id(self) -> str:
        """HTML id of the control."""
        return self.host.id_of(self.place)

    @property
    def anchor(self) -> str:
        """HTML id of what surrounds the control; the server sends the reader back here."""
        return self.host.anchor_of(self.place)

    @property
    def template(self) -> str:
        """The outline of the question; one that nobody sees has none, and what is worked out has no control."""
        if self.field.derived:
            return "forms/derived.html"
        return self.widget if self.shape == "hidden" else "forms/field.html"

    @cached_property
    def shape(self) -> str:
        """Name of the template that draws the control."""
        widget = KINDS[self.field.kind].widget
        if self.field.options.get("hidden"):
            return "hidden"
        if widget == "enum":
            return "radios" if len(self.field.choices) <= RADIOS_MOST else "select"
        if widget == "member":
            return "select"
        if widget == "bool":
            return "radios" if self.field.required else "tick"
        return {"consent": "tick"}.get(widget, widget)

    @property
    def widget(self) -> str:
        """Path of that template."""
        return f"forms/field/{self.shape}.html"

    @property
    def grouped(self) -> bool:
        """Several controls under one question, which then is a legend."""
        return self.shape in GROUPED

    @cached_property
    def values(self) -> list[str]:
        """What was typed, or the default of an untouched form; without signs that no page can carry."""
        if self.blank:
            return []
        values = self.host.bound.typed(self.place)
        if not values and not self.host.bound.raw and self.field.options.get("default") is not None:
            values = [str(self.field.options["default"])]
        return [value.encode("utf-8", "replace").decode("utf-8") for value in values]

    @property
    def value(self) -> str:
        """What was typed last under this name."""
        return self.values[-1] if self.values else ""

    @property
    def derivation(self) -> str:
        """How forms.js works it out, as JSON: the way, the answers it looks at, and words for what comes of it."""
        words = {value: str(text) for value, text in self.field.choices.items()}
        how = {"how": self.field.derived, "of": derived.sources(self.field), "words": words}
        return json.dumps(how, ensure_ascii=False)

    @cached_property
    def worked_out(self) -> str:
        """What the answers give so far, in words."""
        if self.blank:
            return ""
        head, _dot, rest = self.place.partition(".")
        rows = self.host.bound.answers.get(head)
        holder: Mapping[str, Any] = self.host.bound.answers
        if rest:
            number = int(rest.partition(".")[0])
            holder = rows[number] if isinstance(rows, list) and number < len(rows) else {}
        value = holder.get(self.field.key)
        return "" if value is None else KINDS[self.field.kind].show(value, self.field)

    @property
    def again(self) -> str:
        """What was typed the second time."""
        return next(iter(self.host.bound.typed(self.field.again)), "")

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong here."""
        return [] if self.blank else self.host.bound.problems_at(self.place)

    @property
    def wrong(self) -> bool:
        """Is something in the way? A warning is not."""
        return any(not problem.warning for problem in self.problems)

    @property
    def help_id(self) -> str:
        """Id of the help, if there is one."""
        return f"{self.id}-help" if self.field.help.zh else ""

    @property
    def described(self) -> str:
        """Ids of help and errors, for aria-describedby."""
        return " ".join(part for part in (self.help_id, f"{self.id}-wrong") if part)

    @property
    def inputmode(self) -> str:
        """Which keyboard a phone shows."""
        return KINDS[self.field.kind].inputmode

    @property
    def autocomplete(self) -> str:
        """What a browser may fill in."""
        return str(self.field.options.get("autocomplete") or AUTOCOMPLETE.get(self.field.kind, ""))

    @property
    def most(self) -> int:
        """How many characters fit, as a count beside long text."""
        standard = PARAGRAPH_MOST if self.field.kind == "longtext" else LINE_MOST
        return int(self.field.options.get("max", standard))

    @property
    def unit(self) -> Words:
        """What an amount is counted in, beside its control."""
        if self.field.kind == "money":
            return _("yuan")
        unit = self.field.options.get("unit", "")
        return str(Text.of(unit)) if unit else ""

    @property
    def date_type(self) -> str:
        """A date chooser, unless what was typed is no date it could keep."""
        return "date" if not self.value or re.fullmatch(r"\d{4}-\d\d-\d\d", self.value) else "text"

    @cached_property
    def options(self) -> list[dict[str, Any]]:
        """The answers to choose from, each with its own id."""
        pairs = self._pairs()
        if self.shape == "select" and self.value and all(value != self.value for value, _words in pairs):
            pairs.append((self.value, self.value))
        return [
            {"value": value, "words": words, "id": f"{self.id}-{NOT_PLAIN.sub('_', value)}", "on": value in self.values}
            for value, words in pairs
        ]

    def _pairs(self) -> list[tuple[str, str]]:
        if self.field.kind == "bool":
            return [("true", _("Yes")), ("false", _("No"))]
        if self.field.kind == "listed":
            return listed.choices(self.field)
        if self.field.kind == "member_ref":
            return member_names(self.host.bound.raw, people_of(self.field))
        return [(value, str(words)) for value, words in self.field.choices.items()]

    @property
    def ticked(self) -> bool:
        """Is the one box ticked?"""
        return self.value.strip().lower() in ("true", "on", "1", "yes", "是")

    @cached_property
    def unions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Unions by county; federations by city."""
        return offices() if self.field.kind == "office" else unions(self.field)

    @cached_property
    def files(self) -> list[dict[str, Any]]:
        """The files that stand here: id, name, and whether there is a small picture of it."""
        known = self.host.names
        before = {str(offer.document.public_id): offer for offer in self.host.again.get(self.place, [])}
        return [_file(self.host, known[one]) | {"offer": before.get(one)} for one in self.values if one in known]

    @cached_property
    def again_offered(self) -> list[dict[str, Any]]:
        """Files handed in before that may be used here and do not stand here yet, each with its id on the page."""
        offers = [] if self.blank else self.host.again.get(self.place, [])
        return [
            _file(self.host, offer.document) | {"offer": offer, "place": f"{self.id}-{offer.document.public_id}"}
            for offer in offers if str(offer.document.public_id) not in self.values
        ]

    @property
    def accept(self) -> str:
        """Which files the chooser offers."""
        return formats.ACCEPT

    @property
    def many(self) -> bool:
        """May several files be chosen?"""
        return int(self.field.options.get("max_files", 9)) > 1

    @property
    def when(self) -> str:
        """The condition as JSON for forms.js."""
        return conditions.as_json(self.field.when)

    @property
    def when_words(self) -> str:
        """The condition in words, for pages without JavaScript."""
        return conditions.in_words(self.host.bound.form, self.field.when, self.place)


def _file(host: Host, document: Document) -> dict[str, Any]:
    address = host.file_url.replace(NO_FILE, str(document.public_id)) if host.file_url else ""
    return {"id": str(document.public_id), "name": document.name, "size": document.size, "url": address,
            "picture": document.content_type in formats.SHOWN}
