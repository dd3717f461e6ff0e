"""Write the JSON Schemas in docs/schemas anew: ``python -m tests.schemas``."""

from pathlib import Path

from ketaref.reports.schema import FILES, KINDS, schema_of
from ketaref.writers import json

if __name__ == "__main__":
    folder = Path(__file__).parents[1] / "docs" / "schemas"
    for old in folder.glob("*.json"):
        old.unlink()
    for kind in ("report", *KINDS, *FILES):
        schema = schema_of(None if kind == "report" else kind)
        (folder / f"{kind}.schema.json").write_text(json.dumps(schema) + "\n", encoding="ascii")
