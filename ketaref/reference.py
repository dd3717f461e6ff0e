"""The door for Python programs, and for the command line: questions in, answers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ketaref import units
from ketaref.answers.answer import Answer
from ketaref.errors import ErrorCode, InputError, printable
from ketaref.model.names import Drug, Route
from ketaref.ranges.library import Library
from ketaref.ranges.selection import (
    parse_any_route,
    parse_drug,
    parse_route,
    refuse_missing_drug,
    refuse_not_applicable,
    select,
)
from ketaref.store import load_dataset
from ketaref.units import Dose, Duration, Strength, Weight

if TYPE_CHECKING:
    from ketaref.answers.about import AboutAnswer
    from ketaref.answers.chart import ChartAnswer
    from ketaref.answers.check import CheckAnswer
    from ketaref.answers.checklist import ChecklistAnswer
    from ketaref.answers.contraindications import ContraindicationsAnswer
    from ketaref.answers.dose import DoseAnswer
    from ketaref.answers.drug import DrugAnswer
    from ketaref.answers.evidence import EvidenceAnswer, Guidelines
    from ketaref.answers.protocol_check import ProtocolCheckAnswer
    from ketaref.answers.review import ReviewAnswer
    from ketaref.answers.risks import RisksAnswer
    from ketaref.answers.routes import RoutesAnswer
    from ketaref.answers.sources import SourcesAnswer
    from ketaref.answers.trials import TrialsAnswer
    from ketaref.model.checklist_item import Category
    from ketaref.model.drug import Section
    from ketaref.model.statement import Topic
    from ketaref.model.trial import Diagnosis

LONGEST_CLINIC = 200  # characters of a clinic's name


@dataclass(frozen=True)
class Reference:
    """The reference: the shipped data, and a clinic's own protocol if one is named.

    Questions take what a user types, or typed quantities and names. What is refused raises a
    ``ketaref.errors.KetarefError``, which says what to write instead.

    >>> reference = Reference.open()
    >>> reference.dose("70 kg", route="iv").results[0].dose.text
    '35 to 70 mg'
    """

    library: Library

    @classmethod
    def open(cls, protocol: str | Path | None = None, *, today: date | None = None) -> "Reference":
        """Read and check the data, and a protocol file if one is named; once.

        ``today`` decides what has expired or is overdue; by default, it is the day on the clock.
        ``DataError`` or ``ProtocolError`` if a file is wrong, with every problem found.
        """
        day = today or date.today()  # noqa: DTZ011 - the day on the user's own clock
        dataset = load_dataset()
        if protocol is None:
            return cls(Library(dataset, None, day))
        from ketaref.protocol.read import read_protocol

        return cls(Library(dataset, read_protocol(Path(protocol), dataset, today=day), day))

    # ------------------------------------------------------------ doses

    def routes(self, route: str | Route | None = None) -> "RoutesAnswer":
        """Return the published rows and how each stands, or one row in full."""
        from ketaref.answers.routes import routes_answer

        return routes_answer(self.library, None if route is None else self._route(route))

    def dose(
        self,
        weight: str | Weight,
        *,
        route: str | Route | Iterable[str | Route] | None = None,
        drug: str | Drug | None = None,
        strength: str | Strength | None = None,
        over: str | Duration | None = None,
        infusion: str | Strength | None = None,
        confirm_weight: bool = False,
    ) -> "DoseAnswer":
        """Return what the ranges come to for a body weight, in mg, and in mL, mg/min and mL/h.

        ``strength`` is that of a vial, ``infusion`` that of a prepared solution.
        """
        from ketaref.answers.dose import dose_answer
        from ketaref.ranges.computed import DoseQuery
        from ketaref.ranges.infusion import refuse_unprepared

        query = DoseQuery(
            weight=self._weight(weight, confirmed=confirm_weight),
            drug=_drug(drug),
            strength=_strength(strength),
            over=_duration(over),
            infusion=_strength(infusion),
            confirmed=confirm_weight,
        )
        named = [self._route(each) for each in _several(route)]
        selection = select(self.library, named, query.drug)
        if named:
            strength = query.strength or query.infusion
            refuse_not_applicable(selection.rows, strength, query.over)
        if query.infusion:
            drugs = (row.drug for row in selection.rows)
            refuse_unprepared(self.library.dataset, drugs, query.infusion, query.over)
        return dose_answer(self.library, selection, query)

    def check(
        self,
        dose: str | Dose,
        *,
        route: str | Route,
        drug: str | Drug | None = None,
        weight: str | Weight | None = None,
        over: str | Duration | None = None,
        confirm_weight: bool = False,
    ) -> "CheckAnswer":
        """Return where a dose lies in the ranges of its route."""
        from ketaref.answers.check import check_answer
        from ketaref.ranges.computed import CheckQuery

        query = CheckQuery(
            dose=dose if isinstance(dose, Dose) else units.parse_dose(str(dose)),
            route=self._route(route),
            drug=_drug(drug),
            weight=None if weight is None else self._weight(weight, confirmed=confirm_weight),
            over=_duration(over),
            confirmed=confirm_weight,
        )
        selection = select(self.library, [query.route], query.drug)
        refuse_missing_drug(selection.published, query.drug)
        refuse_not_applicable(selection.rows, None, query.over)
        return check_answer(self.library, selection, query)

    def chart(
        self,
        route: str | Route = Route.IV,
        *,
        lightest: str | Weight = "40 kg",
        heaviest: str | Weight = "120 kg",
        step: str | Weight = "5 kg",
        strength: str | Strength | None = None,
        confirm_weight: bool = False,
    ) -> "ChartAnswer":
        """Return the ranges of a route over a series of body weights, all in one unit."""
        from ketaref.answers.chart import ChartQuery, WeightSeries, chart_answer

        query = ChartQuery(
            route=self._route(route),
            series=WeightSeries(
                self._weight(lightest, confirmed=confirm_weight, option="--from"),
                self._weight(heaviest, confirmed=confirm_weight, option="--to"),
                step
                if isinstance(step, Weight)
                else units.parse_weight_step(str(step), option="--step"),
            ),
            strength=_strength(strength),
            confirmed=confirm_weight,
        )
        selection = select(self.library, [query.route], None)
        refuse_not_applicable(selection.rows, query.strength, None)
        return chart_answer(self.library, selection, query)

    # ------------------------------------------------------------ safety

    def risks(self) -> "RisksAnswer":
        """Return the side effects and risks, and who lists them."""
        from ketaref.answers.risks import risks_answer

        return risks_answer(self.library)

    def contraindications(
        self,
        category: "str | Category | None" = None,
        *,
        drug: str | Drug | None = None,
        jurisdiction: str | None = None,
    ) -> "ContraindicationsAnswer":
        """Return the contraindications and precautions of a class, drug and jurisdiction."""
        from ketaref.answers.contraindications import (
            ContraindicationsQuery,
            contraindications_answer,
            parse_category,
            parse_jurisdiction,
        )

        query = ContraindicationsQuery(
            category=parse_category(category) if isinstance(category, str) else category,
            drug=_drug(drug),
            jurisdiction=None if jurisdiction is None else parse_jurisdiction(jurisdiction),
        )
        return contraindications_answer(self.library, query)

    def checklist(
        self, route: str | Route | None = None, *, clinic: str | None = None
    ) -> "ChecklistAnswer":
        """Return the checks of a session; an empty clinic is a line to write its name on."""
        from ketaref.answers.checklist import checklist_answer

        named = None if route is None else self._route(route, checks=True)
        return checklist_answer(self.library, named, None if clinic is None else _clinic(clinic))

    def drug(self, name: str | Drug, *, section: "str | Section | None" = None) -> "DrugAnswer":
        """Return what is known of a drug beside its ranges, or one section of it."""
        from ketaref.answers.drug import drug_answer, parse_section

        named = parse_section(section) if isinstance(section, str) else section
        return drug_answer(self.library, parse_drug(str(name)), named)

    # ------------------------------------------------------------ evidence

    def evidence(self, topic: "str | Topic | Guidelines | None" = None) -> "EvidenceAnswer":
        """Return what the article says beyond doses and how it stands; "guidelines" for those."""
        from ketaref.answers.evidence import evidence_answer, parse_topic

        return evidence_answer(
            self.library, parse_topic(topic) if isinstance(topic, str) else topic
        )

    def trials(
        self,
        route: str | Route | None = None,
        *,
        drug: str | Drug | None = None,
        diagnosis: "str | Diagnosis | None" = None,
    ) -> "TrialsAnswer":
        """Return the studies of a route, a drug and a diagnosis, and which doses they gave."""
        from ketaref.answers.trials import parse_diagnosis, trials_answer

        return trials_answer(
            self.library,
            None if route is None else parse_any_route(str(route)),
            _drug(drug),
            None if diagnosis is None else parse_diagnosis(str(diagnosis)),
        )

    def sources(self, source_id: str | None = None) -> "SourcesAnswer":
        """Return the sources and how each was read, or one in full."""
        from ketaref.answers.sources import sources_answer

        return sources_answer(self.library, source_id)

    # ------------------------------------------------------------ clinics, and the program

    def review(self) -> "ReviewAnswer":
        """Return everything the reference says, to accept, amend or reject."""
        from ketaref.answers.review import review_answer

        return review_answer(self.library)

    def protocol_check(self) -> "ProtocolCheckAnswer":
        """Return what the protocol says, and how each row differs from what is published."""
        from ketaref.answers.protocol_check import protocol_check_answer

        if self.library.protocol is None:
            raise InputError(
                ErrorCode.USAGE, "no protocol was opened", 'Reference.open("our-protocol.toml")'
            )
        return protocol_check_answer(self.library)

    def about(self, *, hazards: bool = False) -> "AboutAnswer":
        """Return what this is, what it is not, and its hazards."""
        from ketaref.answers.about import about_answer
        from ketaref.store import load_hazards

        return about_answer(self.library, load_hazards(), whole_log=hazards)

    # ------------------------------------------------------------ from what was typed

    # What is neither a quantity nor a text is read as its text: the number 70 has no unit.

    def _route(self, route: str | Route, *, checks: bool = False) -> Route:
        return parse_route(self.library, str(route), checks=checks)

    def _weight(self, weight: str | Weight, *, confirmed: bool, option: str = "weight") -> Weight:
        if not isinstance(weight, Weight):
            return units.parse_weight(str(weight), confirmed=confirmed, option=option)
        units.check_weight(weight, confirmed=confirmed, option=option)
        return weight


def _several(routes: str | Route | Iterable[str | Route] | None) -> Iterable[str | Route]:
    if routes is None:
        return ()
    return (routes,) if isinstance(routes, str) else routes


def _drug(drug: str | Drug | None) -> Drug | None:
    return None if drug is None else parse_drug(str(drug))


def _strength(strength: str | Strength | None) -> Strength | None:
    if isinstance(strength, Strength):
        units.check_strength(strength)
        return strength
    return None if strength is None else units.parse_strength(str(strength))


def _duration(over: str | Duration | None) -> Duration | None:
    if over is None or isinstance(over, Duration):
        return over
    return units.parse_duration(str(over))


def _clinic(text: str) -> str | None:
    """Return a clinic's name as it may stand on a page; an empty one is a line to write on."""
    name = " ".join(printable(text).split())
    if len(name) > LONGEST_CLINIC:
        raise InputError(
            ErrorCode.TEXT_TOO_LONG,
            f"the clinic's name has {len(name):,} characters: at most {LONGEST_CLINIC} fit",
        )
    return name or None


def _as_html(answer: Answer) -> str:
    from ketaref.writers import Page, html

    return html.write(answer, Page())


Answer.as_html = staticmethod(_as_html)
