"""Decides who may do what for whom, now, in the past and in the future."""
