"""Count how the citations of each part were read: ``python -m tests.release.sources_read``.

A citation counts as primary where its source is: the publisher's own text of the cited place was
read, an abstract included.
"""

from collections import Counter

from ketaref.model.citations import citations
from ketaref.model.dataset import Dataset
from ketaref.store import load_dataset

_GROUPS = {
    "doses.toml": "dose rows, cautions, strengths",
    "contraindication": "contraindications",
    "boxed": "boxed warnings",
    "effect": "side effects and risks",
    "figures": "side effects and risks",
    "check": "checks",
    "trial": "studies",
    "statement": "statements",
    "guideline": "guidelines",
}


def group_of(file: str, what: str) -> str:
    """Return the part of the data that a citation belongs to."""
    return _GROUPS.get(file) or _GROUPS.get(what.split(maxsplit=1)[0]) or file.removesuffix(".toml")


def counts(dataset: Dataset) -> dict[str, tuple[int, int]]:
    """Return for each part how many citations are primary, of how many."""
    primary = {source.id for source in dataset.sources if source.checked == "primary"}
    every, read = Counter[str](), Counter[str]()
    for cited in citations(dataset):
        group = group_of(cited.file, cited.what)
        every[group] += 1
        read[group] += cited.source_id in primary
    return {group: (read[group], every[group]) for group in every}


if __name__ == "__main__":
    data = load_dataset()
    for name, (read, every) in counts(data).items():
        print(f"{name:34} {read:4} of {every:4}  {read / every:4.0%}")
    opened = sum(source.link is not None for source in data.sources)
    print(f"{'sources with something to open':34} {opened:4} of {len(data.sources):4}")
