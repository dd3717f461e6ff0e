"""What a chart says of the weights that it goes over."""

import pytest

from tests.conftest import Run


@pytest.mark.parametrize(
    ("ends", "unusual"),
    [
        (("25kg", "60kg"), ["25 kg"]),
        (("60kg", "210kg"), ["210 kg"]),
        (("25kg", "210kg"), ["25 kg", "210 kg"]),
        (("30kg", "200kg"), []),
    ],
    ids="-".join,
)
def test_a_chart_names_each_end_that_is_unusual(
    run: Run, ends: tuple[str, str], unusual: list[str]
) -> None:
    lightest, heaviest = ends
    line = ["chart", "--from", lightest, "--to", heaviest, "--confirm-weight", "-f", "plain"]
    shown = run(*line).stdout
    assert shown.count("is unusual") == len(unusual)
    assert all(f"{weight} is unusual" in shown for weight in unusual)
