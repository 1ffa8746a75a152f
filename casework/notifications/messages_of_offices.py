"""What we tell officers about their logins, duties and organisations. The words follow the rules of `messages`."""
from casework.core.text import Text
from casework.notifications.template import Template

_BY = Text("经办：{actor}，事由：{reason}。", "Done by {actor}; reason: {reason}.")


def _told(title: Text, zh: str, en: str) -> Template:
    return Template(title, Text(zh + _BY.zh, f"{en} {_BY.en}"))


OF_OFFICES: dict[str, Template] = {
    "login_made": _told(
        Text("已为您开通工作账号", "You have a staff login"), "{place}已为您开通工作账号 {login}。",
        "{place} has made the staff login {login} for you.",
    ),
    "login_reset": _told(
        Text("您的密码已重置", "Your password was reset"),
        "工作账号 {login} 的密码已重置，原密码和已登录的会话随即失效。如非您本人要求，请立即告知上级。",
        "The password of the staff login {login} was reset; the old one and every open session count no more. If you "
        "did not ask for it, tell your superior at once.",
    ),
    "login_locked": _told(
        Text("您的工作账号已停用", "Your staff login was locked"), "工作账号 {login} 已停用。",
        "The staff login {login} was locked.",
    ),
    "login_unlocked": _told(
        Text("您的工作账号已恢复", "Your staff login is open again"), "工作账号 {login} 已恢复使用。",
        "The staff login {login} is open again.",
    ),
    "duty_given": _told(
        Text("您有新的岗位职责", "You have a new duty"),
        "您自{begins_on}起在{place}担任{role}[，至{ends_on}止]。",
        "From {begins_on}[ until {ends_on}] you hold the duty {role} at {place}.",
    ),
    "duty_ended": _told(
        Text("您的岗位职责结束", "A duty of yours ends"),
        "您在{place}担任的{role}至{ends_on}结束，结束后不再办理和查看相关事项。",
        "Your duty {role} at {place} ends on {ends_on}; afterwards you neither handle nor see its matters.",
    ),
    "money_duty": _told(
        Text("有人获得资金岗位职责", "Somebody got a duty over money"),
        "{who}在{place}获得{role}职责。如有疑问，请立即核实。",
        "{who} now holds the duty {role} at {place}. If that seems wrong, look into it at once.",
    ),
    "money_password": _told(
        Text("资金岗位账号的密码已重置", "The password of a login over money was reset"),
        "{place}资金岗位人员{who}的工作账号 {login} 密码已重置。如非其本人要求，请立即核实。",
        "The password of the login {login} of {who}, who holds a duty over money at {place}, was reset. If it was not "
        "asked for, look into it at once.",
    ),
    "money_cover": _told(
        Text("有人代理资金岗位", "Somebody stands in for a duty over money"),
        "自{begins_on}至{ends_on}，{substitute}代理{absent}在{place}的{role}职责。如有疑问，请立即核实。",
        "From {begins_on} until {ends_on} {substitute} stands in for {absent} as {role} at {place}. If that seems "
        "wrong, look into it at once.",
    ),
    "cover_given": _told(
        Text("请您代理岗位", "You stand in for a colleague"),
        "自{begins_on}至{ends_on}，由您代理{absent}在{place}的{role}职责。",
        "From {begins_on} until {ends_on} you stand in for {absent} as {role} at {place}.",
    ),
    "cover_named": _told(
        Text("您的岗位已安排代理", "Somebody stands in for you"),
        "自{begins_on}至{ends_on}，由{substitute}代理您在{place}的{role}职责。",
        "From {begins_on} until {ends_on} {substitute} stands in for you as {role} at {place}.",
    ),
    "cover_ended": _told(
        Text("代理已提前结束", "A substitution ended"),
        "{substitute}代理{absent}在{place}的{role}职责，现已结束。",
        "{substitute} no longer stands in for {absent} as {role} at {place}.",
    ),
    "union_changed": _told(
        Text("您单位的信息有变更", "The details of your organisation changed"),
        "{place}的名称、代码或联系方式已变更[（原名称：{before}）]。",
        "Name, code or contact of {place} changed[ (before: {before})].",
    ),
    "union_stays": _told(
        Text("您单位不再撤销", "Your organisation stays"),
        "{place}的撤销安排已取消，在该处的岗位职责恢复原有期限。",
        "{place} is not closed after all; the duties held there end when they would have before.",
    ),
    "union_closed": _told(
        Text("您单位即将撤销", "Your organisation is closed"),
        "{place}自{closes_on}起撤销，在该处的岗位职责同时结束。",
        "{place} is no more from {closes_on}; the duties held there end with it.",
    ),
}
