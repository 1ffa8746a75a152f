"""A flat look at HTML for tests: every element with its attributes, and the text in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "img", "link", "meta", "br", "hr"}


@dataclass
class Element:
    """One element; text includes that of its children."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list["Element"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        """An attribute, or None."""
        return self.attributes.get(name)


class Markup(HTMLParser):
    """All elements of a text, in order. What stands in <template> is left out, as a browser does. A newline right
    after <textarea> is dropped, as a browser does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.unclosed = ""
        self.feed(html)
        self.close()
        assert not self._open, f"unclosed: {self._open[-1].tag}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        made = Element(tag, {name: value or "" for name, value in attrs}, inside=list(self._open))
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag} {names}>"
        if not any(above.tag == "template" for above in self._open):
            self.elements.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        """Close it; wrong nesting is an error."""
        if tag not in VOID:
            assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text belongs to every element around it."""
        if self._open and self._open[-1].tag == "textarea" and not self._open[-1].text:
            data = data.removeprefix("\n")
        for element in self._open:
            element.text += data

    def all(self, tag: str = "", **wanted: str) -> list[Element]:
        """Elements by tag and attributes (data_x means data-x)."""
        pairs = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [
            one
            for one in self.elements
            if (not tag or one.tag == tag) and all(one.get(n) == v for n, v in pairs.items())
        ]

    def one(self, tag: str = "", **wanted: str) -> Element:
        """The only element that fits."""
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} of {tag} {wanted}"
        return found[0]

    def posted(self) -> dict[str, list[str]]:
        """What a browser without JavaScript would post if the form were sent as it stands."""
        made: dict[str, list[str]] = {}
        for element in self.elements:
            name, kind = element.get("name"), element.get("type")
            if (
                not name
                or element.tag == "button"
                or kind == "file"
                or (kind in ("radio", "checkbox") and "checked" not in element.attributes)
            ):
                continue
            if element.tag == "select":
                chosen = [o["value"] for o in self.all("option") if element in o.inside and "selected" in o.attributes]
                made.setdefault(name, []).extend(chosen[-1:] or [""])
            elif element.tag == "textarea":
                made.setdefault(name, []).append(element.text)
            elif element.tag == "input":
                made.setdefault(name, []).append(element.get("value") if element.get("value") is not None else "on")
        return made
