"""The drugs: every section, every figure with its source, each drug's figures its own."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from ketaref import store
from ketaref.errors import DataError
from ketaref.model.dataset import Dataset
from ketaref.model.drug import Interaction, Item, Monitoring, Monograph, Product, Section
from ketaref.model.entries import entries
from ketaref.model.names import Drug
from tests.data.copies import copy_of_data, edit
from tests.places import DATA

Stated = Item | Interaction | Monitoring | Product

DRUGS = {monograph.drug: monograph for monograph in store.load_dataset().drugs}
STATED = [(drug, stated) for drug, monograph in DRUGS.items() for stated in monograph.stated]
each_drug = pytest.mark.parametrize("monograph", DRUGS.values(), ids=lambda each: each.drug)
each_stated = pytest.mark.parametrize(
    ("drug", "stated"),
    STATED,
    ids=[f"{drug} {stated.section} {stated.id}" for drug, stated in STATED],
)

# By hand: the order that a monograph is read in.
SECTIONS = [
    *("indications", "contraindications", "interactions", "age"),
    *("hepatic-impairment", "renal-impairment", "pregnancy", "breastfeeding"),
    *("side-effects", "overdose", "monitoring", "preparation", "incompatibilities", "infusion"),
    *("pharmacokinetics", "driving", "storage", "legal-schedule", "products"),
]
# What is listed by another command, and not repeated here.
ELSEWHERE = {"contraindications", "side-effects"}


def words(stated: Stated) -> str:
    said = stated.model_dump(exclude={"sources", "jurisdictions"}, exclude_none=True)
    return " ".join(map(str, said.values()))


def of(monograph: Monograph, section: Section) -> list[Stated]:
    return [stated for stated in monograph.stated if stated.section is section]


def test_the_sections_have_one_order() -> None:
    assert [section.value for section in Section] == SECTIONS


def test_there_is_a_monograph_of_each_drug() -> None:
    assert DRUGS.keys() == set(Drug)


@each_drug
def test_a_monograph_has_every_section_in_order(monograph: Monograph) -> None:
    found = list(dict.fromkeys(stated.section.value for stated in monograph.stated))
    assert found == [section for section in SECTIONS if section not in ELSEWHERE]


@each_drug
@pytest.mark.parametrize(
    "section",
    [
        Section.PREGNANCY,
        Section.BREASTFEEDING,
        Section.HEPATIC_IMPAIRMENT,
        Section.RENAL_IMPAIRMENT,
    ],
)
def test_a_special_group_has_a_text_or_says_what_was_searched(
    monograph: Monograph, section: Section
) -> None:
    found = of(monograph, section)
    assert found
    for stated in found:
        assert isinstance(stated, Item)
        assert stated.sources or "2026" in (stated.searched or "")


@each_stated
def test_a_figure_has_a_source(drug: Drug, stated: Stated) -> None:
    searched = getattr(stated, "searched", None)
    assert bool(stated.sources) != bool(searched)
    if searched:
        assert "o text found" in words(stated)
        assert not re.search(r"\d (?:%|mg|mL|mmHg|hours|people)", words(stated))


@each_stated
def test_a_citation_names_a_place(drug: Drug, stated: Stated) -> None:
    for source in stated.sources:
        assert len(source.place) >= 5


# By hand: figures that belong to one of the drugs, as they stand in its labels.
OF_ESKETAMINE = re.compile(
    r"\b(?:28|56|84) mg\b|140/90|150/90|40 minutes after|at least 2 hours|restful sleep|Spravato"
)
OF_KETAMINE = re.compile(r"mg/kg|\b\d+ mg/mL|180/100|Ketalar|\bvial")


@each_stated
def test_a_figure_of_the_other_drug_is_marked(drug: Drug, stated: Stated) -> None:
    theirs = OF_ESKETAMINE if drug is Drug.KETAMINE else OF_KETAMINE
    if theirs.search(words(stated)):
        assert getattr(stated, "about", None) in ("both", drug.other)


@each_stated
def test_a_statement_about_the_other_drug_names_it(drug: Drug, stated: Stated) -> None:
    about = getattr(stated, "about", None)
    if about == drug.other:
        assert re.search(rf"\b{about}\b", words(stated))


def test_what_was_studied_with_oral_esketamine_is_not_printed_for_the_nasal_spray() -> None:
    nasal = [words(stated) for stated in of(DRUGS[Drug.ESKETAMINE], Section.INTERACTIONS)]
    assert not [text for text in nasal if re.search(r"x 2\.6|x 2\.4|58 %|86 %|0\.2 mg/kg", text)]


# By hand, from the records of openFDA and the pages of the agencies that the research quotes.
CODES = {
    "par-10": "42023-113-10",
    "eugia-10": "55150-438-10",
    "hospira-100": "0409-2051-05",
    "sagent-100": "25021-684-05",
    "fresenius-100": "65219-186-05",
    "sintetica-1": "Swissmedic 67199",
    "pfizer-ch": "Swissmedic 35073",
    "labatec": "Swissmedic 63231",
    "spravato-us-56": "50458-028-02",
    "spravato-us-84": "50458-028-03",
    "spravato-uk": "PLGB 00242/0648",
    "spravato-ch": "Swissmedic 67103",
}


@pytest.mark.parametrize(("product", "code"), CODES.items())
def test_a_product_has_the_code_that_its_source_gives(product: str, code: str) -> None:
    found = {p.id: p for monograph in DRUGS.values() for p in monograph.products}[product]
    assert (found.ndc or found.licence) == code


def test_every_product_of_a_directory_of_codes_has_its_code() -> None:
    for monograph in DRUGS.values():
        for product in monograph.products:
            if any(source.source_id.startswith("openfda") for source in product.sources):
                assert product.ndc


def test_a_dose_of_the_device_is_a_multiple_of_28_mg() -> None:
    text = next(s.text for s in DRUGS[Drug.ESKETAMINE].items if s.id == "device")
    for amount, devices in re.findall(r"(\d+) mg = (\d) devices", text):
        assert int(amount) == 28 * int(devices)


def test_the_rate_of_the_trials_is_one_fortieth_of_the_label_s() -> None:
    text = next(s.text for s in DRUGS[Drug.KETAMINE].items if s.id == "rate-trials")
    assert "0.0125 mg/kg/min" in text  # 0.5 / 40
    assert "one fortieth" in text  # 0.5 / 0.0125 = 40


# ------------------------------------------------------------ the files


def test_no_text_of_a_drug_is_missing_from_the_entries() -> None:
    said = "\n".join(
        [text for entry in entries(store.load_dataset()) for _, text in entry.fields]
        + [part for e in entries(store.load_dataset()) for cited in e.citations for part in cited]
    )
    for drug in Drug:
        content = tomllib.loads((DATA / f"{drug}.toml").read_text())
        for table in ("item", "interaction", "monitoring", "product"):
            for row in content[table]:
                for value in row.values():
                    texts = [value] if isinstance(value, str) else value
                    for text in texts:
                        parts = text.values() if isinstance(text, dict) else [text]
                        assert all(part in said for part in parts)


def test_the_drugs_are_not_read_before_they_are_asked_for() -> None:
    dataset = store.open_dataset(DATA)
    assert "drugs" not in vars(dataset)
    assert [each.drug for each in dataset.drugs] == list(Drug)
    assert dataset.drugs is dataset.drugs


def test_the_hash_is_the_same_whether_the_drugs_are_read_or_not() -> None:
    opened = store.open_dataset(DATA)
    before = opened.sha256
    assert opened.drugs
    assert opened.sha256 == before == store.read_dataset(DATA).sha256


@pytest.mark.parametrize("drug", Drug)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('text = "', 'text = "X'),
        ('place = "', 'place = "X'),
        ('not_read = "', 'not_read = "X'),
        ('strength = "', 'strength = "1'),
    ],
)
def test_no_fact_of_a_drug_changes_without_the_hash(
    tmp_path: Path, drug: Drug, old: str, new: str
) -> None:
    root = copy_of_data(tmp_path)
    edit(root / f"{drug}.toml", old, new)
    assert store.open_dataset(root).sha256 != store.load_dataset().sha256


@pytest.mark.parametrize("drug", Drug)
def test_a_comment_or_a_line_ending_of_a_drug_changes_no_hash(tmp_path: Path, drug: Drug) -> None:
    root = copy_of_data(tmp_path)
    edit(root / f"{drug}.toml", "# ", "# another word ")
    file = root / f"{drug}.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert store.read_dataset(root).sha256 == store.load_dataset().sha256


# ------------------------------------------------------------ what is wrong is refused

Broken = Callable[..., str]


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """Return how a copy of the data with this edit of a drug's file is refused."""

    def read(old: str, new: str, file: str = "ketamine.toml") -> str:
        root = copy_of_data(tmp_path)
        edit(root / file, old, new)
        with pytest.raises(DataError) as error:
            store.read_dataset(root)
        return error.value.message

    return read


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('section = "pregnancy"', 'section = "gravidity"', "item pregnancy-us: section"),
        ('section = "pregnancy"', 'section = "side-effects"', "side-effects has no [[item]]"),
        ('section = "pregnancy"', 'section = "interactions"', "interactions has no [[item]]"),
        ('id = "pregnancy-us"', 'id = "pregnancy-ch"', "pregnancy, pregnancy-ch occurs 2 times"),
        ('drug = "ketamine"', 'drug = "esketamine"', "ketamine.toml: drug: is esketamine"),
        ("holder = ", "maker = ", "product par-10: holder"),
        ('country = "US"', 'country = "Mars"', "product par-10: country"),
        ("\n[[item]]\n", "\n[[remark]]\n", "remark: Extra inputs"),
        ('text = "', 'text = """', "a value over several lines is not read here"),
        ('text = "', "text = ", "cannot be read"),
        (
            'source_id = "ketamine-pfizer-us"',
            'source_id = "ketamine-pfyzer"',
            "not in sources.toml",
        ),
        (
            'source_id = "lechner-1989"',
            'source_id = "skies-2024"',
            "lechner-1989: cited by nothing",
        ),
    ],
)
def test_a_drug_that_is_wrong_is_refused_with_its_place(
    broken: Broken, old: str, new: str, message: str
) -> None:
    assert message in broken(old, new)


def test_a_statement_needs_a_source_or_what_was_searched(broken: Broken) -> None:
    searched = 'searched = "figures in people, pages and abstracts on pharmacokinetics, 2026-11-26"'
    message = broken(searched, "")
    assert "item pk-f-subcutaneous" in message
    assert "it needs sources; or `searched`" in message


def test_a_section_without_a_text_is_refused(broken: Broken) -> None:
    section = 'section = "incompatibilities"'
    message = broken(section, 'section = "infusion"', "esketamine.toml")
    assert "esketamine.toml: the whole: Value error, no text on incompatibilities" in message


def test_a_missing_file_is_refused_at_every_start(tmp_path: Path) -> None:
    root = copy_of_data(tmp_path)
    (root / "ketamine.toml").unlink()
    with pytest.raises(DataError, match=r"ketamine\.toml: cannot be read"):
        store.open_dataset(root)


def test_both_drugs_problems_are_in_one_error(tmp_path: Path) -> None:
    root = copy_of_data(tmp_path)
    for drug in Drug:
        edit(root / f"{drug}.toml", "atc = ", "act = ")
    with pytest.raises(DataError) as error:
        store.read_dataset(root)
    assert {problem.partition(":")[0] for problem in error.value.problems} == {
        f"{drug}.toml" for drug in Drug
    }


def test_a_source_that_only_a_drug_cites_is_no_source_that_nothing_cites() -> None:
    dataset: Dataset = store.read_dataset(DATA)
    assert "himmelseher-1998" in {source.id for source in dataset.sources}
