"""Yiqi (益企): China's support system for small and medium-sized enterprises, as software.

Each legal instrument is one Markdown file in `law/`, and that file runs. `yiqi.law` reads the files, `yiqi.facts`
reads what is known of an enterprise, `yiqi.judge` gives the answer with its reasons, `yiqi.screening` gives it for every
row of a table.

From Python:

>>> import datetime, yiqi
>>> answers = yiqi.assess("examples/little-giant.yaml", on=datetime.date(2026, 11, 23), schemes=["ladder"])
>>> answers["ladder.little_giant"].outcome
'yes'
>>> answers.as_dict()  # the shape of `yiqi assess --format json`
>>> finding = yiqi.find_path("examples/near-miss-main-business.yaml", "ladder.little_giant", on=datetime.date(2026, 11, 23))
>>> finding.paths[0].as_dict(finding.on)["cost"]  # the cheapest changes that make it a yes
'400000.00'
>>> table = yiqi.screen("enterprises.csv", on=datetime.date(2026, 11, 23), schemes=["ladder"])
>>> table.relation  # a relation of DuckDB with a row per enterprise; table.arrow() is the same as an Arrow table

What is below is imported when it is first used, so that `import yiqi` costs nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from yiqi.version import __version__

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import duckdb

    from yiqi.facts.sheet import FactSheet
    from yiqi.judge.answer import Answers
    from yiqi.judge.judge import Judge
    from yiqi.law.tree import Law
    from yiqi.path.answer import Finding
    from yiqi.path.prices import Prices
    from yiqi.screening.results import Reasons
    from yiqi.screening.screened import Engine, Screened


__all__ = ["FactSheet", "__version__", "assess", "find_path", "load_law", "screen"]


def load_law(folder: Path | str | None = None) -> Law:
    """The law of a folder, checked and typed; the law that comes with Yiqi when none is named.

    Raises :class:`yiqi.law.diagnostics.DiagnosticError` with every error of its files, and ``FileNotFoundError`` when the
    folder is none. Reading takes some time the first time; hand the result to :func:`assess` when you judge many.
    """
    from pathlib import Path

    from yiqi.law.library import load

    return load(Path(folder) if folder is not None else None)


def assess(
    sheet: FactSheet | Path | str | bytes,
    *,
    on: dt.date,
    procedure: str = "new",
    schemes: Iterable[str] | None = None,
    law: Law | None = None,
) -> Answers:
    """The answers about one enterprise, with all their reasons.

    ``sheet`` is a fact sheet, the path of one (YAML, JSON or Excel), or the bytes of one. ``on`` is the day of the act: it
    decides which version of each rule counts. ``procedure`` is ``new`` or ``re_review``. ``schemes`` are ids
    (``ladder.little_giant``) or subjects (``size``), all of them when None.

    ``answers["ladder.little_giant"].outcome`` is ``yes``, ``no``, ``unknown``, ``not_applicable`` or the name of a class;
    ``answers.as_dict()`` is the JSON of the command line and the API.

    Raises :class:`yiqi.law.diagnostics.DiagnosticError` with every error of the sheet (warnings are not raised: read the
    sheet with :func:`yiqi.facts.reading.read_fact_sheet` to see them), ``KeyError`` for an unknown scheme and
    ``ValueError`` for an unknown procedure.
    """
    judge = _judge_of(_Same(law))
    chosen = judge.schemes(schemes)
    return judge.judge(_sheet(sheet, judge, on), on, procedure, chosen)


def find_path(
    sheet: FactSheet | Path | str | bytes,
    to: str,
    *,
    on: dt.date,
    procedure: str = "new",
    prices: Prices | Path | str | None = None,
    keep: Iterable[str] = (),
    fewest: bool = False,
    alternatives: int = 2,
    law: Law | None = None,
) -> Finding:
    """The cheapest changes to one enterprise's facts that turn an answer to yes, and the next ones; or what blocks.

    ``sheet``, ``on``, ``procedure`` and ``law`` are those of :func:`assess`. ``to`` is a scheme (``ladder.little_giant``)
    or a class of one (``digital.level=3``). ``prices`` are own costs and limits, or the path of a YAML file of them; ``keep``
    are facts to leave as they are. ``fewest`` counts the changed facts first, and what they cost after that.

    ``finding.paths`` has the cheapest path first, each judged; ``finding.blocks`` says what stands in the way where there is
    none; ``finding.as_dict()`` is the JSON of ``yiqi path``.

    Raises :class:`yiqi.law.diagnostics.DiagnosticError` with every error of the sheet or the costs,
    :class:`yiqi.path.target.TargetError` for an unknown target, :class:`yiqi.path.target.NoRuleError` when no rule decides
    it on the day, ``KeyError`` for an unknown fact to keep and ``ValueError`` for an unknown procedure.
    """
    from pathlib import Path

    from yiqi.path.finder import PathFinder
    from yiqi.path.prices import Prices, read_prices

    judge = _judge_of(_Same(law))
    vocabulary = judge.law.vocabulary.of("enterprise")
    if prices is not None and not isinstance(prices, Prices):
        prices = read_prices(Path(prices), vocabulary)
    chosen = (prices or Prices()).keeping(vocabulary[fact].id for fact in keep)
    return PathFinder(judge).find(
        _sheet(sheet, judge, on), to, on, procedure, chosen, fewest=fewest, alternatives=alternatives
    )


def _sheet(sheet: FactSheet | Path | str | bytes, judge: Judge, on: dt.date) -> FactSheet:
    from yiqi.facts.sheet import FactSheet

    if isinstance(sheet, FactSheet):
        return sheet
    import datetime as dt

    from yiqi.facts.reading import read_fact_sheet

    # A sheet may know more than the day it is judged for: it is read as of the later of that day and today.
    read_on = max(on, dt.date.today())  # noqa: DTZ011
    return read_fact_sheet(sheet, judge.law.vocabulary.of("enterprise"), read_on).required()


def screen(
    table: object,
    *,
    on: dt.date,
    procedure: str = "new",
    schemes: Iterable[str] | None = None,
    reasons: Reasons = "none",
    year: int | None = None,
    names: Mapping[str, str] | None = None,
    law: Law | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
    state: Path | str | None = None,
    engine: Engine = "duckdb",
    master: str = "local[*]",
) -> Screened:
    """The answers about every enterprise of a table.

    ``table`` is the path of a CSV file, a workbook, a Parquet file or a folder of them, a relation of DuckDB, or an Arrow
    table; one enterprise a row, headings as in ``docs/reference/screening.md``. ``on``, ``procedure`` and ``schemes`` are
    those of :func:`assess`. ``reasons`` is ``none``, ``ids`` (of failed and of open conditions) or ``packed`` (the same
    as bits). ``year`` is the year of headings per year that name none; ``names`` says what headings mean (heading to
    fact). ``connection`` is the DuckDB that computes, one of its own when None. ``state`` is a folder that keeps the
    answers, so that the next run computes only what has changed. ``engine`` is ``duckdb`` or ``spark``, on the cluster
    that ``master`` names.

    The result has ``relation`` (a relation of DuckDB, one row per enterprise), ``arrow()``, ``summary`` (counts) and
    ``preparation`` (how the headings were read, which cells could not be).

    Raises :class:`yiqi.law.diagnostics.DiagnosticError` when the table cannot be read, ``KeyError`` for an unknown scheme
    and ``ValueError`` for an unknown procedure.
    """
    from pathlib import Path

    from yiqi.screening.screened import screen_table

    return screen_table(
        table, _judge_of(_Same(law)), on=on, procedure=procedure, schemes=schemes, reasons=reasons, year=year, names=names,
        connection=connection, state=Path(state) if state is not None else None, engine=engine, master=master,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _judge_of(law: _Same) -> Judge:
    from yiqi.judge.judge import Judge

    return Judge(law.law if law.law is not None else load_law())


class _Same:
    """A law as a key: the same object, not an equal one."""

    def __init__(self, law: Law | None) -> None:
        self.law = law

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.law is other.law

    def __hash__(self) -> int:
        return id(self.law)


def __getattr__(name: str) -> object:
    if name == "FactSheet":
        from yiqi.facts.sheet import FactSheet

        return FactSheet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
