"""A clinic's own protocol: what its file may hold, how it is read, how it differs."""
