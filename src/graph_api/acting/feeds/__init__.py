"""Calendar feeds: appointments in a calendar application, for as long as an account may see them (A11)."""
