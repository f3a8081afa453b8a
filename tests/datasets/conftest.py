"""A small server on this machine, to fetch from: it can be slow, lie about lengths, break off or refuse."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Server:
    """What it serves, and how.

    Attributes:
        files: content by path.
        lengths: the Content-Length that it claims, by path; None for none.
        stalled: paths whose second half waits until `go`.
        asked: paths, in the order in which they were asked for.
    """

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    lengths: dict[str, int | None] = field(default_factory=dict)
    stalled: set[str] = field(default_factory=set)
    go: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return self.address + path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    # A proxy of the machine has nothing to do with a server on it.
    monkeypatch.setenv("no_proxy", "*")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            if self.path not in served.files:
                self.send_error(404)
                return
            content = served.files[self.path]
            self.send_response(200)
            length = served.lengths.get(self.path, len(content))
            if length is not None:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            half = len(content) // 2 if self.path in served.stalled else 0
            self.wfile.write(content[:half])
            self.wfile.flush()
            if self.path in served.stalled:
                served.go.wait(30)
            self.wfile.write(content[half:])

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    # A client that went away is no fault of the server.
    monkeypatch.setattr(http, "handle_error", lambda *_: None)
    served = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    served.go.set()
    http.shutdown()
    thread.join()
    http.server_close()
