"""A comparison as JSON, with both languages and the stable ids of schemes and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yiqi.report.comparison import CauseView, ComparisonView, MatrixView, SchemeView
from yiqi.report.line_texts import LineText


def as_dict(view: ComparisonView) -> dict[str, Any]:
    """The report. Numbers are whole numbers of enterprises; no float occurs in it."""
    return {
        "table": view.table,
        "synthetic": view.synthetic,
        "before": view.before.as_dict(),
        "after": view.after.as_dict(),
        "compared": view.compared.as_dict(),
        "enterprises": view.rows,
        "with_unreadable_cells": view.marked,
        "schemes": [_scheme(scheme) for scheme in view.schemes],
        "same": [title.as_dict() for title in view.same],
        "in_one_version_only": [{"title": title.as_dict(), "version": side} for title, side in view.one_sided],
        "columns_not_in_the_table": [
            {"label": label.as_dict(), "asked_by": side or "both"} for label, side in view.absent
        ],
    }


def _scheme(scheme: SchemeView) -> dict[str, Any]:
    return {
        "scheme": scheme.scheme,
        "title": scheme.title.as_dict(),
        "rules": {"before": scheme.before.as_dict(), "after": scheme.after.as_dict()},
        "changed": scheme.changed,
        "moved": dict(scheme.moved),
        "matrix": _matrix(scheme.matrix),
        "causes": {way: [_cause(cause) for cause in causes] for way, causes in scheme.causes.items()},
        "causes_together": {
            way: [
                {
                    "change": found.change.as_dict(), "enterprises": found.enterprises,
                    "lines": [scheme.causes[way][place].id for place in found.lines],
                }
                for found in sets
            ]
            for way, sets in scheme.sets.items()
        },
        "groups": {
            cut: [
                {
                    "key": row.key, "label": row.label.as_dict(), "enterprises": row.enterprises, "moved": dict(row.moved),
                    "yes_before": row.yes_before, "yes_after": row.yes_after,
                }
                for row in rows
            ]
            for cut, rows in scheme.cuts.items()
        },
        "sample": [
            {
                "row": e.row, "uscc": e.uscc, "name": e.name, "province": e.place.as_dict(), "industry": e.industry or None,
                "change": e.change.as_dict(), "moved": e.way, "causes": [cause.id for cause in e.causes],
            }
            for e in scheme.examples
        ],
    }  # fmt: skip


def _matrix(matrix: MatrixView) -> list[dict[str, Any]]:
    return [
        {"before": row.label.as_dict(), "after": label.as_dict(), "enterprises": number}
        for row in matrix.rows
        for label, number in zip(matrix.labels, row.cells, strict=True)
        if number
    ]


def _cause(cause: CauseView) -> dict[str, Any]:
    return {
        "line": cause.id,
        "cite": cause.cite.as_dict(),
        "confidence": cause.confidence,
        "before": _lines(cause.before),
        "after": _lines(cause.after),
        "enterprises": cause.number,
        "alone": cause.alone,
        "changes": [{"change": change.as_dict(), "enterprises": number} for change, number in cause.changes],
    }


def _lines(lines: Sequence[LineText]) -> list[dict[str, Any]]:
    return [{"id": line.id, "text": line.text.as_dict(), "cite": line.cite.as_dict()} for line in lines]
