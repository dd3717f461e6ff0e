"""The lists beside the ranges: safety, statements, guidelines; built for what asks for them."""

from ketaref.model.base import Frozen
from ketaref.model.checklist_item import Boxed, Check, Contraindication, Counted, Effect
from ketaref.model.guideline import Guideline
from ketaref.model.statement import Statement


class Lists(Frozen):
    """What there is beside the ranges: the safety lists, the statements, the guidelines."""

    counted: tuple[Counted, ...]
    effects: tuple[Effect, ...]
    boxed: tuple[Boxed, ...]
    contraindications: tuple[Contraindication, ...]
    checks: tuple[Check, ...]
    statements: tuple[Statement, ...]
    guidelines: tuple[Guideline, ...]

    @property
    def checklist_ids(self) -> tuple[str, ...]:
        """The ids of everything in the safety lists, which share one set of names."""
        return (
            *(effect.id for effect in self.effects),
            *(boxed.id for boxed in self.boxed),
            *(item.id for item in self.contraindications),
            *(check.id for check in self.checks),
        )
