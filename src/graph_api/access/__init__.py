"""Who may do what for whom, now, before and in the time to come."""
