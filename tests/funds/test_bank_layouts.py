"""The file to the bank and the reader of its answer."""

import csv
import io

import pytest

from casework.core.problems import Refused
from casework.funds.bank_layouts import Row, generic, layout
from casework.people import persons
from tests.doubles.bank import HEADER, Bank
from tests.funds.desk import Money

FORMULAS = ["=1+1", "+86", "-1", "@cmd", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", " =1"]


def answer(*lines: tuple[str, ...], header: tuple[str, ...] = HEADER, sep: str = ",", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(sep.join(line) for line in (header, *lines)).encode(encoding)


def codes(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        generic.read(data)
    return [(problem.code, problem.place) for problem in refused.value.problems]


def test_the_file_carries_clear_accounts_and_decimal_yuan(money: Money) -> None:
    payment = money.queued(1_234_05)
    data = layout().write([payment])
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    (order,) = Bank().read(data)
    assert order.number == payment.number and order.yuan == "1234.05"
    assert order.card == persons.plain_card(payment.account) and order.holder == "张三"


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_formula_leaves_in_a_text_cell(money: Money, formula: str) -> None:
    payment = money.queued(100)
    account = payment.account
    account.holder, account.bank, account.branch = formula, formula, formula + ",\"'"
    rows = list(csv.reader(io.StringIO(generic.write([payment]).decode("utf-8-sig"), newline="")))
    assert len(rows) == 2 and len(rows[1]) == len(generic.HEADER)
    for cell in rows[1]:
        assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠")) or cell.startswith("'"), cell
    assert rows[1][5] == "1.00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_the_answer_is_read_in_the_encodings_and_separators_banks_use(encoding: str, sep: str) -> None:
    data = answer(("N1", "12.50", "成功", "", "B1"), ("N2", "3", "退回", "R03", ""), sep=sep, encoding=encoding)
    assert generic.read(data) == [Row(2, "N1", 1250, True, "", "B1"), Row(3, "N2", 300, False, "OTHER", "", "R03")]


def test_columns_may_be_renamed_reordered_and_padded() -> None:
    data = answer(
        ("success", " '１,２３４.50 ", "X", "'N1"), (), ("", "", "", ""),
        header=("Result", "Amount", "其他", "payment_number"), sep=";",
    )  # fmt: skip
    assert generic.read(data) == [Row(2, "N1", 123450, True)]


def test_a_quoted_line_break_keeps_the_line_numbers() -> None:
    data = answer(("N1", "1", "成功", '"a\r\nb"', ""), ("N2", "x", "成功", "", ""))
    assert codes(data) == [("RESULT_LINE", "4")]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        (("", "1", "成功"), 1),
        (("N1", "1.005", "成功"), 1),
        (("N1", "1e3", "成功"), 1),
        (("N1", "NaN", "成功"), 1),
        (("N1", "", ""), 2),
        (("N1", "1", "也许"), 1),
        (("N1", "1", "成功", "", "x" * 61), 1),
        (("N1",), 2),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: tuple[str, ...], count: int) -> None:
    assert codes(answer(("N0", "1", "成功", "", ""), line)) == [("RESULT_LINE", "3")] * count


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ("户名不符", "NAME_MISMATCH", "户名不符"),
        ("收款人账号户名不符请核实后重新提交付款指令", "NAME_MISMATCH", "收款人账号户名不符请核实后重新提交付款指令"),
        ("销户", "CARD_CLOSED", "销户"),
        ("账户已 销户", "CARD_CLOSED", "账户已 销户"),
        ("该账户卡类型不支持入账", "CARD_TYPE", "该账户卡类型不支持入账"),
        ("开户行信息错误", "BANK_INFO", "开户行信息错误"),
        ("联行号不存在", "BANK_INFO", "联行号不存在"),
        ("二类户超出日累计限额", "LIMIT", "二类户超出日累计限额"),
        ("CARD_CLOSED", "CARD_CLOSED", ""),
        ("card closed", "CARD_CLOSED", "card closed"),
        ("账户已挂失", "OTHER", "账户已挂失"),
        ("账户冻结 请到开户行办理", "OTHER", "账户冻结 请到开户行办理"),
        ("账户状态异常 请联系开户行", "OTHER", "账户状态异常 请联系开户行"),
        ("该卡已冻结 请与开户行联系", "OTHER", "该卡已冻结 请与开户行联系"),
        ("非本行号段", "OTHER", "非本行号段"),
        ("账户未注销但已冻结", "OTHER", "账户未注销但已冻结"),
        ("E77", "OTHER", "E77"),
        ("", "", ""),
        ("账号6222021234567890128户名不符", "NAME_MISMATCH", "账号****户名不符"),
        ("请电 139 0000 1234 查询", "OTHER", "请电 **** 查询"),
        ("请电一三九零零零零一二三四", "OTHER", ""),
        ("长" * 140, "OTHER", "长" * 60),
    ],
)
def test_the_reason_of_a_bank_is_understood_and_never_stops_a_file(told: str, code: str, words: str) -> None:
    (row,) = generic.read(answer(("N1", "1", "退回", told, "B1")))
    assert (row.code, row.said) == (code, words)


def test_a_column_of_its_own_may_tell_the_reason() -> None:
    data = answer(("N1", "1", "退回", "E05", "账户已销户"), header=(*HEADER[:4], "退回原因"))
    (row,) = generic.read(data)
    assert (row.code, row.said) == ("CARD_CLOSED", "E05 账户已销户")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "RESULT_HEADER"),
        (b"\x00" * 50, "RESULT_ENCODING"),
        (b"\xff\xff\xff", "RESULT_ENCODING"),
        (Bank.garbage(), "RESULT_ENCODING"),
        ("付款编号,金额\r\nN1,1".encode(), "RESULT_HEADER"),
        (answer(), "RESULT_EMPTY"),
        (answer(("N1", "1", "成功", "", "")) + b" " * generic.MAX_BYTES, "RESULT_TOO_LARGE"),
        (answer(*[(f"N{n}", "1", "成功", "", "") for n in range(generic.MAX_ROWS + 1)]), "RESULT_TOO_LONG"),
        (answer(("N1", "1", '"never closed', "", "")), "RESULT_LINE"),
        (answer(("N1", "1", "成功", "x" * 140_000, "")), "RESULT_LINE"),
    ],
)
def test_what_is_no_answer_is_refused(data: bytes, code: str) -> None:
    assert codes(data)[0][0] == code


def test_at_most_twenty_lines_are_complained_about() -> None:
    assert len(codes(answer(*[("N", "x", "?", "", "")] * 400))) == generic.MAX_PROBLEMS
