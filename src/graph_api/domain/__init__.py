"""What the practice knows and decides: pure, no I/O."""
