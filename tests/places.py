"""Where things are: the repository, its data and documents, the worked protocols of the tests."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
DOCS = ROOT / "docs"
SCHEMAS = DOCS / "schemas"

PROTOCOLS = Path(__file__).parent / "protocol" / "samples"
NARROW = PROTOCOLS / "narrow.toml"
EXPIRED = PROTOCOLS / "expired.toml"

TABLE = Path(__file__).parent / "audit" / "audit_sample.csv"
