"""One file per question: its answer as data, which is also its JSON. No word of layout."""
