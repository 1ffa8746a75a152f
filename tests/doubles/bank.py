"""A bank that reads the file we send and answers by file: in full, in halves, late, twice, wrong, or with garbage."""

import csv
import io
import random
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

HEADER = ("付款编号", "金额（元）", "处理结果", "退回代码", "银行流水号")


class Order(NamedTuple):
    """One line of our file as the bank reads it."""

    number: str
    holder: str
    card: str
    bank: str
    branch: str
    yuan: str
    words: str


class Bank:
    """paid: the numbers it has carried out. It pays a number once, however often it is sent."""

    def __init__(self) -> None:
        self.paid: dict[str, str] = {}

    def read(self, data: bytes) -> list[Order]:
        """Our file, line by line."""
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        return [Order(*row) for row in rows[1:]]

    def carry_out(self, data: bytes, returned: Collection[str] = ()) -> list[tuple[str, ...]]:
        """Pay what is not paid yet; returned: numbers whose account it cannot find, or with what it says of each. The
        lines of its answer."""
        lines = []
        for place, order in enumerate(self.read(data), 1):
            if order.number in returned:
                why = returned[order.number] if isinstance(returned, Mapping) else "R03"
                lines.append((order.number, order.yuan, "退回", why, f"B{place:06d}"))
            else:
                self.paid.setdefault(order.number, order.yuan)
                lines.append((order.number, order.yuan, "成功", "", f"B{place:06d}"))
        return lines

    def answer(self, data: bytes, returned: Collection[str] = (), encoding: str = "utf-8-sig") -> bytes:
        """The whole answer."""
        return self.file(self.carry_out(data, returned), encoding)

    def shuffled(self, data: bytes, returned: Collection[str] = (), seed: int = 1) -> bytes:
        """The whole answer in another order."""
        lines = self.carry_out(data, returned)
        random.Random(seed).shuffle(lines)
        return self.file(lines)

    def parts(self, data: bytes, count: int, returned: Collection[str] = ()) -> list[bytes]:
        """The answer in several files."""
        lines = self.carry_out(data, returned)
        return [self.file(lines[part::count]) for part in range(count)]

    def without(self, data: bytes, missing: Collection[str]) -> bytes:
        """An answer that is silent about some numbers."""
        return self.file(line for line in self.carry_out(data) if line[0] not in missing)

    def changed(self, data: bytes, number: str, yuan: str) -> bytes:
        """An answer that tells another amount for one number."""
        lines = self.carry_out(data)
        return self.file((line[0], yuan, *line[2:]) if line[0] == number else line for line in lines)

    @staticmethod
    def garbage(size: int = 2000) -> bytes:
        """No answer at all."""
        return random.Random(size).randbytes(size)

    @staticmethod
    def file(lines: Iterable[tuple[str, ...]], encoding: str = "utf-8-sig") -> bytes:
        """Lines as the bank writes them."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows(lines)
        return out.getvalue().encode(encoding)
