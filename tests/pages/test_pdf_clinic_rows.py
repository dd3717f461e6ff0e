"""However many rows a clinic has, no word of a PDF covers another or leaves the margins."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.pages.paper import misplaced
from tests.places import NARROW


def many_rows(count: int, word: str) -> str:
    """Return a protocol of so many capped rows, with a word that no line may end inside of."""
    head = NARROW.read_text().split("[[row]]")[0]
    rows = "".join(
        f'''
[[row]]
id = "row-{number}"
route = "iv"
drug = "ketamine"
basis = "per_kg"
low = 0.{50 + number}
high = 1.{10 + number}
unit = "mg/kg"
duration = {{ low = 40, high = 60, unit = "min" }}
body_weight = "actual"
maximum = {{ value = 60.125, unit = "mg" }}
sources = [{{ title = "{word}", place = "p {number}" }}]
'''
        for number in range(count)
    )
    return f'''{head.replace("A hospital", word)}{rows}
[[check]]
id = "check-1"
phase = "before"
text = "At most 160/100 {word}"
sources = [{{ title = "{word}", place = "{word}" }}]
'''


@pytest.mark.system_package("pdftotext")
@pytest.mark.parametrize("word", ["T", "W" * 120, "m-" * 60], ids=["T", "W", "m-"])
@pytest.mark.parametrize("count", [3, 15])
@pytest.mark.parametrize(
    "line",
    [
        ["chart", "-s", "0.333mg/mL"],
        ["chart", "--from", "8st", "--to", "18st", "--step", "1st", "-s", "10mg/mL"],
        ["dose", "154.333 lb", "-s", "0.333mg/mL", "--over", "59.9min"],
        ["checklist", "--clinic", "W" * 120],
    ],
    ids=["chart in kg", "chart in st", "dose", "checklist"],
)
def test_no_quantity_is_printed_over_another_however_many_rows_a_clinic_has(
    run: Run, tmp_path: Path, line: list[str], count: int, word: str
) -> None:
    """H: number-cut-from-unit."""
    protocol = tmp_path / "protocol.toml"
    protocol.write_text(many_rows(count, word))
    result = run(*line, "--protocol", str(protocol), "-f", "pdf")
    assert result.exit_code == 0, result.stderr
    assert misplaced(result.stdout_bytes) == []


@pytest.mark.system_package("pdftotext")
def test_the_review_pack_of_many_rows_with_long_words_keeps_them_apart(
    run: Run, tmp_path: Path
) -> None:
    """H: number-cut-from-unit. It is the longest page, and so tried once."""
    protocol = tmp_path / "protocol.toml"
    protocol.write_text(many_rows(15, "W" * 120))
    result = run("review", "--protocol", str(protocol), "-f", "pdf")
    assert result.exit_code == 0, result.stderr
    assert misplaced(result.stdout_bytes) == []


@pytest.mark.system_package("pdftotext")
@pytest.mark.parametrize(
    "body", ["#place(dx: 20mm)[30 mg]#place(dx: 24mm)[45 mg]", "#place(dx: 180mm)[300 mg]"]
)
def test_words_over_one_another_and_outside_the_margins_are_found(body: str) -> None:
    import typst

    page = '#set page(paper: "a4", margin: (x: 16mm, top: 18mm))\n'
    wrong = typst.compile((page + body).encode(), format="pdf")
    assert isinstance(wrong, bytes)
    assert misplaced(wrong)
