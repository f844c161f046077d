"""What a browser needs of a page behind a proxy, asked for without one."""

import json
import re
import ssl
from urllib.parse import urlsplit

import httpx
from websockets.sync.client import ClientConnection, connect

from nnviz.live.codec import unpack
from nnviz.stage.files import ENTRY, address

PATIENCE = 30  # seconds


def context() -> ssl.SSLContext:
    """TLS that takes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def enter(url: str, socket: str, **options) -> ClientConnection:
    """A socket of the page at an address, as the page's scripts open it."""
    parts = urlsplit(url)
    secure = {"ssl": context()} if parts.scheme == "https" else {}
    headers = {"origin": f"{parts.scheme}://{parts.netloc}"}
    return connect(url.replace("http", "ws", 1) + socket, **headers, **secure, **options)


def ask(socket, op: str, **fields) -> dict:
    """The header of the reply to one request."""
    socket.send(json.dumps({"op": op, **fields}))
    return unpack(socket.recv(PATIENCE))[0]


def check(url: str) -> None:
    """The page, its scripts and all its sockets are below the address."""
    with httpx.Client(verify=context(), base_url=url, timeout=PATIENCE) as client:
        page = client.get("")
        assert page.status_code == 200
        scripts = re.findall(r'(?:src|href)="\./(\S+\.js)"', page.text)
        assert f"{address()}/{ENTRY}" in scripts
        for path in [f"{address()}/{ENTRY}", *scripts[:3], "_stcore/health", "_stcore/host-config"]:
            assert client.get(path).status_code == 200, path
        without_upgrade = client.get("live")
        assert (without_upgrade.status_code, "Upgrade" in without_upgrade.text) == (426, True)
    with enter(url, "live") as socket:
        assert ask(socket, "open", recipe={"samples": 30})["type"] == "opened"
        assert ask(socket, "frame", epochs=1)["epoch"] == 1
    with enter(url, "_stcore/stream", subprotocols=["streamlit"]) as socket:
        assert socket.subprotocol == "streamlit"
    with enter(url, "studio") as socket:
        assert socket.ping().wait(PATIENCE)
