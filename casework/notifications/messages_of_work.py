"""What we tell people who look for work or for training. The words follow the rules of `messages`."""
from casework.core.text import Text
from casework.notifications.template import Template

OF_WORK: dict[str, Template] = {
    "referred": Template(
        Text("{programme}：为您推荐了岗位", "{programme}: a vacancy for you"),
        Text(
            "{yours}{programme}（{number}）：我们为您推荐了一个岗位，单位、岗位和地点可在办件页面查看，请尽快与经办人联系。",
            "{yours} {programme} ({number}): we refer you to a vacancy. The page of the case says which; please get in "
            "touch with the officer soon.",
        ),
        Text(
            "{yours}{programme}（{number}）有新的岗位推荐，请登录查看或致电。",
            "There is a vacancy for you in {yours} {programme} ({number}); log in to read which, or call.",
        ),
    ),
    "seat_given": Template(
        Text("{programme}：报名成功", "{programme}: you have a seat"),
        Text(
            "{yours}{programme}（{number}）已报名成功，请按开班时间参加培训；不能参加的，请尽早在办件页面退出，名额将让给候补人员。",
            "You have a seat: {yours} {programme} ({number}). Please come when the class begins; if you cannot, leave "
            "it early on the page of the case, so that the next in line gets the seat.",
        ),
        Text(
            "{yours}{programme}（{number}）已报名成功，请按时参加。",
            "You have a seat: {yours} {programme} ({number}). Please come when the class begins.",
        ),
    ),
    "seat_waiting": Template(
        Text("{programme}：已列入候补", "{programme}: on the waiting list"),
        Text(
            "{yours}{programme}（{number}）名额已满，已列入候补；有人退出时按先后递补并通知您。",
            "Every seat is taken, so {yours} {programme} ({number}) is on the waiting list. When somebody leaves, the "
            "first in line moves up and is told.",
        ),
        Text(
            "{yours}{programme}（{number}）名额已满，已列入候补。",
            "{yours} {programme} ({number}) is on the waiting list.",
        ),
    ),
}
