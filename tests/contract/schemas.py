"""Write the JSON Schemas in docs/schemas anew: ``python -m tests.contract.schemas``.

Those of every answer, of the dataset and of a protocol file; ``ketaref schema`` prints the others.
"""

from ketaref.answers.exact_json import dumps
from ketaref.answers.schema import FILES, schema_of
from tests.places import SCHEMAS

KEPT = ("report", *FILES)


def main() -> None:
    """Write the schemas, and take away any other."""
    for old in SCHEMAS.glob("*.json"):
        old.unlink()
    for kind in KEPT:
        schema = schema_of(None if kind == "report" else kind)
        file = SCHEMAS / f"{kind}.schema.json"
        file.write_text(dumps(schema) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
