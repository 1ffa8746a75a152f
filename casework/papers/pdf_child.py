"""The child process that lays out one paper, under limits of memory, time, size and pages.

    python -I pdf_child.py < job.json > paper.pdf        on trouble: exit code 1 and {"code", "detail"} on stderr

It imports nothing of ours and no more than WeasyPrint, so that a flaw in the layout meets an almost empty process: no
database, no keys, no settings. It reads files of the folders named in the job and nothing else: no network, no
redirects, no data: addresses.
"""
import ctypes.util
import json
import logging
import resource
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

SUFFIXES = {".ttf": "font/ttf", ".css": "text/css", ".png": "image/png"}
DETAIL_MOST = 300


class Trouble(Exception):
    """The paper can not be made. code, and what there is to say."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail
        super().__init__(code)


def limit(job: dict[str, Any]) -> None:
    """Bound what this process may use, before the layout engine is loaded."""
    memory, seconds = int(job["memory"]), int(job["seconds"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allowed(url: str, folders: list[Path]) -> Path:
    """The file of a file: address that really lies in one of the folders. Raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or parts.query or parts.fragment:
        raise ValueError("only files of our own folders are read")
    path = Path(unquote(parts.path)).resolve()
    if path.suffix not in SUFFIXES or not any(path.is_relative_to(folder) for folder in folders):
        raise ValueError("only files of our own folders are read")
    return path


def fetcher_of(folders: list[Path]) -> Any:
    """WeasyPrint's only way to the outside: files of the folders. It has no handler for anything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFolders(URLFetcher):
        """Reads allowed files itself; never opens an address."""

        def __init__(self) -> None:
            super().__init__(timeout=1, allowed_protocols=("file",), allow_redirects=False)
            self.handlers: list[Any] = []
            self.handle_open: dict[str, Any] = {}

        def fetch(self, url: str, headers: Any = None) -> Any:
            """The file behind the address. Raises ValueError; WeasyPrint then goes on without it."""
            path = allowed(url, folders)
            return URLFetcherResponse(path.as_uri(), path.read_bytes(), {"Content-Type": SUFFIXES[path.suffix]})

        def open(self, url: Any, data: Any = None, timeout: Any = None) -> NoReturn:
            """Closed: everything goes through fetch()."""
            raise ValueError("only files of our own folders are read")

    return OurFolders()


class _Missing(logging.Handler):
    """Collects the signs that no font has."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the warnings about missing glyphs."""
        words = record.getMessage()
        if ".notdef" in words:
            self.found.append(words)


def name_libraries_in_full() -> None:
    """Linux opens Pango by its full name. Searched for by a short one first, a compiler and ldconfig would be started
    a dozen times: a fifth of the time of a letter, and programs that have no business here."""
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None


def lay_out(job: dict[str, Any]) -> bytes:
    """The PDF of the job's HTML. Raises Trouble."""
    name_libraries_in_full()
    try:
        from weasyprint import CSS, HTML
        from weasyprint.css.counters import CounterStyle
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        raise Trouble("PANGO", str(error)) from error
    fonts, fetcher, missing = FontConfiguration(), fetcher_of([Path(name) for name in job["folders"]]), _Missing()
    logger = logging.getLogger("weasyprint")
    logger.handlers, logger.propagate = [missing], False
    shared = {"font_config": fonts, "counter_style": CounterStyle()}
    style = CSS(string=job["css"], url_fetcher=fetcher, **shared)
    document = HTML(string=job["html"], url_fetcher=fetcher).render(stylesheets=[style], **shared, **job["options"])
    if len(document.pages) > int(job["pages"]):
        raise Trouble("PAGES", str(len(document.pages)))
    data: bytes = document.write_pdf(pdf_identifier=job["identifier"].encode(), **job["options"])
    if missing.found:
        raise Trouble("GLYPH", missing.found[0])
    return data


def complain(code: str, detail: str) -> int:
    """Say what is wrong; the exit code."""
    sys.stderr.write(json.dumps({"code": code, "detail": detail[:DETAIL_MOST]}) + "\n")
    return 1


def main() -> int:
    """Read the job, write the PDF."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # in the background a shell has its programs ignore some of them
    job = json.load(sys.stdin)
    limit(job)
    try:
        sys.stdout.buffer.write(lay_out(job))
    except MemoryError:
        return complain("SIZE", "out of memory")
    except Trouble as trouble:
        return complain(trouble.code, trouble.detail)
    return 0


if __name__ == "__main__":
    sys.exit(main())
