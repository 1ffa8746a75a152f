"""Every kind becomes a PDF that says what it must say."""

import io
import re
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from django.test import override_settings

from casework.papers.kinds import KINDS
from casework.papers.pdf import CannotMake, html_to_pdf
from casework.papers.render import html_of, render
from tests.papers.samples import CODE, NUMBER, SAMPLES, paper

WORDS = {
    "acceptance_notice": ["受理通知书", "生活救助", "2026年12月14日", "15 个工作日", "收入证明", "王秀英", "K7M2QX"],
    "one_time_notice": ["一次性告知书", "已过期", "不清晰", "2026年12月14日", "首问负责人", "签收人", "再次告知的理由",
                        "样例：写明姓名、月份"],
    "not_accepted_notice": ["不予受理通知书", "不属于工会受理范围", "NOT_OUR_MATTER", "社会保险经办中心", "15 日内"],
    "denial_notice": ["不予批准通知书", "INCOME_ABOVE_LINE", "2,000.00 元", "商洛市总工会", "复核以一次为限"],
    "calculation_sheet": ["核算书", "互助保障住院理赔", "1,660.00 元", "壹仟陆佰陆拾元整", "核算人", "不是最终决定"],
    "approval_notice": ["批准通知书", "5,000.00 元", "伍仟元整", "****0016", "深度困难", "2026 年"],
    "approval_form": ["困难职工建档申请审批表", "DF611002-2026-000031", "张*兰", "工会委员会评议", "申请人签名"],
    "public_notice": ["关于生活救助拟定名单的公示", "李*国", "5,000.00", "2026年11月30日", "异议", "5 个工作日"],
    "visit_form": ["困难职工建档入户调查表", "张*兰", "本人及配偶", "韩冬生", "罗春燕", "2 张", "签名照片 1 张",
                   "被访人"],
    "referral": ["转送函", "商洛市总工会：", "登记日期", "用人单位为市属企业"],
    "handling_opinion": ["处理意见书", "欠发工资 12,600 元已由单位补发", "30 日内", "复查"],
    "review_opinion": ["复查意见书", "维持原意见", "复核", "陕西省总工会"],
    "recheck_opinion": ["复核意见书", "终结意见"],
    "re_examination_decision": ["复核决定书", "决定维持原决定", "最终决定"],
    "aid_grant": ["同意法律援助决定书", "决定给予法律援助"],
    "appointment": ["指派函", "杜维权律师：", "不得向受援人收取任何费用"],
    "closing_report": ["结案报告", "裁决支付工资 12,600 元"],
    "payment_roster": ["资金发放花名册", "合计 2 人", "壹万零壹佰贰拾叁元肆角伍分", "复核：许宁"],
}


def text_of(data: bytes) -> str:
    """The words of a PDF, without spaces and line ends that the layout put in."""
    with pdfium.PdfDocument(data) as pdf:
        words = "".join(page.get_textpage().get_text_range() for page in pdf)
    return re.sub(r"\s+", "", words)


def pages_of(data: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [(float(page.mediabox[2]), float(page.mediabox[3])) for page in pdf.pages]


def test_every_kind_has_an_example() -> None:
    assert set(SAMPLES) == set(KINDS) == set(WORDS)


@pytest.mark.pango
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_pdf_says_what_it_must(kind: str, tmp_path: Path) -> None:
    data = render(paper(kind))
    words = text_of(data)
    issuer = SAMPLES[kind]["unit" if kind == "approval_form" else "office"]
    for wanted in [*WORDS[kind], NUMBER, CODE, issuer if isinstance(issuer, str) else issuer["name"]]:
        assert re.sub(r"\s+", "", wanted) in words
    assert data == render(paper(kind)), "the same row gives the same bytes"
    pages = pages_of(data)
    assert len(pages) == 1 or kind == "approval_form", "an ordinary paper fits one page"
    width, height = pages[0]
    assert round(min(width, height)) == 595
    assert round(max(width, height)) == 842
    assert (width > height) == (kind == "payment_roster")


@pytest.mark.pango
def test_a_long_roster_repeats_its_head_and_numbers_its_pages(tmp_path: Path) -> None:
    row = SAMPLES["payment_roster"]["rows"][0]
    data = render(paper("payment_roster", rows=[row | {"no": number} for number in range(1, 121)]))
    pages = len(pages_of(data))
    words = text_of(data)
    assert pages >= 4
    assert words.count("收款账号") == pages
    assert f"第{pages}页，共{pages}页" in words


@pytest.mark.pango
def test_it_is_tagged_for_archives_and_screen_readers() -> None:
    with pikepdf.open(io.BytesIO(render(paper("denial_notice")))) as pdf:
        assert pdf.Root.Lang == "zh-CN"
        assert pdf.Root.MarkInfo.Marked
        assert b'pdfaid:part="3"' in pdf.Root.Metadata.read_bytes()
        assert str(pdf.docinfo["/Title"]) == f"不予批准通知书 {NUMBER}"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_paper_shows_no_whole_number_and_escapes_what_people_wrote(kind: str) -> None:
    html = html_of(paper(kind, unit="<b>工会</b>", text="<script>x</script>"))
    assert "<b>工会" not in html
    assert "<script" not in html
    assert not re.search(r"\b\d{17}[\dXx]\b", html)


@pytest.mark.parametrize("kind", sorted(KINDS))
@override_settings(SITE_HOST="https://casework.example")
def test_the_qr_sign_leads_to_the_check_page(kind: str) -> None:
    html = html_of(paper(kind))
    assert "https://casework.example/check/" in html
    assert "<svg" in html


def test_silence_is_told_as_silence() -> None:
    assert "视为受理" in html_of(paper("acceptance_notice", silence=True))
    assert "视为受理" not in html_of(paper("acceptance_notice"))


@pytest.mark.pango
def test_a_sign_that_no_font_has_is_found() -> None:
    with pytest.raises(CannotMake) as trouble:
        render(paper("public_notice", text="\U0002b387家"))
    assert trouble.value.code == "GLYPH"


@pytest.mark.pango
def test_a_paper_without_end_is_stopped() -> None:
    with pytest.raises(CannotMake) as trouble:
        html_to_pdf("<p>行</p>" * 400, pages=2)
    assert trouble.value.code == "PAGES"
    with pytest.raises(CannotMake) as trouble:
        html_to_pdf("长" * 5_000_000)
    assert trouble.value.code == "SIZE"


@pytest.mark.pango
def test_a_layout_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.papers.pdf.SECONDS", 1)
    with pytest.raises(CannotMake) as trouble:
        html_to_pdf("<table>" + "<tr><td>一<td>二<td>三<td>四</tr>" * 20_000)
    assert trouble.value.code == "SLOW"


@pytest.mark.pango
def test_a_plain_report_gets_the_same_face(tmp_path: Path) -> None:
    data = html_to_pdf("<!doctype html><html lang=zh-CN><body><h1>案件经过</h1></body></html>", "案件经过")
    assert "案件经过" in text_of(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "案件经过"


@pytest.mark.pango
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_is_ended_from_outside_is_told_from_one_that_breaks(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The real child, ended while it lays out; also where the worker was started in the background of a shell, whose
    programs ignore an interrupt."""
    handled = signal.signal(signal.SIGINT, signal.SIG_IGN)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, handled))
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)
            threading.Timer(1.0, self.send_signal, [number]).start()

    monkeypatch.setattr(subprocess, "Popen", Watched)
    with pytest.raises(CannotMake) as trouble:
        html_to_pdf("<table>" + "<tr><td>一<td>二<td>三</tr>" * 20_000)
    assert trouble.value.code == ("BROKEN" if number == signal.SIGSEGV else "STOPPED")
    assert len(started) == 1


@pytest.mark.pango
def test_the_headings_of_a_letter_are_counted_on() -> None:
    words = text_of(render(paper("handling_opinion")))
    assert "一、意见" in words and "二、救济途径" in words
