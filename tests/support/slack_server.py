"""A server on loopback that speaks the shape of Slack's Web API, faults included."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Answer:
    """What the server says once in place of its normal answer."""

    status: int = 200
    body: bytes = b'{"ok": true}'
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0

    @classmethod
    def rate_limited(cls, seconds: str = "7") -> Answer:
        return cls(429, b'{"ok": false, "error": "ratelimited"}', {"Retry-After": seconds})

    @classmethod
    def refused(cls, code: str) -> Answer:
        return cls(body=json.dumps({"ok": False, "error": code}).encode())


@dataclass(frozen=True)
class Call:
    method: str
    headers: dict[str, str]
    body: dict[str, object]
    raw: bytes


class SlackServer:
    """Use as a context manager; `calls` holds what came in, `script` what to answer next."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.script: list[Answer] = []
        self.stop_waiting = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api/"

    def posted(self) -> list[Call]:
        return [call for call in self.calls if call.method == "chat.postMessage"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop_waiting.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, method: str) -> Answer:
        if self.script:
            return self.script.pop(0)
        result: dict[str, object] = {"ok": True}
        if method == "chat.postMessage":
            result |= {"ts": f"1700000000.{len(self.calls):06d}", "channel": "C1"}
        elif method == "files.getUploadURLExternal":
            result |= {"upload_url": f"{self.base_url}upload", "file_id": "F1"}
        elif method == "files.completeUploadExternal":
            result |= {"files": [{"id": "F1"}]}
        return Answer(body=json.dumps(result).encode())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                method = self.path.removeprefix("/api/")
                body = json.loads(raw) if raw.startswith(b"{") else {}
                owner.calls.append(Call(method, dict(self.headers.items()), body, raw))
                answer = owner.answer(method)
                owner.stop_waiting.wait(answer.delay_seconds)
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Type", "application/json; charset=utf-8")
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except OSError:
                    pass  # the client has stopped waiting: that is what some tests are about

            def log_message(self, *args: object) -> None:
                pass

        return Handler
