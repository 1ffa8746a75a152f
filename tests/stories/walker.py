"""A person at a browser: logs in as himself, reads, types, clicks. Every page he sees is checked by axe, for its width,
and for errors in the console; with CASEWORK_SHOTS=<folder> each is kept as a picture."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from casework.demo.accounts import PASSWORD

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The elements that reach beyond the right edge, deepest first.
WIDEST = """width => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
  .slice(-3).map(e => e.outerHTML.slice(0, 120))"""
SHOTS = os.environ.get("CASEWORK_SHOTS")


@cache
def _axe() -> Axe:
    return Axe()


class Walker:
    """One person with a browser of his own."""

    def __init__(self, browser: Browser, base: str, name: str, *, phone: bool = False, language: str = "zh-CN") -> None:
        self.name, self.seen = name, 0
        self.context = browser.new_context(
            base_url=base,
            locale=language,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            accept_downloads=True,
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.troubles.append(f"{self.page.url}: {message.text}")

    def login(self, username: str) -> "Walker":
        """Type name and password like anybody."""
        self.page.goto("/login/")
        self.enter(username, PASSWORD)
        return self

    def enter(self, username: str, password: str) -> None:
        """Fill in the login page that stands here."""
        self.page.fill("main [name=username]", username)
        self.page.fill("main [name=password]", password)
        self.page.click("main form button.btn-primary")
        self.page.wait_for_url(re.compile(r"^(?!.*/login/)"))

    def go(self, path: str) -> None:
        """Open an address, and look."""
        self.page.goto(path)
        self.look()

    def look(self, *, both: bool = True) -> None:
        """Check what stands here: nothing for axe to find, nothing wider than the screen, on a phone and on a desk."""
        self.page.wait_for_load_state()
        self.seen += 1
        own = self.page.viewport_size
        for label, size in (("phone", PHONE), ("desk", DESK)) if both else (("own", own),):
            self.page.set_viewport_size(size)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            self._picture(label)
            widest = self.page.evaluate(WIDEST, size["width"])
            assert wide <= 0, f"{self.page.url} is {wide} px too wide at {size['width']} px: {widest}"
        self.page.set_viewport_size(own)
        found = _axe().run(self.page, options=RULES).response["violations"]
        told = [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])}×)" for v in found]
        assert not told, f"{self.page.url}: {told}"
        assert not self.troubles, self.troubles

    def _picture(self, label: str) -> None:
        if SHOTS:
            place = re.sub(r"[^a-z_]+", "-", self.page.url.split("/", 3)[-1].lower()).strip("-")[:50]
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{self.name}-{self.seen:02}-{place}-{label}.png", full_page=True)

    def fill(self, **values: Any) -> None:
        """Answer questions by their names: text typed, choices chosen, boxes ticked (True), files given (a path)."""
        for name, value in values.items():
            self.answer(name.replace("__", "."), value)

    def answer(self, name: str, value: Any, within: str = "") -> None:
        """Answer one question. within: the selector of the form it stands in."""
        box = self.page.locator(f'{within} [data-place="{name}"] [type=file]')
        if not box.count():  # beside a file stand ticks for what was handed in before, under the same name
            box = self.page.locator(f'{within} [name="{name}"]:not([type=hidden])')
        kind = box.first.evaluate("e => e.type")
        if kind == "radio":
            self.page.locator(f'{within} [name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            wanted = value if isinstance(value, list) else ["true"] if value else []
            for one in wanted:
                self.page.locator(f'{within} [name="{name}"][value="{one}"]').check()
        elif kind == "select-one":
            box.first.select_option(value)
        elif kind == "file":
            self._give(box.first, value if isinstance(value, list) else [value])
        else:
            box.first.fill(str(value))

    def _give(self, box: Any, files: list[str]) -> None:
        before = box.evaluate("e => e.closest('[data-place]').querySelectorAll('li [type=hidden]').length")
        box.set_input_files(files)
        count = before + len(files)
        kept = "e.closest('[data-place]').querySelectorAll('li [type=hidden]').length"
        script = f"([e, n]) => e.files.length === n || {kept} >= n"
        box.page.wait_for_function(script, arg=[box.element_handle(), count])

    def click(self, words: str) -> None:
        """Press the button or link with these words."""
        self.page.locator("button:visible, a:visible, summary:visible").filter(has_text=words).first.click()

    def says(self, words: str) -> bool:
        """Does the page say this?"""
        return words in self.page.inner_text("main")

    def close(self) -> None:
        """Leave."""
        assert not self.troubles, self.troubles
        self.context.close()
