"""The rules of use: who may do what, in which order, and what it changes."""
