"""One file per kind of report: its answer as data, and as a document."""
