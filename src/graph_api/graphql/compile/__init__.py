"""Answering read operations by compiled code."""
