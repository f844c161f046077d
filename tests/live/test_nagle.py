"""Connections to this process send their answers at once."""

import socket

from nnviz.live import nagle


def accepted(listening: socket.socket) -> bool:
    """Whether a connection accepted there sends at once."""
    with socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_connections_of_a_socket_that_listens_send_at_once():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert not accepted(listening)
        nagle.turn_off()
        assert accepted(listening)


def test_sockets_that_do_not_listen_are_left_alone():
    closed, datagrams = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.close()
    with socket.socket() as plain, datagrams:
        nagle.turn_off()
        assert not plain.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
