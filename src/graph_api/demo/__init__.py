"""The demo: two practices to look at, and what GraphiQL opens with."""
