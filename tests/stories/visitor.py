"""A person with a login and no browser: reads pages over HTTP, fills in the forms that stand in them, and sends them
with the cookies and tokens of a real session."""
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html

Form = html.FormElement


class Visitor:
    """One person. url, page: where he is and what he sees there."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self.url, self.body = base, b""

    @property
    def page(self) -> html.HtmlElement:
        """What he sees, as a tree."""
        return html.fromstring(self.body.decode())

    def go(self, path: str) -> "Visitor":
        """Open an address of the site."""
        return self._open(urllib.request.Request(urljoin(self.base, path)))

    def follow(self, part: str, words: str = "") -> "Visitor":
        """Click the first link of the main part whose address holds this. words: those of the link or its row."""
        near = f"[contains(., '{words}') or ancestor::tr[contains(., '{words}')]]" if words else ""
        found = self.page.xpath(f"//main//a[contains(@href, '{part}')]{near}/@href")
        assert found, f"{self.url} has no link to {part} {words}: {self.words()}"
        return self.go(urljoin(self.url, found[0]))

    def form(self, place: str = "//main//form") -> Form:
        """The first form at this place of the page."""
        found = self.page.xpath(place)
        assert found, f"{self.url} has no {place}: {self.words()}"
        return found[0]

    def send(self, form: Form, answers: Mapping[str, Any] | None = None, **button: str) -> "Visitor":
        """Fill in the form and send it. answers: text, a choice, True for a box, a path or paths of files. button:
        name and value of the one pressed. Fails, with the words of the page, when the site does not take it."""
        fields: list[tuple[str, str | Path]] = [(name, value) for name, value in form.form_values()]
        for name, value in {name.replace("__", "."): value for name, value in (answers or {}).items()}.items():
            given = self._given(form, name, value)
            fields = [(key, old) for key, old in fields if key != name] + [(name, one) for one in given]
        boundary = uuid.uuid4().hex
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Referer": self.url}
        data = _multipart([*fields, *button.items()], boundary)
        return self._open(urllib.request.Request(urljoin(self.url, form.get("action") or self.url), data, headers))

    def _given(self, form: Form, name: str, value: Any) -> list[str | Path]:
        boxes = form.xpath(f".//*[@name='{name}']")
        assert boxes, f"{self.url} asks no {name}: {sorted({box.get('name') for box in form.xpath('.//*[@name]')})}"
        if boxes[-1].get("type") == "file":
            return [Path(one) for one in (value if isinstance(value, list) else [value])]
        if boxes[-1].get("type") in ("checkbox", "radio"):
            wanted = value if isinstance(value, list) else ["true" if value is True else value]
            offered = {box.get("value") for box in boxes}
            assert offered >= set(wanted), f"{self.url} offers {offered} for {name}"
            return list(wanted)
        return [str(value)]

    def _open(self, request: urllib.request.Request) -> "Visitor":
        try:
            with self.opener.open(request, timeout=60) as answer:
                self.url, self.body = answer.url, answer.read()
        except urllib.error.HTTPError as error:
            self.url, self.body = error.url or self.url, error.read()
            raise AssertionError(f"{error.code} {request.get_method()} {request.full_url}: {self.words()}") from None
        return self

    def words(self) -> str:
        """The main part in plain text, problems first."""
        parts = self.page.xpath("//*[@id='problems'] | //main") if self.body.lstrip().startswith(b"<") else []
        return " ".join(" ".join(part.text_content().split()) for part in parts)[:1500]

    def login(self, username: str, password: str) -> "Visitor":
        """Log in like anybody."""
        self.go("/login/")
        self.send(self.form("//form[@action='/login/']"), {"username": username, "password": password})
        assert "/login/" not in self.url, self.words()
        return self


def _multipart(fields: list[tuple[str, str | Path]], boundary: str) -> bytes:
    parts = []
    for name, value in fields:
        head, body = f'form-data; name="{name}"', value.read_bytes() if isinstance(value, Path) else value.encode()
        if isinstance(value, Path):
            head += f'; filename="{value.name}"\r\nContent-Type: application/octet-stream'
        parts.append(f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n".encode() + body + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
