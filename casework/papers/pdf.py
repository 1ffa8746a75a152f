"""HTML to PDF: the same HTML gives the same bytes, and nothing but our own folders is read (promise I5)."""
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import escape

CHILD = Path(__file__).with_name("pdf_child.py")
FACES = {400: "NotoSansSC-400.ttf", 700: "NotoSansSC-700.ttf"}
PAGES_MOST = 300
SECONDS = 60
MEMORY_BYTES = 2 * 1024**3  # of address space; what is really used stays far below
HTML_MOST = 4 * 1024 * 1024
# PDF/A-3a: made for archives, with its structure tagged for screen readers.
VARIANT = "pdf/a-3a"
# Ctrl-C at the terminal reaches the child, too; the machine's end, and whoever kills it, send the others.
ENDED_BY_HAND = (-signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP)
EPOCH = "1767225600"  # the only clock the fonts inside see: 1 January 2026


class CannotMake(Exception):
    """A PDF can not be made. code: PANGO (library missing), FONTS (not built), GLYPH (a sign no font has), PAGES or
    SIZE (beyond the limits), SLOW (beyond the time), STOPPED (somebody ended the child), BROKEN (the layout engine
    failed)."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code} {detail}".strip())


def html_to_pdf(html: str, title: str = "", *, pages: int = PAGES_MOST) -> bytes:
    """Lay out a page of HTML with the style of our papers. title: shown by PDF readers when the HTML has none.
    Raises CannotMake."""
    if len(html) > HTML_MOST:
        raise CannotMake("SIZE")
    if title and "<title>" not in html:
        html = f"<title>{escape(title)}</title>{html}"
    fonts = font_folder()
    job = {
        "html": html, "css": font_css(fonts) + (template_folder() / "paper.css").read_text(encoding="utf-8"),
        "folders": [str(fonts), str(template_folder())], "pages": pages, "seconds": SECONDS, "memory": MEMORY_BYTES,
        "identifier": hashlib.sha256(html.encode()).hexdigest()[:32], "options": {"pdf_variant": VARIANT},
    }
    return _run(job)


def template_folder() -> Path:
    """Where the templates of papers and their style lie."""
    return (Path(settings.BASE_DIR) / "templates" / "papers").resolve()


def font_folder() -> Path:
    """Where set-up built the fonts. Raises CannotMake."""
    folder = (Path(settings.VAR_DIR) / "vendor" / "fonts").resolve()
    if not all((folder / name).is_file() for name in FACES.values()):
        raise CannotMake("FONTS", str(folder))
    return folder


def font_css(folder: Path) -> str:
    """The two faces of the papers."""
    return "".join(
        f'@font-face {{ font-family: "Paper"; font-weight: {weight}; src: url("{(folder / name).as_uri()}"); }}\n'
        for weight, name in FACES.items()
    )


def _run(job: dict[str, Any]) -> bytes:
    """Let the child do it; what it leaves behind goes with its folder."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        try:
            done = subprocess.run(  # noqa: S603 - our own file; the job goes through stdin
                [sys.executable, "-I", str(CHILD)], input=json.dumps(job).encode(), capture_output=True, check=False,
                timeout=SECONDS + 20, cwd=folder, close_fds=True, env=_environment(folder),
            )
        except subprocess.TimeoutExpired:
            raise CannotMake("SLOW") from None
    if done.returncode == 0 and done.stdout.startswith(b"%PDF-"):
        return done.stdout
    raise _trouble(done.returncode, done.stderr, time.monotonic() - begun)


def _environment(folder: str) -> dict[str, str]:
    """No secrets, no proxies; where the system's libraries are may come from outside."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH") if name in os.environ}
    cache = str(Path(settings.VAR_DIR) / "cache")
    return {**kept, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": folder, "XDG_CACHE_HOME": cache,
            "SOURCE_DATE_EPOCH": EPOCH}


def _trouble(code: int, words: bytes, seconds: float) -> CannotMake:
    """What the child said last, or how it ended. seconds: how long it lived. The system kills with -9 whoever has used
    up his CPU time, which cannot have happened before."""
    last = words.decode(errors="replace").strip().rpartition("\n")[2]
    try:
        told = json.loads(last)
        return CannotMake(str(told["code"]), str(told["detail"]))
    except (ValueError, KeyError, TypeError):
        if code in ENDED_BY_HAND or (code == -signal.SIGKILL and seconds < SECONDS):
            return CannotMake("STOPPED", signal.Signals(-code).name)
        return CannotMake("SLOW" if code in (-signal.SIGXCPU, -signal.SIGKILL) else "BROKEN", last[:300])
