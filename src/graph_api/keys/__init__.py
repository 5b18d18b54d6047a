"""The secrets of an installation: what they are, and the files in which they lie."""
