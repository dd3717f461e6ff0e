"""A prepared infusion: the volume to run in, and the rate that a pump is set to, in mL/h.

Only concentrations that a source names as prepared for infusion. An undiluted vial is refused: at
1 mg per mL the figures of mg/h and mL/h are the same, at 10 mg per mL they are tenfold apart.
"""

from collections.abc import Iterable, Iterator

from ketaref import dosing
from ketaref.dosing import Resolved
from ketaref.errors import ErrorCode, InputError
from ketaref.model.base import Frozen
from ketaref.model.dataset import Dataset
from ketaref.model.dose_row import RangeRow
from ketaref.model.names import Drug
from ketaref.notation import plain
from ketaref.ranges.caution import Caution, CautionCode
from ketaref.ranges.values import Quantity, Range, as_typed, inward_range
from ketaref.ranges.working import quotient_lines, rate_lines
from ketaref.units import Duration, Strength


class Infusion(Frozen):
    """The volume of a prepared solution and its rate, for the whole range."""

    strength: Quantity
    over: Quantity
    volume: Range
    rate: Range

    @property
    def volume_text(self) -> str:
        """The volume for people, never without its strength."""
        return f"{self.volume.text} at {self.strength.text}"

    @property
    def rate_text(self) -> str:
        """The rate for people, never without its strength and its duration."""
        return f"{self.rate.text} at {self.strength.text} over {self.over.text}"


def refuse_unprepared(
    dataset: Dataset, drugs: Iterable[Drug], strength: Strength, over: Duration | None
) -> None:
    """Refuse a solution that no source names as prepared for infusion, or one without a time."""
    named = tuple(dict.fromkeys(drugs))
    known = [dataset.known_strength(drug, strength.number) for drug in named]
    if not any(each and each.kind == "prepared" for each in known):
        vial = any(each and each.kind == "marketed" for each in known)
        raise _unprepared(dataset, named, strength, is_vial=vial)
    if over is None:
        raise InputError(
            ErrorCode.DURATION_MISSING,
            "a rate in mL/h needs the time that the infusion takes",
            "--over 40min",
        )


def _unprepared(
    dataset: Dataset, drugs: tuple[Drug, ...], strength: Strength, *, is_vial: bool
) -> InputError:
    prepared = sorted(
        {s.value for s in dataset.strengths if s.kind == "prepared" and s.drug in drugs}
    )
    if not prepared:
        names = " or ".join(drug.full_name for drug in drugs)
        message = f"no prepared infusion of {names} is named by a source here"
        return InputError(ErrorCode.INFUSION_STRENGTH, message, "leave out --infusion")
    given = as_typed(strength).text
    those = " or ".join(f"{plain(value)} mg per mL" for value in prepared)
    why = "is an undiluted vial, " if is_vial else "is "
    message = f"{given} {why}not a prepared infusion that a source names: those are {those}"
    if is_vial:
        times = plain(strength.number)
        message += f"; a rate in mg/h that is set as mL/h on it gives {times} times the dose"
    hint = f"--infusion {plain(prepared[0])}mg/mL, or -s for the volume of a vial"
    return InputError(ErrorCode.INFUSION_STRENGTH, message, hint)


def infusion_of(
    row: RangeRow, resolved: Resolved, strength: Strength | None, over: Duration | None
) -> Infusion | None:
    """Return the infusion of what a row resolves to; None where none applies."""
    if strength is None or over is None or not (row.has_volume and row.has_rate):
        return None
    volumes = dosing.volumes(resolved.shown, strength)
    rates = dosing.pump_rates(volumes, over)
    return Infusion(
        strength=as_typed(strength),
        over=as_typed(over),
        volume=inward_range(volumes, "mL"),
        rate=inward_range(rates, "mL/h"),
    )


def infusion_lines(doses: Range, infusion: Infusion) -> Iterator[str]:
    """Yield how a dose becomes a volume to run in, and that a rate."""
    yield from quotient_lines(doses, infusion.strength, infusion.volume)
    yield from rate_lines(infusion.volume, infusion.over, infusion.rate)


def infusion_caution(infusion: Infusion) -> Caution:
    """Return what the volume leaves out."""
    return Caution(
        code=CautionCode.INFUSION_VOLUME,
        text=(
            f"{infusion.strength.text} is a prepared solution, not a vial: check the bag or "
            "syringe. Overfill, and what stays in the line, are not in the volume."
        ),
    )
