"""A reference model of both routes in plain Python: what one person's click must do. Written from domain §1, §4.7 and
§5.2, not from the engine."""

from dataclasses import dataclass, field

# step → (standing, role, exclusive duty); the order is the route.
ROUTES: dict[str, dict[str, tuple[str, str, str]]] = {
    "hardship_dossier": {
        "unit_check": ("submitted", "unit_handler", "accept"),
        "visit": ("accepted", "investigator", "visit"),
        "discuss": ("accepted", "unit_chair", ""),
        "unit_notice": ("accepted", "unit_chair", ""),
        "town_check": ("accepted", "organiser", ""),
        "means_check": ("accepted", "case_officer", ""),
        "review": ("accepted", "reviewer", "review"),
        "approve": ("accepted", "approver", "approve"),
        "county_notice": ("accepted", "publicity_officer", ""),
        "register": ("approved", "case_officer", ""),
    },
    "living_aid": {
        "unit_check": ("submitted", "unit_handler", "accept"),
        "review": ("accepted", "reviewer", "review"),
        "approve": ("accepted", "approver", "approve"),
        "county_notice": ("accepted", "publicity_officer", ""),
        "pay": ("approved", "cashier", "pay"),
        "rate": ("settled", "applicant", ""),
    },
}
# decision → (phases it is open in, phase after; None: the step is over)
NOTICE = {
    "post": ({""}, "posted"), "object": ({"posted"}, "stopped"), "dismiss": ({"stopped"}, "posted"),
    "change_list": ({"stopped"}, "posted"), "uphold": ({"stopped"}, None), "confirm": ({"ended"}, None),
}
STEPS: dict[str, dict[str, tuple[set[str], str | None]]] = {
    "unit_check": {"pass": ({""}, None), "one_time_notice": ({""}, "waiting"), "not_accept": ({""}, None)},
    "visit": {"record": ({""}, "recorded"), "sign": ({"recorded"}, None), "redo": ({"recorded"}, "")},
    "discuss": {"pass": ({""}, None), "return": ({""}, None)},
    "unit_notice": NOTICE, "county_notice": NOTICE,
    "town_check": {"pass": ({""}, None), "return": ({""}, None)},
    "means_check": {"send": ({""}, "sent"), "result": ({"sent"}, None), "return": ({""}, None)},
    "review": {
        "pass": ({""}, None), "ask_papers": ({""}, "waiting"), "return": ({""}, None), "deny": ({""}, None),
    },
    "approve": {"pass": ({""}, None), "return": ({""}, None), "deny": ({""}, None)},
    "register": {"pass": ({""}, None)},
    "pay": {}, "rate": {"give": ({""}, None)},
}
# No desk decides anything there: payments go in batches, and the rating is the applicant's own.
NOT_TAKEN = {"pay", "rate"}
ENDS = {"not_accept": "not_accepted", "deny": "denied", "uphold": "denied"}


@dataclass
class Modelled:
    """One case as it should be. holders: person → exclusive duty used up; deciders: who decided a step last."""

    key: str
    state: str = "submitted"
    step: str = "unit_check"
    phase: str = ""
    back: tuple[str, ...] = ()
    noticed: bool = False
    asked: bool = False
    assignee: str = ""
    first: str = ""
    holders: dict[str, str] = field(default_factory=dict)
    deciders: dict[str, str] = field(default_factory=dict)

    def allows(self, action: str, who: str, roles: set[str], to: str = "") -> bool:
        """May this person do this now?"""
        if action == "withdraw":
            return "applicant" in roles and self.state in ("submitted", "supplement", "accepted")
        if action == "supplement":
            return "applicant" in roles and self.phase == "waiting"
        step, _dot, decision = action.partition(".")
        if step != self.step or not self.step:
            return False
        _standing, role, duty = ROUTES[self.key][step]
        if role not in roles or (self.assignee and decision != "take" and self.assignee != who):
            return False
        if decision == "release":
            return bool(self.assignee)
        if role != "applicant" and self.holders.get(who, duty) != duty and duty:
            return False
        if decision == "take":
            return not self.assignee and step not in NOT_TAKEN
        phases, _next = STEPS[step].get(decision, (set(), None))
        if self.phase not in phases or (decision in ("sign", "redo") and who == self.first):
            return False
        if decision == "one_time_notice" and self.noticed:
            return False
        if decision in ("one_time_notice", "not_accept") and self.back:
            return False
        if decision == "ask_papers" and self.asked:
            return False
        return decision != "return" or to in self.earlier()

    def earlier(self) -> list[str]:
        """Steps that the open one may be sent back to: those before it in the same standing, and from an accepted
        case the check before acceptance; never a notice."""
        if not self.step:
            return []
        route = ROUTES[self.key]
        own = route[self.step][0]
        fitting = {own, "submitted"} if own == "accepted" else {own}
        names = list(route)[: list(route).index(self.step)]
        return [name for name in names if route[name][0] in fitting and STEPS[name] is not NOTICE]

    def do(self, action: str, who: str, to: str = "") -> None:
        """What an allowed click changes."""
        step, _dot, decision = action.partition(".")
        if action == "withdraw":
            self.end("withdrawn")
        elif action == "supplement":
            self.state, self.phase = "submitted" if self.state == "supplement" else self.state, ""
        elif decision in ("take", "release"):
            self.assignee = who if decision == "take" else ""
        else:
            self._decide(step, decision, who, to)

    def _decide(self, step: str, decision: str, who: str, to: str) -> None:
        duty = ROUTES[self.key][step][2]
        if duty:
            self.holders.setdefault(who, duty)
        self.deciders[step] = who
        if decision in ENDS:
            self.end(ENDS[decision])
        elif decision == "return":
            self.open(to, back=(*self.back, step))
            self.assignee = "" if to == "visit" else self.deciders.get(to, "")
        elif (phase := STEPS[step][decision][1]) is not None:
            self.phase = phase
            self._stay(decision, who)
        else:
            self.passed()

    def _stay(self, decision: str, who: str) -> None:
        if decision in ("record", "redo"):
            self.first, self.assignee = who, ""
        if decision == "one_time_notice":
            self.state, self.noticed = "supplement", True
        if decision == "ask_papers":
            self.asked = True

    def passed(self) -> None:
        """The step is over: straight back, the next step, or the next standing."""
        route = list(ROUTES[self.key])
        if self.back:
            self.open(self.back[-1], back=self.back[:-1])
        elif self.step == route[-1]:
            self.end("closed")
        else:
            self.open(route[route.index(self.step) + 1])

    def open(self, step: str, back: tuple[str, ...] = ()) -> None:
        """A new task."""
        self.step, self.phase, self.back, self.assignee, self.first = step, "", back, "", ""
        if not back:  # what is done again is done in the standing that asks for it
            self.state = ROUTES[self.key][step][0]

    def fired(self, action: str) -> None:
        """A timer went off."""
        step, _dot, what = action.partition(".")
        if action == "lapse":
            self.end("withdrawn")
        elif what == "silence" and step == self.step:
            self.passed()
        elif what == "ended":
            self.phase = "ended"
        elif what == "unanswered":
            self.phase = ""

    def end(self, state: str) -> None:
        """Nothing is left to do."""
        self.state, self.step, self.phase, self.back, self.assignee = state, "", "", (), ""
