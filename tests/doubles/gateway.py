"""An SMS gateway over real HTTP on this machine: it accepts, answers late or never, refuses, and keeps what it got."""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class Gateway:
    """drop: how many next requests are accepted without an answer. status: what it answers to the others. It delivers
    a reference once, however often it comes, as long as it knows references (knows_references)."""

    def __init__(self, *, drop: int = 0, status: int = 200, knows_references: bool = True) -> None:
        self.drop, self.status, self.knows_references = drop, status, knows_references
        self.requests: list[dict[str, Any]] = []
        self.delivered: list[dict[str, Any]] = []
        self.seen_headers: list[dict[str, str]] = []
        self.strays: list[str] = []  # whatever came that is no POST
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/send"

    def references(self) -> Counter[str]:
        """How often each reference was sent to it."""
        return Counter(row["reference"] for row in self.requests)

    def take(self, body: dict[str, Any], headers: dict[str, str]) -> int | None:
        """Accept one request; the status of its answer, or None for silence."""
        with self._lock:
            self.requests.append(body)
            self.seen_headers.append(headers)
            dropped = self.drop > 0
            self.drop -= dropped
            known = self.knows_references and any(row["reference"] == body["reference"] for row in self.delivered)
            if (dropped or 200 <= self.status < 300) and not known:
                self.delivered.append(body)
            return None if dropped else self.status

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = gateway.take(body, dict(self.headers))
                if status is None:  # hang up after having accepted
                    self.close_connection = True
                    return
                self.send_response(status)
                if status in (301, 302, 307):
                    self.send_header("Location", gateway.url)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                gateway.strays.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        return Handler

    def __enter__(self) -> "Gateway":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
