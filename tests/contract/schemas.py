"""Write the JSON Schemas in docs/schemas anew: ``python -m tests.contract.schemas``."""

from ketaref.answers.schema import FILES, KINDS, schema_of
from ketaref.writers import json
from tests.places import SCHEMAS

if __name__ == "__main__":
    folder = SCHEMAS
    for old in folder.glob("*.json"):
        old.unlink()
    for kind in ("report", *KINDS, *FILES):
        schema = schema_of(None if kind == "report" else kind)
        (folder / f"{kind}.schema.json").write_text(json.dumps(schema) + "\n", encoding="ascii")
