"""Answers that leave at once, without the wait of Nagle's algorithm.

Streamlit's server writes the head and the body of an answer one after the other. With
Nagle's algorithm (RFC 896) the body then waits until the browser has acknowledged the head,
some 40 ms for each of the page's hundred files. asyncio turns it off for sockets that name
TCP as their protocol, but Streamlit's listening socket names none. Connections take the
option over from the socket that accepts them, so it is set there.
"""

from __future__ import annotations

import contextlib
import gc
import socket


def turn_off() -> None:
    """Turn it off for all connections this process will accept on sockets that listen now."""
    for thing in gc.get_objects():  # the server keeps its socket to itself
        if type(thing) is socket.socket:
            with contextlib.suppress(OSError):  # closed, or no TCP
                if thing.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    thing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
