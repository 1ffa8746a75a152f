"""What everybody sees: services, notices, the check of a letter; and who may open which page."""
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.forms.models import Draft
from casework.organisations import regions, tree
from casework.organisations.models import Level, Organisation
from casework.papers.models import Paper
from tests import walk
from tests.engine import made
from tests.office import Office
from tests.portal.conftest import LogIn
from tests.portal.typed import bare, begin, text_of

pytestmark = pytest.mark.django_db
NOBODY = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
APPLICANTS_ONLY = ["my_home", "my_cases", "my_case", "receipt", "my_act", "apply_member", "my_letter"]
# Officers write down here what somebody tells them, so the pages are open to every login, each to its own drafts.
OF_WHOEVER_WRITES = ["apply_resume", "apply", "apply_check", "my_file"]
OWN_PAGES = APPLICANTS_ONLY + OF_WHOEVER_WRITES
OFFICE = ["reviewer", "cashier", "auditor", "admin"]
MORE = {"my_case": [NOBODY], "receipt": [NOBODY], "my_act": [NOBODY, "withdraw"], "apply_resume": [NOBODY],
        "apply": [NOBODY, "request"], "apply_check": [NOBODY], "apply_member": ["living_aid"], "my_file": [NOBODY],
        "my_letter": [NOBODY]}
SENT = {"apply": ["request"], "apply_send": [], "apply_save": ["request"], "apply_live": ["request"],
        "apply_upload": ["request"], "apply_discard": []}


def test_services_are_cards_for_visitors(office: Office) -> None:
    told = text_of(Client().get(reverse("catalogue")))
    for words in ("困难职工建档", "生活救助", "20 个工作日内", "15 个工作日内", "困难帮扶"):
        assert words in told, words


def test_the_page_of_a_service_says_all_one_needs(office: Office) -> None:
    told = text_of(Client().get(reverse("programme", args=["living_aid"])))
    who = ("哪些人可以申请", "同一家庭每年一次", "须先办理", "困难职工建档")
    steps = ("基层工会受理", "最长不超过 20 个工作日")
    for words in (*who, "近期收入证明", "如有", "10 倍", *steps):
        assert words in told, words
    assert Client().get(reverse("programme", args=["nothing"])).status_code == 404


def figures(client: Client, **chosen: str) -> str:
    return text_of(client.get(reverse("programme", args=["living_aid"]), chosen))


def test_the_figures_are_those_of_the_readers_region(office: Office, log_in: LogIn) -> None:
    """The line of the province is 660 yuan, of the county 720; the other county has that of the city, 680."""
    visitor = Client()
    told = figures(visitor)
    assert "月低保标准（660 元）的 10 倍" in told and "最高 10,000 元" in told
    assert "还不知道您所在的地区" in told and "陕西省总工会" in told
    assert "（680 元）" in figures(visitor, region="611026")
    told = figures(visitor)
    assert "（680 元）" in told and "以上金额按柞水县总工会的标准。" in told and "还不知道" not in told
    assert "（680 元）" in figures(visitor, region="000000"), "a place that is none changes nothing"
    walk.dossier(office)
    assert "以上金额按商州区总工会的标准。" in figures(log_in("worker")) and "（720 元）" in figures(log_in("worker"))
    assert "（720 元）" in figures(log_in("reviewer")) and "{" not in told


def test_a_region_is_called_by_its_widest_federation(office: Office) -> None:
    tree.make("商洛市教育工会", Level.COUNTY, office.orgs["city"], region="611000")
    told = figures(Client(), region="611000")
    assert "以上金额按商洛市总工会的标准。" in told and "商洛市教育工会" not in told


def test_a_place_without_a_federation_of_its_own_has_the_figures_of_the_next_around_it(
    office: Office, log_in: LogIn
) -> None:
    walk.dossier(office)
    Organisation.objects.filter(pk=office.orgs["union"].pk).update(region="611099")
    for who in ("worker", "handler"):
        told = figures(log_in(who))
        assert "以上金额按商洛市总工会的标准。" in told and "（680 元）" in told
        assert "还不知道您所在的地区" not in told


def test_of_very_many_regions_the_widest_are_there_to_choose(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "MOST", 2)
    tree.make("甘肃省总工会", Level.PROVINCE, None, region="620000")
    told = figures(Client())
    assert "陕西省总工会" in told and "甘肃省总工会" in told and "商洛市总工会" not in told


def test_a_region_without_a_number_is_told_so_and_the_page_stands(office: Office) -> None:
    how_much = {
        "zh": "不收费。最高 {new_cap:yuan} 元，一年 {new_cap:yuan} 元。每年一次。",
        "en": "Nothing is charged. At most {new_cap:yuan} yuan. Once a year.",
    }
    who = [{"zh": "收入低于当地标准（每月 {new_cap:yuan} 元）的职工", "en": "Below the line ({new_cap:yuan} yuan)"}]
    route = {"submitted": {"accept": made.step("accept", "window_clerk@county")}}
    content = made.programme(route, told=["new_cap"], how_much=how_much, who=who)
    version = made.publish(content, office.now)
    told = text_of(Client().get(reverse("programme", args=[version.key])))
    assert "不收费。按当地标准核定，请选择您所在的地区，或向当地工会询问。每年一次。" in told
    assert "收入低于当地标准的职工" in told, "an aside that cannot be told is left out"
    english = text_of(Client(headers={"accept-language": "en"}).get(reverse("programme", args=[version.key])))
    assert "charged. By the local standard: choose your region, or ask your union. Once a year." in english
    assert "Below the line " in english and "yuan" not in english


def test_the_list_of_services_asks_for_no_number(office: Office, django_assert_max_num_queries: Any) -> None:
    Client().get(reverse("catalogue"))
    with django_assert_max_num_queries(2):
        Client().get(reverse("catalogue"))


def test_whoever_stands_in_the_register_is_not_sent_to_it_again(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    told = text_of(log_in("worker").get(reverse("programme", args=["living_aid"])))
    assert "您已具备：困难职工建档" in told and "须先办理" not in told
    assert "须先办理" in text_of(log_in("neighbour").get(reverse("programme", args=["living_aid"])))


@pytest.mark.parametrize(("who", "shown", "hidden"), [
    ("", "登录后申请", "立即申请"), ("worker", "立即申请", "登录后申请"), ("handler", "为会员代办", "立即申请"),
    ("reviewer", "个人账号", "立即申请"),
])
def test_the_button_fits_the_reader(office: Office, log_in: LogIn, who: str, shown: str, hidden: str) -> None:
    client = log_in(who) if who else Client()
    told = text_of(client.get(reverse("programme", args=["living_aid"])))
    assert shown in told
    assert hidden not in told


@pytest.mark.promise("R1")
@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_pages_ask_visitors_to_log_in(office: Office, name: str) -> None:
    answer = Client().get(reverse(name, args=MORE.get(name, [])))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


@pytest.mark.promise("R1")
@pytest.mark.parametrize("name", APPLICANTS_ONLY)
@pytest.mark.parametrize("who", OFFICE)
def test_own_pages_are_not_for_office_logins(log_in: LogIn, name: str, who: str) -> None:
    assert log_in(who).get(reverse(name, args=MORE.get(name, []))).status_code == 403


@pytest.mark.promise("R2")
@pytest.mark.parametrize("who", OFFICE)
def test_what_somebody_else_writes_is_not_there_for_office_logins(log_in: LogIn, who: str) -> None:
    """The draft of an applicant, in full, in parts and to change, answers as one that never was."""
    draft = begin(log_in("worker"), "living_aid")
    client = log_in(who)
    for public_id in (draft.public_id, NOBODY):
        for name in OF_WHOEVER_WRITES:
            args = [public_id, *MORE[name][1:]]
            assert client.get(reverse(name, args=args)).status_code == 404, name
        for name, more in SENT.items():
            assert client.post(reverse(name, args=[public_id, *more])).status_code == 404, name
    assert Draft.objects.filter(pk=draft.pk, case=None, revision=draft.revision).exists()


@pytest.mark.promise("R1")
def test_an_office_login_begins_no_application(log_in: LogIn) -> None:
    assert log_in("reviewer").post(reverse("apply_start", args=["living_aid"])).status_code == 403
    assert not Draft.objects.exists()


def test_a_notice_hangs_masked_and_is_taken_down(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="unit_notice")
    office.do(case, "unit_notice.post", "chair", text="现将拟定名单予以公示。", contact="工会 0914-2388888")
    notice = case.notices.get()
    address = reverse("notice", args=[notice.public_id])
    told = text_of(Client().get(address))
    for words in ("李*国", "秦岭纺织厂工会", "现将拟定名单予以公示", "0914-2388888", "2026年11月30日"):
        assert words in told, words
    assert "李建国" not in told
    assert address in Client().get(reverse("notices")).content.decode()
    office.now = notice.ends_at
    office.tick()
    assert Client().get(address).status_code == 404
    assert "目前没有正在进行的公示" in text_of(Client().get(reverse("notices")))


def test_a_genuine_letter_is_known_and_the_name_masked(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="visit")
    letter = Paper.objects.get(case=case, kind="acceptance_notice")
    told = text_of(Client().get(reverse("paper_check", args=[letter.check_code])))
    for words in ("受理通知书", letter.number, "李*国"):
        assert words in told, words
    assert "李建国" not in told


@pytest.mark.promise("W2")
def test_every_unknown_code_gets_the_same_page(office: Office) -> None:
    first, second = (Client().get(reverse("paper_check", args=[code])) for code in ("ABCD", "<b>x"))
    assert "没有查到" in text_of(first)
    assert bare(first).replace("ABCD", "") == bare(second).replace("%3Cb%3Ex", "").replace("&lt;b&gt;x", "")


def test_english_pages_have_no_chinese_frame(office: Office) -> None:
    client = Client(headers={"accept-language": "en"})
    told = text_of(client.get(reverse("programme", args=["living_aid"])))
    assert "Who may apply" in told
    assert "哪些人" not in told
