"""Where a dose lies in the ranges of its route."""

from typing import ClassVar, Literal

from ketaref.answers.answer import Answer, data_stamp, protocol_stamp, sources_with
from ketaref.dosing import Position
from ketaref.model.base import Frozen
from ketaref.model.names import Drug, Route
from ketaref.ranges.computed import CheckQuery, CheckResult, check_result
from ketaref.ranges.library import Library
from ketaref.ranges.selection import Selection
from ketaref.ranges.values import Quantity, as_typed
from ketaref.ranges.weights import EnteredWeight, entered_weight, weight_cautions


class CheckInputs(Frozen):
    """The question."""

    dose: Quantity
    route: Route
    drug: Drug | None
    weight: EnteredWeight | None
    over: Quantity | None
    confirm_weight: bool


class CheckAnswer(Answer):
    """A dose against the ranges of its route."""

    kind: Literal["check"] = "check"
    inputs: CheckInputs
    results: tuple[CheckResult, ...]
    local: tuple[CheckResult, ...] = ()
    result_model: ClassVar[type[Frozen]] = CheckResult
    local_model: ClassVar[type[Frozen] | None] = CheckResult

    @property
    def is_outside(self) -> bool:
        """Whether the dose lies outside any of the ranges."""
        return any(row.position is not Position.INSIDE for row in (*self.results, *self.local))

    def constants(self) -> dict[str, str]:
        """Return the columns that every line of the CSV repeats."""
        weight, over = self.inputs.weight, self.inputs.over
        return {
            "weight": weight.entered if weight else "",
            "weight_kg": weight.kg.exact if weight else "",
            "over": over.text if over else "",
        }


def check_answer(library: Library, selection: Selection, query: CheckQuery) -> CheckAnswer:
    """Return where a dose lies in these rows; a row per kg without a weight is refused."""
    results = tuple(check_result(library, row, query) for row in selection.published)
    return CheckAnswer(
        data=data_stamp(library.dataset),
        protocol=protocol_stamp(library),
        inputs=CheckInputs(
            dose=as_typed(query.dose),
            route=query.route,
            drug=query.drug,
            weight=query.weight and entered_weight(query.weight),
            over=query.over and as_typed(query.over),
            confirm_weight=query.confirmed,
        ),
        results=results,
        local=tuple(check_result(library, row, query) for row in selection.local),
        cautions=(*weight_cautions(query.weight), *selection.cautions, *library.dates()),
        sources=sources_with(library.dataset, (s for row in results for s in row.source_ids)),
    )
