"""Texts to phones: what is handed over, to whom, and how it is known again."""
