"""What people could upload: every sample is refused in words, or kept without what made it dangerous (promise I2)."""

import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation

from casework.core.problems import Refused
from casework.documents import names, parsing, preview, serve
from casework.documents.formats import IMAGES, SUFFIXES
from casework.documents.models import Document
from casework.documents.preview import Side
from tests.documents import samples
from tests.documents.conftest import Receive, files_in, kept

pytestmark = pytest.mark.promise("I2")
CJK = re.compile(r"[\u4e00-\u9fff]")
MEMORY_MOST = 300 * 1024  # KiB of a child, promise I2


@pytest.mark.parametrize("sample", samples.EVERY, ids=[sample.name for sample in samples.EVERY])
def test_hostile_files(sample: samples.Sample, receive: Receive, folder: Path) -> None:
    if not sample.code:
        document = receive(sample.data, sample.name)
        assert document.content_type in IMAGES and document.name.endswith(SUFFIXES[document.content_type])
        assert sample.payload in sample.data and sample.payload not in kept(folder, document)
        assert len(files_in(folder)) == 1
        assert preview.preview(document, Side.LARGE).startswith(b"\xff\xd8\xff")
        return
    with pytest.raises(Refused) as refused:
        receive(sample.data, sample.name)
    problem = refused.value.problems[0]
    assert problem.code.startswith(sample.code) and refused.value.status == 422, problem.code
    assert CJK.search(f"{problem.message}") and problem.mend
    assert not Document.objects.exists() and not files_in(folder), "nothing remains of a refused file"


def test_there_are_enough_of_them() -> None:
    """Promise I2 asks for 60 samples; names are counted apart."""
    assert len({sample.name for sample in samples.EVERY}) == len(samples.EVERY) >= 60


@pytest.mark.parametrize("name", samples.NAMES, ids=range(len(samples.NAMES)))
def test_names_steer_nothing(name: str, receive: Receive, folder: Path) -> None:
    document = receive(samples.png(), name)
    kept(folder, document)
    shown = document.name
    assert shown.endswith(".png") and 5 <= len(shown) <= names.MOST
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]', shown)
    assert shown not in (".", "..") and not shown.startswith((".", " "))
    shown.encode()
    answer = serve.respond(document, download=True)
    header = answer["Content-Disposition"]
    answer.file_to_stream.close()  # type: ignore[attr-defined]
    assert header.startswith("attachment; filename") and "\n" not in header and header.isascii()
    assert Document.objects.get(pk=document.pk).name == shown


def test_names_people_gave_stay_readable(receive: Receive) -> None:
    assert receive(samples.jpeg(), "身份证 正面.JPG").name == "身份证 正面.jpg"
    assert receive(samples.png(), "𠮷㐂·收入证明.png").name == "𠮷㐂·收入证明.png"
    assert receive(samples.pdf(), "C:\\我的 文档\\合同.pdf").name == "合同.pdf"


TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf", "ofd": "application/ofd"}


@pytest.mark.parametrize("sample", samples.BOMBS, ids=[sample.name for sample in samples.BOMBS])
def test_a_bomb_stays_small_in_memory(sample: samples.Sample, tmp_path: Path) -> None:
    used = peak(sample.data, TYPES[sample.name[-3:]], tmp_path)
    assert used < MEMORY_MOST


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA"])
def test_the_largest_picture_we_take_stays_in_bounds_too(mode: str, tmp_path: Path) -> None:
    used = peak(samples.png((7070, 7070), mode, compress_level=1), "image/png", tmp_path)
    assert used < MEMORY_MOST


def test_the_largest_photo_we_take_stays_in_bounds_too(tmp_path: Path) -> None:
    used = peak(samples.jpeg((7070, 7070)), "image/jpeg", tmp_path)
    assert used < MEMORY_MOST


@pytest.mark.parametrize("side", [14_400, 20_000, 0.001])
def test_a_pdf_page_of_any_size_stays_in_bounds_too(side: float, tmp_path: Path) -> None:
    data = samples.pdf(lambda pdf: setattr(pdf.pages[0], "mediabox", pikepdf.Array([0, 0, side, side])))
    assert peak(data, "application/pdf", tmp_path) < MEMORY_MOST


# The child's own high-water mark; what a fork inherits from this process does not count.
WATCHED = """
import runpy, sys
child = runpy.run_path(sys.argv[1])
child["main"](*sys.argv[2:])
with open("/proc/self/status") as status:
    print("", *[line for line in status if line.startswith("VmHWM")], sep="\\n")
"""


def peak(data: bytes, kind: str, folder: Path) -> int:
    """The most memory a child ever held, in KiB, while it checks a file and while it makes the small picture."""
    source = folder / "in"
    source.write_bytes(data)
    found = []
    for task, numbers in (("check", ()), ("preview", ("1600", "1"))):
        command = [
            sys.executable,
            "-I",
            "-c",
            WATCHED,
            str(parsing.CHILD),
            task,
            kind,
            str(source),
            str(folder / "out"),
            *numbers,
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        mark = re.search(r"VmHWM:\s+(\d+) kB", told.stdout)
        if mark is None:
            assert told.returncode != 0, "killed by its limits, which lie below"
        else:
            found.append(int(mark[1]))
    return max(found, default=0)


def test_a_file_that_is_larger_than_it_says(receive: Receive, settings: object, folder: Path) -> None:
    """The announced size is not believed: counting happens while the bytes arrive."""

    class Liar(UploadedFile):
        def chunks(self, chunk_size: int | None = None):  # type: ignore[no-untyped-def]
            for _n in range(60):
                yield samples.jpeg() + b"\0" * 250_000

    with pytest.raises(Refused) as refused:
        receive(Liar(None, "a.jpg", "image/jpeg", size=10))
    assert refused.value.problems[0].code == "FILE_TOO_LARGE" and not files_in(folder)
    with translation.override("zh-hans"):
        assert "10 MB" in str(refused.value.problems[0].message)


def test_a_file_that_says_it_is_too_large_is_not_read(receive: Receive) -> None:
    class Unread(UploadedFile):
        def chunks(self, chunk_size: int | None = None):  # type: ignore[no-untyped-def]
            yield b""
            raise AssertionError("it was read")

    with pytest.raises(Refused) as refused:
        receive(Unread(None, "a.jpg", "image/jpeg", size=10 * 1024 * 1024 + 1))
    assert refused.value.problems[0].code == "FILE_TOO_LARGE"


def test_the_child_sees_no_secrets_and_none_of_our_code() -> None:
    """It runs isolated, with an empty environment, and imports nothing of ours."""
    text = parsing.CHILD.read_text()
    assert not re.search(r"^\s*(from|import) (casework|django)", text, re.MULTILINE)
    assert "RLIMIT_AS" in text and "RLIMIT_CPU" in text and "RLIMIT_FSIZE" in text
