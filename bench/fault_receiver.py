"""The receiver of the fault harness: logs what it takes, then sometimes says that it did not."""

from __future__ import annotations

import json
import os
import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOG = os.open(sys.argv[1], os.O_CREAT | os.O_APPEND | os.O_WRONLY)
TROUBLE = float(sys.argv[2])
"""Share of requests answered with each kind of trouble."""

RNG = random.Random(1)  # noqa: S311 - repeatable, no secret


class Handler(BaseHTTPRequestHandler):
    """Takes a webhook: 429 and 503 before it is taken, 500 and a cut line after."""

    def do_POST(self) -> None:
        """Log the request and answer it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chance = RNG.random()
        if chance < TROUBLE:
            self._answer(429, {"Retry-After": "1"})
            return
        if chance < 2 * TROUBLE:
            self._answer(503, {})
            return
        line = {
            "path": self.path,
            "key": self.headers["webhook-id"],
            "identifier": body["data"]["identifier"],
        }
        os.write(LOG, (json.dumps(line) + "\n").encode())
        if chance < 3 * TROUBLE:
            self._answer(500, {})
        elif chance < 4 * TROUBLE:
            self.close_connection = True
        else:
            self._answer(200, {})

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in ({"Content-Length": "0"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
        except OSError:
            pass  # the sender was killed

    def log_message(self, *_args: object) -> None:
        """Print nothing: the log file says it all."""


class Server(ThreadingHTTPServer):
    """Says nothing of senders that were killed."""

    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, *_args: object) -> None:
        """A connection that breaks is what this is about."""


server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
