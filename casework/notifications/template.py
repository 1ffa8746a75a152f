"""One kind of message as `messages` tells it."""
from dataclasses import dataclass

from casework.core.text import Text


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message. sms: None when it is never sent by SMS. page: address name of the page of its case."""

    title: Text
    body: Text
    sms: Text | None = None
    page: str = "my_case"
