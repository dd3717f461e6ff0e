"""What the ranges come to for a body weight; in mL, mg/min or mL/h if a question names them."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, protocol_stamp, sources_with
from ketaref.model.base import Frozen
from ketaref.model.names import Drug, Route
from ketaref.ranges.computed import DoseQuery, DoseResult, dose_result
from ketaref.ranges.library import Library
from ketaref.ranges.selection import Selection
from ketaref.ranges.values import Quantity, as_typed
from ketaref.ranges.weights import EnteredWeight, entered_weight, weight_cautions


class DoseInputs(Frozen):
    """The question."""

    weight: EnteredWeight
    routes: tuple[Route, ...]
    drug: Drug | None
    strength: Quantity | None
    over: Quantity | None
    infusion: Quantity | None
    confirm_weight: bool


class DoseAnswer(Answer):
    """The ranges for a body weight."""

    kind: Literal["dose"] = "dose"
    inputs: DoseInputs
    results: tuple[DoseResult, ...]
    local: tuple[DoseResult, ...] = ()
    result_model: ClassVar[type[Frozen]] = DoseResult
    local_model: ClassVar[type[Frozen] | None] = DoseResult

    def constants(self) -> dict[str, str]:
        """Return the columns that every line of the CSV repeats."""
        weight = self.inputs.weight
        return {"weight": weight.entered, "weight_kg": weight.kg.exact}


def dose_answer(library: Library, selection: Selection, query: DoseQuery) -> DoseAnswer:
    """Return what these rows come to for a weight; volumes need a strength, rates a duration."""
    results = tuple(dose_result(library, row, query) for row in selection.published)
    return DoseAnswer(
        data=data_stamp(library.dataset),
        protocol=protocol_stamp(library),
        inputs=DoseInputs(
            weight=entered_weight(query.weight),
            routes=tuple(dict.fromkeys(row.route for row in selection.rows)),
            drug=query.drug,
            strength=query.strength and as_typed(query.strength),
            over=query.over and as_typed(query.over),
            infusion=query.infusion and as_typed(query.infusion),
            confirm_weight=query.confirmed,
        ),
        results=results,
        local=tuple(dose_result(library, row, query) for row in selection.local),
        cautions=(*weight_cautions(query.weight), *selection.cautions, *library.dates()),
        sources=sources_with(library.dataset, (s for row in results for s in row.source_ids)),
    )
