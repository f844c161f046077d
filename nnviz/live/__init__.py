"""Live training over a socket: frame codec, one session's request → reply, the endpoint."""
