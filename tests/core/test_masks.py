"""Masks of domain reference §4.4, and the scanner that keeps full numbers out of what others will read.

To see the scanner fail: let it look at the text as it stands, without NFKC, without joining what gaps split.
"""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.masks import find_private, mask_card, mask_id, mask_name, mask_phone
from tests.office import id_number

ID, MOBILE, CARD = "610825198001010018", "13900001234", "6217980000000000016"
FULL_WIDTH = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")


@pytest.mark.parametrize(("name", "mask"), [
    ("张三", "张*"), ("张小明", "张*明"), ("欧阳小华", "欧**华"), ("", ""), ("张", "*"), ("𠮷野", "𠮷*"),
    ("张𠮷明", "张*明"), ("张小𠮷", "张*𠮷"), ("买买提·艾力", "买****力"), (" 张三 ", "张*"),
    ("葛\U000e0100城", "葛\U000e0100*"), ("é" * 3, "é*é"), ("e\u0301e\u0301e\u0301", "e\u0301*e\u0301"),
])
def test_names_keep_the_first_and_the_last_sign(name: str, mask: str) -> None:
    assert mask_name(name) == mask


@given(st.text(st.characters(categories=("Lo",)), min_size=2, max_size=50))
def test_a_masked_name_has_its_length_and_only_its_ends(name: str) -> None:
    mask = mask_name(name)
    assert len(mask) == len(name) and mask[0] == name[0]
    assert mask[1:-1] == "*" * (len(name) - 2) and mask[-1] == (name[-1] if len(name) > 2 else "*")


def test_numbers_keep_what_the_domain_reference_says() -> None:
    assert mask_id(ID) == "610825********0018"
    assert mask_id("610825800101001") == "610825*****1001"
    assert mask_card(CARD) == "****0016"
    assert mask_phone("13912341234") == "139****1234"
    assert mask_phone("0914-2388888") == "****888"


@pytest.mark.parametrize("short", ["", "1", "123456", "1234567890"])
def test_a_short_number_shows_nothing_more_than_its_end(short: str) -> None:
    assert mask_id(short) == "*" * len(short)
    assert mask_card("") == mask_phone("") == ""


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_masks_pass_the_scanner(number: str) -> None:
    text = f"证件号码 {mask_id(number)}，手机 {mask_phone(number[:11])}，账号 {mask_card(number)}"
    assert find_private(text) == []


# What must be found.

@pytest.mark.promise("P3")
@pytest.mark.parametrize("number", [ID, MOBILE, CARD, "611000199001010021", "622202123456"])
@pytest.mark.parametrize("around", [
    "{}", "身份证号：{}。", "李建国{}李建国", "({})", "a{}b", "\n{}\n", "No.{}/2026", "电话{}，李",
])
def test_a_number_is_found_whatever_stands_around_it(number: str, around: str) -> None:
    assert find_private(around.format(number)) == [number]


@pytest.mark.promise("P3")
@pytest.mark.parametrize("split", [
    "6108 2519 8001 0100 18", "610825 19800101 0018", "610825-19800101-0018", "610825.19800101.0018",
    "610825 1980 0101 0018", "61 08 25 19 80 01 01 00 18", "6 1 0 8 2 5 1 9 8 0 0 1 0 1 0 0 1 8",
    "610825\n198001010018",
    "610825\u3000198001010018", "610825\xa0198001010018", "6108251980010100 18", "610825·19800101·0018",
    "610825－19800101－0018", "610825—19800101—0018", "610825_19800101_0018", "61082519800101001 8",
])
def test_an_id_number_that_was_split_is_found(split: str) -> None:
    assert find_private(f"号码{split}，见附件") == [ID]


@pytest.mark.promise("P3")
@pytest.mark.parametrize("split", [
    "139 0000 1234", "139-0000-1234", "139 00001234", "1390000 1234", "1 3 9 0 0 0 0 1 2 3 4", "13 90 00 01 23 4",
    "139\u30000000\u30001234", "139.0000.1234", "139 - 0000 - 1234",
])
def test_a_mobile_that_was_split_is_found(split: str) -> None:
    assert find_private(f"联系人王女士{split}") == [MOBILE]


@pytest.mark.promise("P3")
@pytest.mark.parametrize("split", ["6217 9800 0000 0000 016", "6217-9800-0000-0000-016", "621798 0000000000016",
                                   "62 17 98 00 00 00 00 00 01 6"])
def test_a_card_that_was_split_is_found(split: str) -> None:
    assert find_private(f"卡号 {split} 工行") == [CARD]


@pytest.mark.promise("P3")
@pytest.mark.parametrize("number", [ID, MOBILE, CARD])
def test_other_ways_of_writing_digits_are_found(number: str) -> None:
    mathematical = "".join(chr(0x1D7CE + int(digit)) for digit in number)
    hidden = [number[:7] + sign + number[7:] for sign in ("\u200b", "\u00ad", "\u202e", "\ufeff")]
    for written in (
        number.translate(FULL_WIDTH), number.translate(CHINESE), number.replace("0", "零"), mathematical,
        number[:6].translate(FULL_WIDTH) + number[6:], *hidden,
    ):
        assert find_private(f"号码{written}。") == [number], ascii(written)


@pytest.mark.promise("P3")
def test_an_x_at_the_end_is_part_of_the_number() -> None:
    number = next(found for found in map(id_number, range(300)) if found.endswith("X"))
    for written in (number, number.lower(), number.translate(FULL_WIDTH), f"{number[:-1]} X", f"{number[:-1]}-x"):
        assert find_private(f"证号{written}，") == [number]


@pytest.mark.promise("P3")
def test_a_wrong_number_is_no_less_a_number() -> None:
    """A mistyped ID or card still tells who is meant."""
    assert find_private("610825198001010019") == ["610825198001010019"]
    assert find_private("6217980000000000017") == ["6217980000000000017"]


@pytest.mark.promise("P3")
def test_all_of_a_list_are_found_in_their_order() -> None:
    other = id_number(7)
    text = f"1. 张三 {ID} {MOBILE}\n2. 李四 {other}，卡{CARD}\n3. 王五 139****1234"
    assert find_private(text) == [ID, MOBILE, other, CARD]


sizes = st.sampled_from([(6, 8, 4), (6, 4, 4, 4), (4, 4, 4, 4, 2), (6, 12), (14, 4), (17, 1), (1,) * 18, (2,) * 9])


@pytest.mark.promise("P3")
@given(
    st.integers(0, 999), st.dates().filter(lambda day: day.year >= 1900), sizes,
    st.text(" -.·_\u3000\xa0—－", min_size=1, max_size=2), st.text("王秀英，。（）abcXYZ ", max_size=5),
)
def test_any_split_of_any_id_number_is_found(
    serial: int, born: object, parts: tuple[int, ...], gap: str, around: str
) -> None:
    number = id_number(serial, f"{born:%Y%m%d}")
    pieces, place = [], 0
    for part in parts:
        pieces.append(number[place : place + part])
        place += part
    assert find_private(f"{around}。{gap.join(pieces)}。{around}") == [number]


# What may be published.

@pytest.mark.parametrize("text", [
    "", "张*明，秦岭纺织厂，生活救助，7,200.00 元", "公示期 2026-11-23 至 2026-11-30，共 5 个工作日",
    "2026年11月23日8时30分至2026年11月30日", "监督电话 0914-2388888，029-88888888", "12351", "陕工帮〔2026〕12号",
    "编号 SL-2026-000123", "610825********0018", "****0016", "139****1234", "信用代码 81610825000000019E",
    "邮编 726000",
    "1f0c9b1e-5a7c-4f0e-9a33-139123456780", "ab12" * 16, "10,000,000.00 元", "100 000 元", "1.23 4.56 7.89 10.11 12.13",
    "60 户 120 人 350 元 42 000 元", "第 1 2 3 4 5 6 7 8 9 10 项", "128.00 256.00 512.00 1024.00 2048.00",
    "二〇二六年十一月二十三日", "一百二十三万四千五百六十七元", "2026.11.23-2026.11.27", "GB 11643-1999",
])
def test_what_a_notice_needs_is_let_through(text: str) -> None:
    assert find_private(text) == []


@given(st.lists(st.integers(1, 9_999_999_99), min_size=1, max_size=6))
def test_rosters_of_amounts_pass(amounts: list[int]) -> None:
    rows = "\n".join(f"{n} 张* 生活救助 {fen // 100:,}.{fen % 100:02d} 元" for n, fen in enumerate(amounts, 1))
    assert find_private(rows) == []


@given(st.text(max_size=200))
def test_any_text_gives_an_answer(text: str) -> None:
    assert all(found.isascii() and found.isalnum() for found in find_private(text))
