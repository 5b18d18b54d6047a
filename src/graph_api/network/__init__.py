"""The contact networks: edges from client to contact, present and past."""
