"""Turn off Nagle's algorithm, so that responses are sent without delay.

Streamlit's server writes the head and the body of a response separately. With Nagle's algorithm
(RFC 896) the body waits until the browser has acknowledged the head, some 40 ms for each of the
page's hundred files. asyncio turns the algorithm off only for sockets whose protocol is set to TCP,
which Streamlit's listening socket is not. Connections inherit the option from the listening socket,
so it is set there.
"""

from __future__ import annotations

import contextlib
import gc
import socket


def turn_off() -> None:
    """Turn it off for all connections accepted from now on by sockets that already listen."""
    for candidate in gc.get_objects():  # the server does not expose its socket
        if type(candidate) is socket.socket:
            with contextlib.suppress(OSError):  # closed, or not TCP
                if candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
