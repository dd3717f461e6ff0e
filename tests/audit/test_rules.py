"""What an audit decides with before it reads a line: the rows of the data and of a protocol."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from ketaref.audit.rules import Rule, rule_sets
from ketaref.errors import InputError
from ketaref.ranges.library import Library
from ketaref.reference import Reference
from ketaref.store import load_dataset
from tests.audit.audits import GOOD, audited, counts, put
from tests.conftest import TODAY, Run
from tests.samples import FAR, TWICE


def rules_of(protocol: Path) -> dict[str, Rule]:
    """Return the rules of a protocol's rows, by their names."""
    _, local = rule_sets(Reference.open(protocol, today=TODAY).library)
    return {rule.name: rule for rule in local.rules}


@pytest.mark.parametrize(
    ("stated", "minutes"),
    [
        ('low = 40, high = 60, unit = "min"', (40, 60)),
        ('low = 0.75, high = 1.5, unit = "h"', (45, 90)),  # by hand: times 60
    ],
)
def test_the_duration_of_a_protocol_is_in_minutes(
    protocol: Callable[..., Path], stated: str, minutes: tuple[int, int]
) -> None:
    rules = rules_of(protocol(('low = 40, high = 60, unit = "min"', stated)))
    assert rules["iv-capped"].minutes == tuple(map(Fraction, minutes))
    assert rules["sc-row"].minutes is None


def test_a_duration_is_compared_with_the_ends_as_they_are_written(
    run: Run, tmp_path: Path, protocol: Callable[..., Path]
) -> None:
    minutes = ("1000.0009", "1000.001", "1000.002", "1000.003", "1000.0031")
    table = put(tmp_path, *(f"{GOOD},{each}" for each in minutes), more=",duration_min")
    why = 'body_weight = "ideal"\noutside_published_range_reason = "slow"'
    long = protocol(
        ("low = 40, high = 60", "low = 1000.001, high = 1000.003"), ('body_weight = "ideal"', why)
    )
    report = audited(run, table, "--protocol", str(long))
    found = counts(report, "duration", "iv-capped", "local")
    assert (found["inside the stated one"], found["outside it"]) == ((3, 5), (2, 5))


# Beyond it a product might not fit the 38 digits that all engines hold.
def test_a_protocol_is_audited_up_to_1000_mg_per_kg(protocol: Callable[..., Path]) -> None:
    why = 'outside_published_range_reason = "a test"\nbody_weight = "actual"'

    def up_to(high: str) -> Path:
        return protocol(("high = 0.5", f"high = {high}"), ('body_weight = "actual"', why))

    assert rules_of(up_to("1000"))["sc-row"].high_mcg == 1_000_000
    with pytest.raises(InputError, match=r"sc-row .* is above 1,000 mg/kg"):
        rules_of(up_to("1000.001"))


def test_a_protocol_with_a_row_too_high_for_an_audit_is_refused_by_that_row(
    run: Run, tmp_path: Path
) -> None:
    result = run("audit", put(tmp_path, GOOD), "--protocol", FAR)
    assert result.exit_code == 2
    assert "row iv-far" in result.stderr
    assert "above 1,000 mg/kg, the most that an audit takes" in result.stderr
    assert "without that row" in result.stderr


def test_a_protocol_with_two_rows_of_one_route_and_drug_is_refused_by_both(
    run: Run, tmp_path: Path
) -> None:
    """A dose does not say by which of them it was given."""
    result = run("audit", put(tmp_path, GOOD), "--protocol", TWICE)
    assert result.exit_code == 2
    assert "rows iv-capped and iv-other" in result.stderr


@pytest.mark.parametrize("end", ["low", "high"])
def test_a_row_with_parts_of_a_microgram_is_not_rounded(end: str) -> None:
    data = load_dataset()
    row = data.rows[0].model_copy(update={end: Decimal("1.0005")})
    with pytest.raises(ValueError, match="parts of a microgram"):
        rule_sets(Library(data.model_copy(update={"rows": (row,)}), None, TODAY))
