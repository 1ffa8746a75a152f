"""The common CSV layout: UTF-8 with a mark at the beginning, a header, one line a payment, amounts in yuan.

The answer has the columns payment number, amount, result and, if any, return code, reason of the return and the bank's
reference, in any order; UTF-8 or GB18030; separated by commas, semicolons or tabs. Header names are compared without
case and width.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem, Refused, Words
from casework.funds.bank_layouts import told
from casework.funds.bank_layouts.rows import Row
from casework.funds.models import Payment
from casework.people.persons import plain_card

HEADER = ("付款编号", "收款人户名", "收款账号", "开户银行", "开户支行", "金额（元）", "附言")
MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
MAX_PROBLEMS = 20
MAX_CELL = 200
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("付款编号", "payment number", "number"),
    "fen": ("金额(元)", "金额", "amount"),
    "paid": ("处理结果", "结果", "result"),
    "code": ("退回代码", "return code", "code"),
    "said": ("退回原因", "失败原因", "原因", "return reason", "reason"),
    "reference": ("银行流水号", "流水号", "reference"),
}
NEEDED = ("number", "fen", "paid")
PAID = ("成功", "已付", "success", "paid")
RETURNED = ("失败", "退回", "退票", "failed", "returned")
REFERENCE_MOST = 60
FORMULA, BREAKS = tuple("=+-@＝＋－＠"), tuple("\t\r\n")


def write(payments: Sequence[Payment]) -> bytes:
    """The file for the bank. Text that a spreadsheet would take for a formula is led by an apostrophe (promise I4)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for payment in payments:
        account = payment.account
        texts = (payment.number, account.holder, plain_card(account), account.bank, account.branch)
        amount = f"{money.yuan(payment.fen):.2f}"
        writer.writerow([*map(_text, texts), amount, _text(f"帮扶资金 {payment.case.number}")])
    return out.getvalue().encode("utf-8-sig")


def _text(value: str) -> str:
    plain = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in value)
    return f"'{plain}" if plain.lstrip().startswith(FORMULA) or value.startswith(BREAKS) else plain


def read(data: bytes) -> list[Row]:
    """The bank's answer. Raises Refused: too large, no text, no header, or the lines that cannot be read."""
    text = _decode(data)
    lines = _lines(text)
    places = _header(next(lines, (1, [])))
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in lines:
        found = _row(line, cells, places)
        if isinstance(found, Row):
            rows.append(found)
        else:
            problems += found
        if len(problems) >= MAX_PROBLEMS:
            break
        if len(rows) > MAX_ROWS:
            raise _unreadable("RESULT_TOO_LONG", _("The file has too many lines."))
    if problems:
        raise Refused(problems[:MAX_PROBLEMS])
    if not rows:
        raise _unreadable("RESULT_EMPTY", _("The file names no payment."))
    return rows


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _unreadable("RESULT_TOO_LARGE", _("The file is too large."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable("RESULT_ENCODING", _("The file is not a text file in UTF-8 or GB18030."))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each line that is not empty."""
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=head.count), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [_cell(cell) for cell in cells]
    except csv.Error as error:
        raise Refused([_bad_line(reader.line_num, _("cannot be read as a table"))]) from error


def _cell(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().removeprefix("'").strip()


def _header(head: tuple[int, list[str]]) -> dict[str, int]:
    names = [cell.lower().replace("_", " ") for cell in head[1]]
    places = {
        column: names.index(known)
        for column, spellings in COLUMNS.items()
        for known in reversed(spellings)
        if known in names
    }
    missing = [COLUMNS[column][0] for column in NEEDED if column not in places]
    if missing:
        message = str(_("The first line lacks the columns %(columns)s.")) % {"columns": "、".join(missing)}
        raise _unreadable("RESULT_HEADER", message)
    return places


def _row(line: int, cells: list[str], places: Mapping[str, int]) -> Row | list[Problem]:
    value = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    problems = [_bad_line(line, words) for words in _wrong(value)]
    if problems:
        return problems
    paid = value["paid"].lower() in PAID
    code, said = ("", "") if paid else told.reason(value.get("code", ""), value.get("said", ""))
    return Row(line, value["number"], money.fen(value["fen"]), paid, code, value.get("reference", ""), said)


def _wrong(value: Mapping[str, str]) -> Iterator[Words]:
    if not value["number"] or len(value["number"]) > MAX_CELL:
        yield _("no payment number")
    try:
        money.fen(value["fen"])
    except ValueError:
        yield _("the amount is no amount in yuan")
    if value["paid"].lower() not in (*PAID, *RETURNED):
        yield _("the result is neither paid nor returned")
    if len(value.get("reference", "")) > REFERENCE_MOST:
        yield _("the bank's reference is too long")


def _bad_line(line: int, words: Words) -> Problem:
    message = str(_("Line %(line)s: %(words)s.")) % {"line": line, "words": words}
    mend = _("Ask the bank for a right file; nothing was taken in.")
    return Problem("RESULT_LINE", message, place=str(line), mend=mend, params={"line": line})


def _unreadable(code: str, message: Words) -> Refused:
    mend = _("Choose the result file of the bank; nothing was taken in.")
    return Refused([Problem(code, message, mend=mend)])
