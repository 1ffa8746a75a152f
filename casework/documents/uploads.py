"""How uploads enter: streamed to a temporary file, a file that is too large is counted and thrown away, and a request
that cannot be meant honestly is refused before its body is read. Named in the setting FILE_UPLOAD_HANDLERS."""
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# Files in one request, each as large as allowed, and the fields beside them.
FILES_A_REQUEST = 3


class TooLargeFile(SimpleUploadedFile):
    """Stands for a file that was cut off: it has the name and the true size, and no content. store.receive refuses
    it with the words for "too large", and the other fields of the form survive."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name, b"", "application/octet-stream")
        self.size = size


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes uploads to temporary files, at most UPLOAD_MAX_BYTES each; nothing is ever held in memory."""

    def handle_raw_input(
        self, input_data: IO[bytes], META: dict[str, Any], content_length: int, boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse the whole request by its announced length, before reading it. Raises RequestDataTooBig (413)."""
        if content_length > FILES_A_REQUEST * settings.UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("the request is larger than the files of one form may be")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what is within the limit, count the rest."""
        self.received += len(raw_data)
        if self.received <= settings.UPLOAD_MAX_BYTES:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file, or its stand-in when it was too large."""
        if self.received > settings.UPLOAD_MAX_BYTES:
            self.file.close()
            return TooLargeFile(self.file_name or "", self.received)
        return super().file_complete(file_size)
