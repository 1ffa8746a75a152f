"""Bank layouts: one module each, with write(payments) for the file to the bank and read(bytes) for its answer."""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from casework.funds.bank_layouts.rows import Row
from casework.funds.models import Payment

__all__ = ["Layout", "Row", "layout"]


class Layout(Protocol):
    """What a layout module offers."""

    def write(self, payments: Sequence[Payment]) -> bytes:
        """The file for the bank."""

    def read(self, data: bytes) -> list[Row]:
        """The bank's answer, line by line. Raises Refused with the lines that cannot be read."""


def layout(name: str = "generic") -> Layout:
    """The layout module of this name. Raises ModuleNotFoundError."""
    return cast(Layout, import_module(f"{__name__}.{name}"))
