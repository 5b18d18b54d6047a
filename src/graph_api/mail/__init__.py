"""Ways for letters to leave: by SMTP, or as files where there is none."""
