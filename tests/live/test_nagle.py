"""Connections to this process send their responses without delay."""

import socket

from nnviz.live import nagle


def accepted(listening: socket.socket) -> bool:
    """Whether an accepted connection sends without delay."""
    with socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_connections_of_a_listening_socket_send_without_delay():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert not accepted(listening)
        nagle.turn_off()
        assert accepted(listening)


def test_other_sockets_are_not_changed():
    closed, datagrams = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.close()
    with socket.socket() as plain, datagrams:
        nagle.turn_off()
        assert not plain.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
