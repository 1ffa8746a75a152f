"""A store of the test's own, and somebody who uploads."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from casework.access.models import User
from casework.documents import store
from casework.documents.models import Document

Receive = Callable[..., Document]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where files of this test lie."""
    settings.FILES_DIR = tmp_path / "files"
    return Path(settings.FILES_DIR)


@pytest.fixture
def owner(db: None) -> User:
    """Somebody."""
    return User.objects.create(username="worker")


@pytest.fixture
def receive(owner: User, moment: Any) -> Receive:
    """Upload bytes under a name."""

    def upload(
        data: bytes | UploadedFile, name: str = "a.jpg", kind: str = "id_card", who: User | None = None
    ) -> Document:
        if not isinstance(data, UploadedFile):
            given = data
            data = SimpleUploadedFile("x", given)
            data._name = name  # type: ignore[attr-defined]  # as raw as it can arrive, past Django's own tidying
        return store.receive(data, kind, who or owner, moment)

    return upload


def files_in(folder: Path) -> list[Path]:
    """Every file that lies in the store, temporary ones too."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def kept(folder: Path, document: Document) -> bytes:
    """The stored bytes, which lie where their hash says and nowhere else."""
    path = store.path_of(document.sha256)
    data = path.read_bytes()
    assert path.is_relative_to(folder) and path == folder / document.sha256[:2] / document.sha256[2:]
    assert hashlib.sha256(data).hexdigest() == document.sha256 and len(data) == document.size
    return data
