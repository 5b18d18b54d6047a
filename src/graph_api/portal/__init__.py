"""Portal accounts: invitations, signing in, sessions, and what an account sees."""
