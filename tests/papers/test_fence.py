"""Promise I5: laying a paper out reads nothing but our own folders, whatever stands in its fields."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from casework.papers import pdf
from casework.papers.kinds import KINDS
from casework.papers.pdf import CannotMake, font_folder, html_to_pdf, template_folder
from casework.papers.pdf_child import allowed
from casework.papers.render import render
from tests.papers.samples import data_of, paper
from tests.papers.test_render import text_of

pytestmark = [pytest.mark.promise("I5")]
SECRET = "geheim-4711"


class Listener:
    """A server on this machine that notes who knocks and redirects to itself."""

    def __init__(self) -> None:
        self.knocks: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            with closing(visitor):
                visitor.settimeout(1)
                self.knocks.append(visitor.recv(200))
                visitor.sendall(b"HTTP/1.1 302 Found\r\nLocation: " + self.url.encode() + b"/again\r\n\r\n")

    def close(self) -> None:
        """Stop serving."""
        self.socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener that stops with the test."""
    found = Listener()
    yield found
    found.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Files that a paper must never show."""
    (tmp_path / "secret.css").write_text(f'body::before {{ content: "{SECRET}" }}')
    (tmp_path / "secret.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="20"><text y="15">{SECRET}</text></svg>'
    )
    (tmp_path / "secret.html").write_text(f"<p>{SECRET}</p>")
    return tmp_path


def hostile(listener: Listener, secret: Path) -> list[str]:
    """Ways to make a layout engine read something."""
    css, svg, page = ((secret / f"secret.{kind}").as_uri() for kind in ("css", "svg", "html"))
    ways = []
    for url in (f"{listener.url}/a", listener.url.replace("http", "ftp"), "file:///etc/passwd", css, svg, page):
        ways += [
            f'<img src="{url}">',
            f'<link rel="stylesheet" href="{url}">',
            f'<link rel="attachment" href="{url}">',
            f"<style>@import url('{url}');</style>",
            f"<style>@import '{url}' layer(x);</style>",
            f"<style>@font-face {{ font-family: Paper; src: url('{url}') }}</style>",
            f"<style>@color-profile --p {{ src: url('{url}') }}</style>",
            f'<p style="background: url({url}); list-style-image: url({url}); content: url({url})">x</p>',
            f"<style>p::before {{ content: url({url}) }} @page {{ background: url({url}) }}</style>",
            f'<object data="{url}"></object><embed src="{url}"><iframe src="{url}"></iframe>',
            f'<svg width="9" height="9"><image href="{url}" width="9" height="9"/><use href="{url}#a"/></svg>',
            f'<svg><style>@import url("{url}");</style><rect fill="url({url}#a)" width="9" height="9"/></svg>',
            f'<base href="{url}"><img src="b">',
            f'<meta http-equiv="refresh" content="0; url={url}">',
        ]
    picture = "data:image/svg+xml," + f"<svg xmlns='http://www.w3.org/2000/svg'><text>{SECRET}</text></svg>"
    return [*ways, f'<img src="{picture}">', f"<?xml-stylesheet href='{css}'?>", f'<!DOCTYPE x SYSTEM "{page}">']


def filled(value: Any, words: str) -> Any:
    """Every text of the data replaced, but the days, which are written by us alone."""
    if isinstance(value, dict):
        return {key: filled(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, words) for item in value]
    return words if isinstance(value, str) and value and not _is_day(value) else value


def _is_day(value: str) -> bool:
    return len(value) == 10 and value[4] == value[7] == "-"


@pytest.mark.pango
def test_hostile_html_itself_reads_nothing(listener: Listener, secret: Path, tmp_path: Path) -> None:
    """Even if something reached the page unescaped: all at once, where one way may stop the layout; then all that do
    not, together; then those that do, alone."""
    ways = hostile(listener, secret)
    stopping = [way for way in ways if "@color-profile" in way or "xml-stylesheet" in way or "DOCTYPE" in way]
    pages = ["".join(ways), "".join(way for way in ways if way not in stopping), *stopping]
    told = [_told(f"<body><p>文书</p>{page}") for page in pages]
    assert "文书" in told[1]
    for words in told:
        assert SECRET not in words
        assert "root:" not in words
    assert listener.knocks == []


def _told(html: str) -> str:
    """The words of the PDF, "" when the layout stopped."""
    try:
        return text_of(html_to_pdf(html))
    except CannotMake:
        return ""


@pytest.mark.pango
def test_no_other_program_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Seen red without name_libraries_in_full: Python asks the compiler where a library is."""
    environment, compiler = pdf._environment, tmp_path / "gcc"
    compiler.write_text(f"#!/bin/sh\n: > {tmp_path}/started\n")
    compiler.chmod(0o755)
    monkeypatch.setattr(pdf, "_environment", lambda folder: environment(folder) | {"PATH": str(tmp_path)})
    assert "文书" in text_of(html_to_pdf("<p>文书</p>"))
    assert not (tmp_path / "started").exists()


@pytest.mark.pango
def test_the_listener_would_notice(listener: Listener) -> None:
    """The test above can fail."""
    with closing(socket.create_connection(listener.socket.getsockname())) as knock:
        knock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        knock.recv(100)
    assert listener.knocks == [b"GET / HTTP/1.1\r\n\r\n"]


@pytest.mark.pango
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_hostile_words_in_every_field_stay_words(kind: str, listener: Listener, secret: Path, tmp_path: Path) -> None:
    words = "".join(hostile(listener, secret)[::9])
    letter = paper(kind)
    letter.data = filled(data_of(kind), words[:600])
    letter.number = f"号{words[:40]}"
    told = text_of(render(letter))
    assert f'<imgsrc="{listener.url}/a">' in told, "it is printed as it was written"
    assert SECRET not in told
    assert "root:" not in told
    assert listener.knocks == []


def test_only_files_of_our_folders_are_read(tmp_path: Path) -> None:
    fonts, papers = font_folder_or(tmp_path), template_folder()
    folders = [fonts, papers]
    assert allowed((papers / "paper.css").as_uri(), folders) == papers / "paper.css"
    (tmp_path / "way.css").symlink_to("/etc/passwd")
    foreign = [
        "http://127.0.0.1/paper.css", "ftp://127.0.0.1/a.ttf", "data:text/css,x", "file:///etc/passwd", "paper.css",
        (papers.parent / "base.html").as_uri(), f"{papers.as_uri()}/../../casework/settings.py",
        f"{papers.as_uri()}/%2e%2e/%2e%2e/pyproject.toml", (papers / "base.html").as_uri(),
        f"file://elsewhere{papers}/paper.css", f"{(papers / 'paper.css').as_uri()}?x", f"{papers.as_uri()}x/paper.css",
        (tmp_path / "way.css").as_uri(), "file://///127.0.0.1/share/a.css",
    ]  # fmt: skip
    for url in foreign:
        with pytest.raises(ValueError, match="only files of our own folders"):
            allowed(url, [*folders, tmp_path])


def font_folder_or(other: Path) -> Path:
    """The folder of the fonts; they need not be built for this test."""
    try:
        return font_folder()
    except CannotMake:
        return other
