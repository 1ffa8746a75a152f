"""What one actor wishes of one case."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from casework.access.actor import Actor

EMPTY: Mapping[str, Any] = MappingProxyType({})


class Via(StrEnum):
    """The channel a command came through (domain §2, channels)."""

    ONLINE = "online"
    WINDOW = "window"
    ASSISTED = "assisted"
    HOTLINE = "hotline"
    TIMER = "timer"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Command:
    """One wish of one actor.

    case: id of the case. action: "submit", "withdraw" … or "<step>.<decision>". seen: number of the last event on
    the screen it was decided from. key: one per click, row or timer; a repeat returns the first event. answers:
    the form of the action, already JSON-able. address: where the request came from, for the timeline.
    task: id of the task a timer means, where several desks have the same step; 0 = the actor's own.
    """

    case: int
    action: str
    actor: Actor
    seen: int
    key: str
    answers: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    via: Via = Via.ONLINE
    address: str = ""
    task: int = 0
