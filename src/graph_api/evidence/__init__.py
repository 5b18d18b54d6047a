"""What the graph holds beside what the audit log says."""
