"""What somebody does for a client: a contact from their own account, or staff."""
