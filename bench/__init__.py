"""How fast the API answers, on every engine: `make bench`."""
