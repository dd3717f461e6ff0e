"""The range check as one query over a table: here with DuckDB, or in a warehouse's own engine."""
