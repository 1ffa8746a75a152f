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
}
