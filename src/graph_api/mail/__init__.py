"""Sends letters by SMTP, or writes them to files if there is no mail server."""
