"""The form in a real browser: conditions, rows, files and drafts, with a phone's width, and without JavaScript."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from casework.forms.bind import bind
from tests.documents.samples import jpeg
from tests.forms import host

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.forms.host"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def site() -> host.Site:
    """A site that has seen nothing."""
    host.SITE.__init__()  # type: ignore[misc]
    return host.SITE


@pytest.fixture
def form(page: "Page") -> "Page":
    """The form, open on a desk."""
    page.goto("/t/")
    return page


@pytest.fixture
def plain(chromium: "Browser", live_server: Any) -> "Iterator[Page]":
    """The form in a browser without JavaScript."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    opened = context.new_page()
    opened.goto("/t/")
    yield opened
    context.close()


def saved(page: "Page") -> None:
    """Wait until the page says that it is saved."""
    expect(page.locator("[data-save-line]")).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"))


def test_no_error_in_the_page_and_nothing_the_policy_stops(page: "Page") -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/t/")
    page.get_by_label("题目name").first.fill("张三")
    saved(page)
    assert said == []


def test_questions_appear_when_they_are_asked(form: "Page") -> None:
    since = form.locator("#r-since")
    assert since.is_hidden() and form.locator("#r-proof").is_hidden()
    form.get_by_label("选项1").check()
    assert since.is_visible()
    form.get_by_label("选项2").check()
    assert since.is_hidden()
    form.locator("#f-amount").fill("１,０００")
    assert form.locator("#r-proof").is_visible()
    form.locator("#f-amount").fill("999.99")
    assert form.locator("#r-proof").is_hidden()
    assert form.locator(".when-note").first.is_hidden()


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("asked", "typed", "shown"),
    [
        ("heads", "３", True), ("heads", "１２", True), ("heads", "２", False), ("heads", "3.0", False),
        ("heads", "3" * 13, False), ("term", str(host.TODAY.year).translate(FULL_WIDTH), True),
        ("amount", "1000。00", True), ("amount", "￥ 1,000 元", True), ("amount", "10,00", False),
        ("amount", "10 00", False), ("amount", "9" * 14, False),
    ],
)
def test_numbers_are_read_in_the_page_as_on_the_server(form: "Page", asked: str, typed: str, shown: bool) -> None:
    more = {"amount": "proof"}.get(asked, f"{asked}_more")
    answers = bind(host.FORM, {asked: typed, more: "x"}, host.TODAY).answers
    assert (more in answers) == shown
    form.locator(f"#f-{asked}").fill(typed)
    assert form.locator(f"#r-{more}").is_visible() == shown


@pytest.mark.parametrize("born", ["19900230", "19901301", "19900001", "00000101", "20230229"])
def test_a_birth_date_that_no_calendar_has_gives_no_age(form: "Page", born: str) -> None:
    number = f"611002{born}0107"
    answers = bind(host.FORM, {"id_no": number, "permit": "x"}, host.TODAY).answers
    assert "age" not in answers and "permit" not in answers
    form.locator("#f-id_no").fill("611002198001010107")
    expect(form.locator("#r-permit")).to_be_visible()
    form.locator("#f-id_no").fill(number)
    expect(form.locator("#r-age output")).to_have_text("")
    expect(form.locator("#r-permit")).to_be_hidden()


@pytest.mark.parametrize(
    "typed", ["611002198001010107", " 6110 0219 8001\u30000101 07 ", "６１１００２１９８００１０１０１０７"]
)
def test_what_an_id_number_gives_is_worked_out_with_spaces_and_full_width_digits(form: "Page", typed: str) -> None:
    """The server forgives them, so the question it then needs an answer to must be asked."""
    form.locator("#f-id_no").fill(typed)
    expect(form.locator("#r-age output")).to_have_text(re.compile(r"^\d\d$"))
    assert form.locator("#r-permit").is_visible()
    form.locator("#f-id_no").fill("6110 0219 80")
    assert form.locator("#r-permit").is_hidden()
    form.locator("#f-id_no").fill(typed)
    form.locator("#f-permit").fill("同意")
    saved(form)
    form.reload()
    assert form.locator("#r-permit").is_visible() and form.locator("#f-permit").input_value() == "同意"


def test_rows_come_and_go_without_a_new_page(form: "Page", site: host.Site) -> None:
    section = form.locator("#r-spending")
    add = section.locator("[data-add]")
    for _n in range(3):
        add.click()
    assert add.is_hidden() and section.locator("[data-row]").count() == 3
    assert form.evaluate("document.activeElement.id") == "f-spending-2-what"
    for n, text in enumerate(("药", "学费", "护理")):
        form.locator(f"#f-spending-{n}-what").fill(text)
    form.locator("#f-spending-2-ill").check()
    form.locator("#f-spending-2-place").fill("县医院")
    section.locator("[data-remove]").nth(1).click()
    assert form.locator("#f-spending-1-what").input_value() == "护理"
    assert form.locator("#f-spending-1-place").input_value() == "县医院" and add.is_visible()
    assert form.locator("label[for=f-spending-1-what]").count() == 1
    assert "行 2" in (section.locator("[data-row] legend").nth(1).inner_text())
    assert section.locator("[data-remove]").nth(1).get_attribute("value") == "remove:spending.1"
    form.locator("#f-spending-1-ill").uncheck()
    assert form.locator("#r-spending-1-place").is_hidden()
    saved(form)
    kept = {name: values for name, values in site.raw.items() if name.startswith("spending")}
    assert kept == {
        "spending.0.what": ["药"],
        "spending.0.place": [""],
        "spending.1.what": ["护理"],
        "spending.1.place": ["县医院"],
    }
    assert site.posts == []


def test_rows_others_point_at_are_changed_by_the_server(form: "Page", site: host.Site) -> None:
    add = form.locator("#r-members [data-add]")
    add.click()
    form.locator("#f-members-0-name").fill("李四")
    add.click()
    form.locator("#f-members-1-name").fill("王五")
    add.click()
    form.locator("#f-whose").select_option("1")
    form.locator("#r-members [data-remove]").first.click()
    expect(form.locator("#f-members-0-name")).to_have_value("王五")
    assert form.locator("#f-whose").input_value() == "0"
    assert [post["go"] for post in site.posts] == [["add:members"]] * 3 + [["remove:members.0"]]


def test_a_draft_saves_itself_and_says_when(form: "Page", site: host.Site) -> None:
    form.locator("#f-name").fill("𠮷田㐂·买买提")
    form.locator("#f-story").fill("第一行\n第二行")
    saved(form)
    assert form.locator("[data-save-line]").get_attribute("aria-live") == "polite"
    assert site.raw["name"] == ["𠮷田㐂·买买提"] and site.raw["story"] == ["第一行\r\n第二行"]
    form.locator("#f-amount").fill("12")
    expect(form.locator("[name=seen_revision]")).to_have_value("2")
    form.reload()
    assert form.locator("#f-story").input_value() == "第一行\n第二行"
    assert form.locator("#f-amount").input_value() == "12"


@pytest.mark.promise("S3")
def test_saved_in_another_window_meanwhile(form: "Page", site: host.Site) -> None:
    """Nothing is overwritten: the page stops saving, says why, and leads to both texts with everything typed here."""
    site.raw, site.revision = {"name": ["别处"]}, 7
    form.locator("#f-name").fill("这里")
    button = form.get_by_role("button", name="对比两份内容")
    button.wait_for()
    assert site.raw == {"name": ["别处"]}
    form.locator("#f-story").fill("还在打字")
    form.wait_for_timeout(1500)
    assert site.saves == 1
    button.click()
    form.wait_for_load_state()
    assert site.posts[-1]["name"] == ["这里"] and site.posts[-1]["story"] == ["还在打字"]
    assert site.posts[-1]["go"] == ["stay"] and site.posts[-1]["seen_revision"] == ["0"]


@pytest.mark.promise("S3")
def test_the_connection_breaks_and_comes_back(form: "Page", site: host.Site) -> None:
    form.context.set_offline(True)
    form.locator("#f-name").fill("张三")
    form.get_by_text("网络已断开").wait_for()
    form.context.set_offline(False)
    saved(form)
    assert site.raw["name"] == ["张三"] and form.locator("#f-name").input_value() == "张三"


@pytest.mark.promise("S3")
@pytest.mark.parametrize(("status", "words"), [(302, "您已退出登录"), (500, "尚未保存"), (413, "填写的内容过多")])
def test_a_save_that_fails_keeps_the_text_and_warns_before_leaving(
    form: "Page", site: host.Site, status: int, words: str
) -> None:
    site.status = status
    form.locator("#f-name").fill("张三")
    form.get_by_text(words).wait_for()
    asked: list[str] = []
    form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    form.get_by_role("link", name="Elsewhere").click()
    form.wait_for_timeout(300)
    assert asked == ["beforeunload"] and form.locator("#f-name").input_value() == "张三"


def test_leaving_with_everything_saved_asks_nothing(form: "Page") -> None:
    asked: list[str] = []
    form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form.locator("#f-name").fill("张三")
    saved(form)
    form.get_by_role("link", name="Elsewhere").click()
    form.wait_for_url("**/t/other/")
    assert asked == []


def test_sending_waits_for_the_save_on_its_way(form: "Page", site: host.Site) -> None:
    """Otherwise the page sent would look older than its own draft."""
    site.slow = 0.8
    form.locator("#f-name").fill("张三")
    form.get_by_text("正在保存").wait_for()
    form.get_by_role("button", name="Send").click()
    form.get_by_text("此项必填。").first.wait_for()
    assert [post["seen_revision"] for post in site.posts] == [["1"]] and site.posts[0]["go"] == ["next"]


def test_a_field_is_judged_when_it_is_left(form: "Page") -> None:
    name = form.locator("#f-name")
    name.fill("张3")
    name.blur()
    wrong = form.locator("#f-name-wrong")
    wrong.get_by_text("姓名中不能有数字或特殊符号。").wait_for()
    assert name.get_attribute("aria-invalid") == "true" and "f-name-wrong" in (
        name.get_attribute("aria-describedby") or ""
    )
    assert form.locator("#f-amount-wrong").inner_text() == ""
    name.fill("张三")
    name.blur()
    expect(wrong).to_be_empty()
    assert name.get_attribute("aria-invalid") is None


def test_letters_are_counted_as_the_server_counts(form: "Page") -> None:
    story = form.locator("#f-story")
    story.fill("𠮷" * 20)
    line = form.locator("#r-story [data-count-line]")
    assert line.inner_text() == "已填 20 字，最多 20 字" and "is-over" not in (line.get_attribute("class") or "")
    story.fill("𠮷" * 21)
    assert "is-over" in (line.get_attribute("class") or "")


def test_files_are_sent_one_by_one_and_taken_out(form: "Page", site: host.Site) -> None:
    chooser = form.locator("#f-papers")
    picture = {"name": "身份证<b>.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    chooser.set_input_files([picture, {"name": "virus.pdf", "mimeType": "application/pdf", "buffer": b"x"}])
    form.get_by_text("virus.pdf：病毒扫描拦截了这个文件。").wait_for()
    lines = form.locator("#r-papers [data-file]")
    assert lines.count() == 1 and "身份证<b>.jpg" in lines.inner_text()
    thumb = lines.locator("img.thumb")
    thumb.wait_for()
    assert thumb.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    saved(form)
    assert len(site.raw["papers"]) == 1
    chooser.set_input_files([{**picture, "name": f"{n}.jpg"} for n in range(4)])
    form.get_by_text("最多上传 3 个文件。").wait_for()
    expect(lines).to_have_count(3)
    form.get_by_role("button", name="删除 0.jpg").click()
    expect(lines).to_have_count(2)
    assert form.evaluate("document.activeElement.id") == "f-papers"
    form.wait_for_timeout(1400)
    saved(form)
    assert len(site.raw["papers"]) == 2 and site.posts == []


def test_sending_waits_for_files_on_their_way(form: "Page", site: host.Site) -> None:
    site.slow = 0.7
    form.locator("#f-papers").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}])
    form.get_by_role("button", name="Send").click()
    form.get_by_text("此项必填。").first.wait_for()
    assert len(site.posts) == 1 and len(site.posts[0]["papers"]) == 1


def test_enter_sends_and_removes_nothing(form: "Page", site: host.Site) -> None:
    form.locator("#r-spending [data-add]").click()
    form.locator("#f-spending-0-what").fill("药")
    with form.expect_navigation():
        form.locator("#f-spending-0-what").press("Enter")
    assert "go" not in site.posts[-1] and site.posts[-1]["spending.0.what"] == ["药"]


# Without JavaScript


def test_everything_works_without_javascript(plain: "Page", site: host.Site) -> None:
    assert plain.locator("#r-since").is_visible()
    assert plain.get_by_text("仅在“题目work”为：选项1时填写。").is_visible()
    plain.locator("#f-name").fill("张三")
    plain.locator("#r-spending [data-add]").click()
    plain.locator("#f-spending-0-what").fill("药")
    plain.locator("#r-spending [data-add]").click()
    plain.locator("#f-spending-1-what").fill("学费")
    plain.locator("#r-spending [data-remove]").first.click()
    assert plain.locator("#f-spending-0-what").input_value() == "学费"
    assert plain.locator("#f-name").input_value() == "张三"
    assert plain.locator("#f-papers").get_attribute("name") == "papers"
    plain.get_by_role("button", name="Send").click()
    assert "此项必填。" in plain.locator("#f-work-wrong").inner_text()
    assert plain.locator("#f-since-wrong").inner_text() == "", "what is not asked is not needed"


# On a phone, and for everybody


@pytest.fixture
def filled(phone_page: "Page", site: host.Site) -> "Page":
    """The form with rows and errors, 360 points wide."""
    site.raw = {
        "spending.0.what": ["药" * 50],
        "members.0.name": ["李四"],
        "members.1.name": ["x" * 200],
        "work": ["c1"],
    }
    phone_page.set_viewport_size({"width": 360, "height": 740})
    phone_page.goto("/t/")
    phone_page.get_by_role("button", name="Send").click()
    phone_page.get_by_text("此项必填。").first.wait_for()
    return phone_page


def test_nothing_is_wider_than_a_phone(filled: "Page") -> None:
    assert filled.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_touched_is_large_enough(filled: "Page") -> None:
    """44 points, as a choice counts its whole line."""
    small = filled.evaluate("""() => Array.from(document.querySelectorAll(
        '.form-body input:not([type=hidden]):not([type=radio]):not([type=checkbox]), '
        + '.form-body select, .form-body textarea, .form-body button:not(.form-default), .form-body .choice'))
      .filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.5)
      .map(one => one.outerHTML.slice(0, 80))""")
    assert small == []


def test_focus_can_be_seen(filled: "Page") -> None:
    filled.locator("#f-name").focus()
    assert filled.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    filled.get_by_label("选项1").focus()
    filled.keyboard.press("ArrowDown")
    assert filled.evaluate("getComputedStyle(document.activeElement.closest('.choice')).outlineWidth") == "3px"


@pytest.mark.parametrize("width", [360, 1280])
def test_no_barrier_that_axe_finds(filled: "Page", width: int) -> None:
    filled.set_viewport_size({"width": width, "height": 800})
    found = Axe().run(filled, context=".form-body", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert found.violations_count == 0, re.sub(r"\s+", " ", found.generate_report())[:1500]


def test_the_site_runs_under_its_own_policy() -> None:
    """The browser tests above mean something only under the policy that is served."""
    assert "'unsafe-inline'" not in str(settings.CONTENT_SECURITY_POLICY)
