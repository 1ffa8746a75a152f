"""Which steps are done already: a step leaves a stamp with the hash of what it was made from."""
import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def digest(files: Iterable[Path], *words: str) -> str:
    """Return the SHA-256 over the names and contents of the files, in order of name, and over the words."""
    total = hashlib.sha256()
    for path in sorted(files):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        total.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    for word in words:
        total.update(f"\0{word}".encode())
    return total.hexdigest()


class Stamp:
    """The mark of one finished step in a folder of marks."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name

    def fresh(self, made_from: str, *results: Path) -> bool:
        """Return whether the step was done from just this, and its results still stand."""
        return self.path.exists() and self.path.read_text() == made_from and all(result.exists() for result in results)

    def write(self, made_from: str) -> None:
        """Note that the step is done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(made_from)

    def remove(self) -> None:
        """Forget the step: it will be done again."""
        self.path.unlink(missing_ok=True)


@contextmanager
def only_one(lock_file: Path) -> Iterator[None]:
    """Wait until no other command is setting up in the same folder."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
