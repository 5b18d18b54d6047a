"""Accounts, invitations, codes and sessions as the graph keeps them."""
