"""Who changed what: events in chains, their log, and checkpoints."""
