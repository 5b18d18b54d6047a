"""The contact networks: edges from client to contact, now and before."""
