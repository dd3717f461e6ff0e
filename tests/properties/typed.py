"""Quantities as they may be typed, with what each of them is."""

from fractions import Fraction

from hypothesis import strategies as st

Typed = tuple[str, Fraction]  # what is typed, and what it is in kg, mg, mg/mL or minutes

KG_PER_LB = Fraction(45_359_237, 100_000_000)


def numbers(least: int, most: int, decimals: int) -> st.SearchStrategy[str]:
    """Return numbers as they are typed, trailing zeros and all."""
    fraction = st.text("0123456789", min_size=1, max_size=decimals).map(lambda text: f".{text}")
    return st.builds(
        "{}{}".format, st.integers(least, most), st.just("") | fraction if decimals else st.just("")
    )


def typed(
    least: int, most: int, decimals: int, unit: str, one: Fraction
) -> st.SearchStrategy[Typed]:
    return numbers(least, most, decimals).map(lambda n: (f"{n} {unit}", Fraction(n) * one))


def stones(pounds: int) -> Typed:
    return f"{pounds // 14} st {pounds % 14} lb", pounds * KG_PER_LB


kilograms = typed(20, 349, 3, "kg", Fraction(1))
weights = kilograms | typed(45, 770, 3, "lb", KG_PER_LB) | st.integers(45, 771).map(stones)
