"""Whether the keys are those that the data were made with; changing them, and telling of it in the audit log."""
