"""The words of every message: whole in both languages, and SMS without what must not travel by SMS."""

import re
from pathlib import Path

import pytest

from casework.core.text import Text
from casework.notifications import messages, templates
from casework.notifications.messages_of_offices import OF_OFFICES
from casework.notifications.models import Message
from casework.programmes.reasons import DENIALS, RETURNS
from tests.notifications.sender import PARAMS

LANGUAGES = ("zh-hans", "en")
NAMES = re.compile(r"\{(\w+)\}")
# What the engine calls: outbox.tell(…, "key", …) and then(effects.tell, template="key").
WORKFLOWS = Path(__file__).resolve().parents[2] / "casework" / "workflows"
CALLS = re.compile(r'effects\.tell, template="(\w+)"|outbox\.tell\([^"]*"(\w+)"|\btell\(turn, "(\w+)"')
MONEY_OR_HEALTH = re.compile(r"元|金额|¥|yuan|amount|诊断|病|diagnos|illness|disease|收入|income")

# What is told of a case names it; what is told of a login or a duty has no case.
OF_CASES = [key for key in messages.TABLE if key not in OF_OFFICES]


def called_templates() -> set[str]:
    """Every template key in the engine's code."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS.rglob("*.py"))
    return {key for groups in CALLS.findall(text) for key in groups if key}


def test_everything_the_engine_tells_has_words() -> None:
    called = called_templates()
    assert len(called) >= 15
    assert called <= set(messages.TABLE)


@pytest.mark.parametrize("key", OF_CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_whole(key: str, language: str) -> None:
    title, body = templates.compose(key, PARAMS | {"code": "LIMIT", "reason": "means_check"}, language)
    assert title
    assert body
    assert not re.search(r"[{}\[\]]|None", title + body)
    assert "商州困建〔2026〕12号" in title + body
    chinese = sum(sign > "\u2e80" for sign in body.replace("商州困建〔2026〕12号", ""))
    assert (chinese > len(body) / 2) == language.startswith("zh")


@pytest.mark.parametrize("key", OF_CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_number_alone_is_enough_or_the_message_fails(key: str, language: str) -> None:
    """What is left out leaves no gap; what cannot be left out is an error and never a half sentence."""
    bare = {"number": "12号", "programme": "困难职工建档"}
    title, body = templates.compose(key, bare, language)
    assert not re.search(r"[{}\[\]]|None|：。|，，|\(\)|  ", title + body)
    with pytest.raises(templates.Unwritable, match="number"):
        templates.compose(key, {"programme": "困难职工建档"}, language)


@pytest.mark.parametrize("key", OF_OFFICES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_of_rights_says_who_did_it_and_why(key: str, language: str) -> None:
    both = {"zh": "审核人", "en": "Reviewer"}
    params = {
        "login": "zhao", "actor": "任维新", "reason": "岗位调整", "place": {"zh": "区总工会", "en": "District Union"},
        "role": both, "begins_on": "2026-11-26", "ends_on": "2026-12-03", "closes_on": "2026-12-03", "absent": "何静",
        "substitute": "宋明哲", "before": "旧工会", "who": "周敏",
    }
    title, body = templates.compose(key, params, language)
    assert title
    assert "任维新" in body
    assert "岗位调整" in body
    assert not re.search(r"[{}\[\]]|None", title + body)
    with pytest.raises(templates.Unwritable, match="actor"):
        templates.compose(key, {name: value for name, value in params.items() if name != "actor"}, language)


@pytest.mark.parametrize("key", [key for key, template in messages.TABLE.items() if template.sms])
def test_sms_says_no_more_than_it_may(key: str) -> None:
    sms = messages.TABLE[key].sms
    assert sms is not None
    assert set(NAMES.findall("".join((*sms, *messages.SMS_CONTACT)))) <= messages.SMS_NAMES
    assert not MONEY_OR_HEALTH.search("".join(sms))
    loaded = PARAMS | {"reason": "肺癌", "code": "NAME_MISMATCH", "amount": "3000.00", "salutation": "王同志"}
    for language in LANGUAGES:
        text = templates.compose_sms(key, loaded, language)
        assert not re.search(r"肺癌|3000|王|户名", text)
        assert re.search(r"登录|编号|Log in|number|12号", text)
    assert len(templates.compose_sms(key, PARAMS, "zh-hans")) <= 134  # two parts of a long SMS


def test_officers_get_no_sms() -> None:
    for key in set(messages.TABLE) - messages.FOR_APPLICANTS:
        assert messages.TABLE[key].sms is None
        with pytest.raises(templates.Unwritable):
            templates.compose_sms(key, PARAMS, "zh-hans")


def test_what_domain_4_10_wants_is_said() -> None:
    def zh(key: str, **more: str) -> str:
        return templates.compose_sms(key, PARAMS | more, "zh-hans")

    assert "查询码K7P2QX" in zh("submitted")
    assert "2026年12月14日" in zh("accepted")
    assert "2026年12月15日前（含当日）" in zh("one_time_notice")
    assert "等待有关部门核对家庭经济状况" in templates.compose("paused", PARAMS | {"reason": "means_check"}, "zh").body
    assert "户名不符" in templates.compose("payment_returned", PARAMS | {"code": "NAME_MISMATCH"}, "zh").body
    denied = templates.compose("denied", PARAMS | {"reason": DENIALS["EXCL_HOMES"].text.zh}, "zh").body
    assert "家庭拥有两套及以上住房" in denied
    assert "15日内" in denied


def test_dates_and_codes_in_english() -> None:
    assert "14 December 2026" in templates.compose("accepted", PARAMS, "en").body
    assert "wrong" in templates.compose("payment_returned", PARAMS | {"code": "BANK_INFO"}, "en").body
    assert "Hardship dossier" in templates.compose("accepted", PARAMS, "en").title
    both = {"number": "1", "programme": {"zh": "生活救助", "en": "Living aid"}}
    assert templates.compose("accepted", both, "en").title.startswith("Living aid")
    assert templates.compose("accepted", both, "zh").title.startswith("生活救助")


def test_an_unknown_code_is_told_as_another_reason() -> None:
    assert RETURNS["OTHER"].zh in templates.compose("payment_returned", PARAMS | {"code": "E77"}, "zh").body


def test_values_are_no_templates() -> None:
    body = templates.compose("accepted", PARAMS | {"programme": "{query_code}[x]"}, "zh").body
    assert "{query_code}[x]" in body


def test_whoever_filed_for_another_is_not_told_it_is_his() -> None:
    assert "您申请的" in templates.compose("accepted", PARAMS, "zh").body
    assert "您代为提交的" in templates.compose("accepted", PARAMS | {"for_other": True}, "zh").body


def test_a_date_that_is_none_is_an_error() -> None:
    with pytest.raises(templates.Unwritable, match="promised_on"):
        templates.compose("accepted", PARAMS | {"promised_on": "soon"}, "zh")


def test_a_page_shows_what_can_be_said() -> None:
    for key in ("nonsense", "accepted"):
        title, body = templates.words(Message(template=key, params={}), "zh-hans")
        assert (title, body) == (messages.FALLBACK.zh, messages.FALLBACK_BODY.zh)
    whole = Message(template="accepted", params=PARAMS)
    assert templates.words(whole, "en")[0] == "Hardship dossier: application accepted"


def test_every_text_is_in_both_languages() -> None:
    texts = [text for t in messages.TABLE.values() for text in (t.title, t.body, t.sms) if text is not None]
    assert all(isinstance(text, Text) and text.zh and text.en and text.zh != text.en for text in texts)
