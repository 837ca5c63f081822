"""A live view as a page of a server that answers this machine alone, and there only who knows its token."""

from __future__ import annotations

import hmac
import http.server
import json
import secrets
import tempfile
import threading
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from memnet.base import check
from memnet.live import _assets
from memnet.live._message import plain
from memnet.live._player import Player
from memnet.live._scene import scene
from memnet.simulate import Simulation

ADDRESS = "127.0.0.1"
# Names by which a browser of this machine may call it; the port is another one behind a tunnel.
HOSTS = (ADDRESS, "localhost")
# Letters of a token, the longest body (bytes), how long a browser waits for a picture, and an idle one is kept (s).
TOKEN_BYTES, LONGEST_BODY, WAIT, IDLE = 24, 65_536, 10.0, 30.0
# Connections at a time; a browser makes six.
MOST_CONNECTIONS = 48
# A page that nobody asks pictures for in that time (s) was closed.
PATIENCE = 30.0

# The page may load what this server gives, and nothing else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """A request that is answered by a status and one line."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Page:
    """A live view of a simulation as a local page: `url` is its address, `close` ends it.

    Parameters
    ----------
    simulation : Simulation
        What is played.
    port : int
        The port, 0 for a free one.
    """

    def __init__(self, simulation: Simulation, port: int = 0) -> None:
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.player = Player(simulation)
        self.player.patience = PATIENCE
        self.scene = scene(simulation, self.player.traced)
        self.closed = False
        self._serving = False
        self._way: tempfile.TemporaryDirectory[str] | None = None
        self._server = Server((ADDRESS, check.integer("port", port, 0, 65_535)), self)

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address of the page, with the token in it."""
        return f"http://{ADDRESS}:{self.port}/{self.token}/"

    def serve(self) -> None:
        """Answer until `close` is called in another thread, or Ctrl-C."""
        self._serving = True
        self._server.serve_forever(poll_interval=0.1)

    def start(self) -> None:
        """Answer in a thread."""
        self._serving = True
        threading.Thread(target=self.serve, daemon=True, name="memnet view").start()

    def open(self) -> None:
        """Open the page in a browser, by a file that leads there: others can read the arguments of processes."""
        self._way = tempfile.TemporaryDirectory(prefix="memnet-view-")  # for this user alone
        file = Path(self._way.name) / "view.html"
        file.write_text(f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={self.url}">', encoding="ascii")
        threading.Thread(target=webbrowser.open, args=(file.as_uri(),), daemon=True).start()

    def close(self) -> None:
        """Stop the simulation and the server; connections that are open are refused what they ask."""
        self.closed = True
        if self._serving:  # shutdown waits for an end, which what never began does not have
            self._server.shutdown()
        self._server.server_close()
        self.player.command({"do": "pause"})
        if self._way is not None:
            self._way.cleanup()


class Server(http.server.ThreadingHTTPServer):
    """The server of a page, with a thread a connection, and not more than some of these."""

    daemon_threads = True
    request_queue_size = MOST_CONNECTIONS

    def __init__(self, address: tuple[str, int], page: Page) -> None:
        self.page = page
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a connection, or close it where there are too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer the requests of a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that goes away in the middle of an answer is none of ours to mourn."""


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of a browser."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "memnet"
    sys_version = ""
    timeout = IDLE

    def do_GET(self) -> None:
        """Answer with a file, the scene or the next picture."""
        self._answer(GETS)

    def do_POST(self) -> None:
        """Carry out a command."""
        self._answer(POSTS)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # the base class asks whether there is a method of that name
            return self._refuse_method
        raise AttributeError(name)

    def log_message(self, *_args: Any) -> None:
        """Keep still: addresses have the token."""

    def _refuse_method(self) -> None:
        self._send(HTTPStatus.METHOD_NOT_ALLOWED, b"GET and POST only\n", "text/plain", close=True)

    def _answer(self, table: dict[str, Callable[[Handler, dict[str, str]], tuple[bytes, str]]]) -> None:
        try:
            self._refuse_strangers()
            name, query = self._place()
            if name not in table:
                known = name in GETS or name in POSTS
                status = HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND
                raise Refused(status, "another method" if known else "no such page")
            body, kind = table[name](self, query)
        except Refused as refused:
            self._send(refused.status, f"{refused}\n".encode(), "text/plain", close=True)
        except (ValueError, TypeError, ArithmeticError, RuntimeError, MemoryError) as error:
            self._send(HTTPStatus.BAD_REQUEST, f"{error}\n".encode(), "text/plain")
        else:
            self._send(HTTPStatus.OK if body else HTTPStatus.NO_CONTENT, body, kind)

    def _refuse_strangers(self) -> None:
        """Refuse pages of other sites, also those whose name was made to lead here, and all once the view is closed."""
        if self.server.page.closed:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "the view is closed")
        host = self.headers.get_all("Host") or [""]
        if len(host) != 1 or host[0].partition(":")[0] not in HOSTS:
            raise Refused(HTTPStatus.FORBIDDEN, "another host")
        for origin in self.headers.get_all("Origin") or []:
            if origin != f"http://{host[0]}":
                raise Refused(HTTPStatus.FORBIDDEN, "another origin")

    def _place(self) -> tuple[str, dict[str, str]]:
        """Return the name of what is asked for, behind the token, and the query."""
        parts = urlsplit(self.path)
        token, slash, name = parts.path.removeprefix("/").partition("/")
        known = hmac.compare_digest(token.encode("utf-8", "surrogateescape"), self.server.page.token.encode())
        if not known or not slash:
            raise Refused(HTTPStatus.FORBIDDEN, "the token of the address is missing or wrong")
        return name, {key: values[-1] for key, values in parse_qs(parts.query).items()}

    def _body(self) -> bytes:
        if "Transfer-Encoding" in self.headers:
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "a body needs its length")
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "a body needs its length")
        if len(length) > 9 or int(length) > LONGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {LONGEST_BODY} bytes")
        return self.rfile.read(int(length))

    def _send(self, status: HTTPStatus, body: bytes, kind: str, *, close: bool = False) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if close:  # what else came with a request that was refused is not read
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    # ------------------------------------------------------------ what there is

    def send_page(self, _query: dict[str, str]) -> tuple[bytes, str]:
        return _assets.text("page.html").encode(), "text/html; charset=utf-8"

    def send_style(self, _query: dict[str, str]) -> tuple[bytes, str]:
        return _assets.text("view.css").encode(), "text/css; charset=utf-8"

    def send_script(self, _query: dict[str, str]) -> tuple[bytes, str]:
        return _assets.script("page").encode(), "text/javascript; charset=utf-8"

    def send_scene(self, _query: dict[str, str]) -> tuple[bytes, str]:
        return self.server.page.scene, "application/octet-stream"

    def send_frame(self, query: dict[str, str]) -> tuple[bytes, str]:
        """Wait for a picture later than the one that the browser has; nothing where none came in some time."""
        numbers = {name: _number(name, query.get(name, "0")) for name in ("picture", "begun", "rows", "events")}
        player = self.server.page.player
        if not player.wait(numbers.pop("picture"), WAIT):
            return b"", ""
        return player.frame(**numbers, edges=query.get("edges", "current")), "application/octet-stream"

    def carry_out(self, _query: dict[str, str]) -> tuple[bytes, str]:
        """Do what the body says, and answer with what comes of it."""
        body = self._body()
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a command is JSON")
        try:
            words = json.loads(body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise ValueError("a command must be JSON") from None
        reply = self.server.page.player.command(words).result()
        return json.dumps(plain(reply)).encode(), "application/json"


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValueError(f"{name} must be a number, got {check.shown(text)}")
    return int(text)


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


GETS: dict[str, Callable[[Handler, dict[str, str]], tuple[bytes, str]]] = {
    "": Handler.send_page,
    "view.css": Handler.send_style,
    "view.js": Handler.send_script,
    "scene": Handler.send_scene,
    "frame": Handler.send_frame,
}
POSTS: dict[str, Callable[[Handler, dict[str, str]], tuple[bytes, str]]] = {"command": Handler.carry_out}
