"""One file per answer: how it is laid out. No arithmetic."""
