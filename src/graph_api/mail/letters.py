"""How every letter is laid out. Letters name the practice and no person, because others may read the mailbox."""

from graph_api.mail.model import Letter


def letter_of(address: str, practice_name: str, subject: str, *paragraphs: str) -> Letter:
    """A letter from the practice."""
    text = "\n\n".join((*paragraphs, practice_name)) + "\n"
    return Letter(address, f"{practice_name}: {subject}", text, practice_name)
