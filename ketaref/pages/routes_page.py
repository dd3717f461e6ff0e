"""The page of the published rows, side by side or one in full."""

from ketaref.answers.routes import RouteResult, RoutesAnswer, Stated, relations
from ketaref.document import Column, Document, Facts, Heading, Paragraph, Points, Table
from ketaref.pages.row_parts import basis_text, caution_points, citations_text, local_rows
from ketaref.pages.trials_page import dose_blocks, studies
from ketaref.ranges.caution import CautionCode

IN_BODY = (CautionCode.NOT_INCLUDED,)


def body(answer: RoutesAnswer) -> Document:
    """Lay out one row in full, or all of them side by side."""
    local = local_rows(answer.protocol, answer.local)
    if answer.inputs.route is None:
        return _all_rows(answer, local)
    if answer.results:
        return _one_row(answer.results[0], local)
    return (
        Heading(f"No published range, {answer.inputs.route.full_name}", 1),
        *local,
        *_not_included(answer),
    )


def _all_rows(answer: RoutesAnswer, local: Document) -> Document:
    columns = (
        Column("Route"),
        Column("Drug"),
        Column("Published range per dose"),
        Column("Over", joins=True),
        Column("Standing", joins=True),
    )
    rows = tuple(
        (row.route_name, row.drug.full_name, row.range_text, row.duration_text, _code(row))
        for row in answer.results
    )
    standing = tuple((row.route_name, _standing(row)) for row in answer.results)
    return (
        Heading("Published ranges for ketamine and esketamine in anxiety", 1),
        Table(columns, rows),
        *local,
        Points("standing", standing),
        caution_points((row.route_name, row.cautions) for row in answer.results),
        Points("source", tuple((row.route_name, _sources(row)) for row in answer.results)),
        *_not_included(answer),
    )


def _not_included(answer: RoutesAnswer) -> Document:
    reasons = tuple(("", c.text) for c in answer.cautions if c.code in IN_BODY)
    return (Points("not included", reasons),) if reasons else ()


def _one_row(row: RouteResult, local: Document) -> Document:
    evidence = tuple(
        (source.source_id, source.relation.value, source.place, source.note)
        for source in (row.standing.sources if row.standing else ())
    )
    return (
        Heading(f"Published range, {row.route_name} {row.drug.full_name}", 1),
        Facts(
            (
                ("route", row.route_name),
                ("drug", row.drug.full_name),
                ("salt or base", row.salt_basis or "not stated"),
                ("published range", f"{row.range_text} per dose, {_code(row)}"),
                ("basis", basis_text(row.basis)),
                ("over", row.duration_text),
                ("as written in the source", row.range.as_written or ""),
                ("duration as written in the source", _duration_as_written(row)),
                ("advantages, in the source", "; ".join(row.advantages)),
                ("disadvantages, in the source", "; ".join(row.disadvantages)),
            )
        ),
        *local,
        Paragraph("standing", _standing(row)),
        caution_points([("", row.cautions)]),
        *dose_blocks(row),
        *studies(row.trials),
        *_handling(row),
        Heading("Sources"),
        Table(
            (Column("Source"), Column("Relation"), Column("Place"), Column("What it says")),
            evidence,
        ),
    )


def _handling(row: RouteResult) -> Document:
    """Lay out how what is given is prepared and watched, section by section."""
    sections = dict.fromkeys(each.section for each in row.handling)
    return tuple(
        Points(
            section,
            tuple(_stated(each) for each in row.handling if each.section == section),
            heading=True,
        )
        for section in sections
    )


def _stated(stated: Stated) -> tuple[str, str]:
    where = ", ".join(stated.jurisdictions)
    about = f"{stated.about} ({where})" if stated.about and where else stated.about or where
    when = f"{stated.when} ({stated.whose}): " if stated.when else ""
    return about, f"{when}{stated.text} [{citations_text(stated.sources)}]"


def _code(row: RouteResult) -> str:
    return row.standing_label or "none"


def _standing(row: RouteResult) -> str:
    said = row.standing
    return f"{row.standing_label} ({said.code}). {said.text}" if said else "none"


def _duration_as_written(row: RouteResult) -> str:
    return (row.duration.as_written or "") if row.duration else ""


def _sources(row: RouteResult) -> str:
    counts = relations(row.standing.sources if row.standing else ())
    found = ", ".join(f"{relation} {count}" for relation, count in counts.items())
    return f"{found}; listed by: ketaref routes {row.route}"
