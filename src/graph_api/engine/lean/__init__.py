"""A Bolt client for one server, with next to nothing between a statement and the socket (docs/bolt.md)."""
