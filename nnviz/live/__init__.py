"""Live training over a WebSocket: requests, sessions, replies and the endpoints that serve them."""
