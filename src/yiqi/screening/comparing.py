"""Two versions of the law over one table in one pass: who changes, where, and through which lines.

Both versions are programs that share their terms, so that one query computes what they have in common once. Its rows are
not handed out: DuckDB counts them by province, industry, size class, the outcomes of both versions and the lines that
caused a change, packed into few whole numbers. Everything else is read from these counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import duckdb

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.screening.causes import Side
from yiqi.screening.comparison import Comparison
from yiqi.screening.full_pair import FullPair
from yiqi.screening.pair_counts import PairCounts
from yiqi.screening.pair_query import PairQuery
from yiqi.screening.prepared import PROBLEMS, Column, Prepared
from yiqi.screening.summary import CUTS, Cut
from yiqi.screening.versions import Versions

EXAMPLES = 20
"""Enterprises of each scheme that are shown by name."""


def compare(
    connection: duckdb.DuckDBPyConnection,
    versions: Versions,
    prepared: Prepared,
    *,
    schemes: Iterable[str] | None = None,
    cuts: Sequence[Cut] = CUTS,
    examples: int = EXAMPLES,
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """Compare two versions over a prepared table.

    ``schemes`` are ids of schemes or subjects (None: all that both versions give). ``examples`` is how many enterprises
    of each scheme are named. ``progress`` is called with the share that is done, 0 to 1. Memory grows with the number of
    different sets of causes, not of rows.

    Raises ``KeyError`` for a scheme that neither version knows, :class:`DiagnosticError` for one that a version lacks and
    for a table that has nothing the versions ask for, and :class:`yiqi.screening.planes.TooLargeError` for a law beyond 38
    digits.
    """
    chosen = chosen_schemes(versions, schemes)
    full = FullPair(versions, chosen)
    asked: dict[Side, dict[str, Column]] = {
        "before": full.columns("before", full.differing), "after": full.columns("after", full.differing),
    }  # fmt: skip
    if full.differing and not any(name in prepared.columns for found in asked.values() for name in found):
        raise _nothing_known(prepared, [name for found in asked.values() for name in found])
    query = PairQuery(versions, prepared, full.differing, cuts)
    counts = PairCounts(connection, query, prepared, cuts, progress)
    try:
        compared = tuple(counts.scheme(scheme, examples) for scheme in query.schemes)
    finally:
        counts.drop()
    marked = 0
    if prepared.has_problems:
        marked = int(connection.execute(f"SELECT count({PROBLEMS}) FROM {prepared.source}").fetchall()[0][0])
    return Comparison(
        versions, query, prepared.rows, marked, compared, tuple(s for s in chosen if s not in full.differing),
        counts.cuts, {side: _left_out(found, prepared) for side, found in asked.items()},
    )  # fmt: skip


def chosen_schemes(versions: Versions, names: Iterable[str] | None) -> tuple[str, ...]:
    """The schemes that names mean. Raises ``KeyError`` and :class:`DiagnosticError` as :func:`compare` does."""
    if names is None:
        return versions.schemes
    wanted = list(names)
    known = (*versions.schemes, *versions.one_sided)
    chosen: dict[str, None] = {}
    for name in wanted:
        found = [s for s in known if s == name or s.startswith(f"{name}.")]
        if not found:
            versions.after.judge.schemes([name])  # raises for a name that there is not at all
            raise _without(versions, name)
        # A subject means those of its schemes that can be compared; a scheme by its own name must be one of them.
        both = [s for s in found if s in versions.schemes]
        if not both:
            raise _without(versions, found[0])
        chosen.update(dict.fromkeys(both))
    return tuple(s for s in versions.schemes if s in chosen)


def _without(versions: Versions, scheme: str) -> DiagnosticError:
    title = (
        versions.after.law.schemes[scheme].title if scheme in versions.after.law.schemes else Bilingual(scheme, scheme)
    )
    side = versions.one_sided.get(scheme)
    if side is None:
        said = Bilingual(
            f"neither version has a rule for {title.en} ({scheme})", f"两个版本都没有“{title.zh}”（{scheme}）的规则"
        )
        place = versions.after.given
    else:
        lacking = versions.after if side == "before" else versions.before
        place = lacking.given
        said = Bilingual(
            f"this version has no rule for {title.en} ({scheme}); the other one has",
            f"该版本没有“{title.zh}”（{scheme}）的规则，另一版本有",
        )
    can = ", ".join(versions.schemes)
    remedy = Bilingual(f"both versions have rules for: {can}", f"两个版本都有规则的项目：{can}")
    return DiagnosticError([Diagnostic("error", "no-rule", said, Place(place), remedy)])


def _left_out(asked: dict[str, Column], prepared: Prepared) -> tuple[Column, ...]:
    return tuple(column for name, column in asked.items() if name not in prepared.columns)


def _nothing_known(prepared: Prepared, asked: Iterable[str]) -> DiagnosticError:
    some = ", ".join(list(dict.fromkeys(asked))[:5])
    message = Bilingual(
        f"the table has none of the columns that the two versions ask for ({some} …)",
        f"表中没有两个版本需要的任何一列（{some}……）",
    )
    remedy = Bilingual(
        "give the columns of the facts that the rules read, with the year where they are yearly",
        "请提供规则所需事实的列；年度指标要带年度",
    )
    return DiagnosticError([Diagnostic("error", "no-known-column", message, Place(prepared.source), remedy)])
