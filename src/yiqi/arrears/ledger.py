"""Reads a ledger of receivables: a table (CSV, Excel, Parquet) or YAML, with its payments, and names what is wrong where.

One line of the ledger is one receivable. Payments stand in the line itself (one amount and its day), in a second sheet or
file (ledger number, day, amount), or in a list below the line in YAML. Every line is kept: what cannot be read is named
with its row and column and stays unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yiqi.arrears.received import Received
from yiqi.facts.interpret import Interpreter
from yiqi.facts.keys import KeyReader
from yiqi.facts.reading import sheet_from_statements
from yiqi.facts.sheet import FactSheet, Value, Yearly
from yiqi.facts.statement import Statement
from yiqi.facts.text_file import StatementReader, decode_text
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.law.located_yaml import Entries, Items, Node, Text, read_located_yaml
from yiqi.law.tree import Law
from yiqi.screening.headings import Headings

ID = "receivable_id"
PAYMENT_KEYS = ("payments", "收款")
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".et")
PAYMENT_COLUMNS = frozenset({"payment_for", "payment_on", "payment_amount"})
"""What a list of payments has; it may be a second sheet of a workbook."""
LARGEST = 20_000
"""Lines of a ledger that is answered line by line with reasons; larger ones are screened as SQL."""

IMPLIED: tuple[tuple[str, str, str], ...] = (
    ("payment_term_days", "term_form", "term_in_days"),
    ("agreed_due_date", "term_form", "term_by_date"),
    ("agreed_rate_annual", "rate_form", "rate_per_year"),
    ("agreed_rate_daily", "rate_form", "rate_per_day"),
)
"""A fact that is given says how something was agreed: the fact, and the value that another fact then has."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in one line that has to be put right, with what to do about it."""

    code: str
    message: Bilingual
    place: str
    """Row and column, or the line of a file."""
    blocks: bool = False
    """Whether nothing is worked out for the line before it is put right."""


@dataclass(frozen=True)
class LedgerLine:
    """One receivable as the ledger has it. ``row`` counts from 1, without the headings."""

    row: int
    sheet: FactSheet
    received: tuple[Received, ...]
    problems: tuple[Problem, ...]
    file_line: int
    """The line or row of the file, headings included."""

    @property
    def id(self) -> str:
        """The ledger's own number of the line, else that of its row."""
        return str(self.sheet.get(ID) or self.row)

    @property
    def blocked(self) -> bool:
        return any(p.blocks for p in self.problems)

    def money(self, fact: str) -> int | None:
        """An amount of the line in fen."""
        value = self.sheet.get(fact)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def day(self, fact: str) -> dt.date | None:
        value = self.sheet.get(fact)
        return value if isinstance(value, dt.date) else None


@dataclass(frozen=True)
class Ledger:
    """All lines of a ledger; ``problems`` are those of no single line."""

    lines: tuple[LedgerLine, ...]
    problems: tuple[Problem, ...]
    headings: Headings | None
    """How the columns were read; None for YAML."""
    read_as: Bilingual
    warnings: tuple[Diagnostic, ...] = ()


def read_ledger(
    path: Path,
    law: Law,
    on: dt.date,
    *,
    payments: Path | None = None,
    names: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Ledger:
    """The ledger in a file.

    ``payments`` is a table of payments; a workbook may have it as a second sheet. ``names`` says what headings mean
    (heading to fact, ``-`` to leave one aside). ``settings`` are facts (id or label) that hold for every line that does
    not give them itself. Raises :class:`DiagnosticError` where there is no ledger to read.
    """
    given = read_settings(settings or {}, law)
    if path.suffix.lower() in (".yaml", ".yml", ".json"):
        ledger = _read_yaml(path, law, on)
    else:
        ledger = _read_table(path, law, on, payments, names or {})
    lines = [_completed(line, given) for line in ledger.lines]
    return replace(ledger, lines=tuple(_checked(lines)))


# -- tables ---------------------------------------------------------------------------------------------------------------


def _read_table(path: Path, law: Law, on: dt.date, payments: Path | None, names: Mapping[str, str]) -> Ledger:
    # A database costs start-up time that a ledger in YAML need not pay.
    import tempfile

    import duckdb

    from yiqi.screening.prepared import PROBLEMS, ROW, sheet_of
    from yiqi.screening.preparing import prepare

    with tempfile.TemporaryDirectory(prefix="yiqi-ledger-") as name:
        connection = duckdb.connect()
        try:
            found = prepare(connection, path, law.vocabulary.of("receivable"), on=on, names=names, folder=Path(name))
            prepared = found.required()
            if prepared.rows > LARGEST:
                raise DiagnosticError([_too_many(path, prepared.rows)])
            cursor = connection.execute(f"FROM {prepared.source} ORDER BY {ROW}")
            heads = [d[0] for d in cursor.description or ()]
            rows = [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]
            first = (found.conversion.table.first_line or 1) if found.conversion is not None else 1
            wrong = _cell_problems(connection, found.problems, first)
            received, orphaned = _payments_of(connection, payments or path, law, on, Path(name), bool(payments))
        finally:
            connection.close()
    lines = []
    for row in rows:
        number = row[ROW]
        row.pop(PROBLEMS, None)
        sheet = sheet_of(prepared.columns, row)
        lines.append(LedgerLine(number, sheet, (), tuple(wrong.get(number, ())), number + first - 1))
    lines, unmatched = _with_payments(lines, received)
    return Ledger(
        tuple(lines),
        (*orphaned, *unmatched),
        found.mapping,
        found.read_as or Bilingual("table", "表格"),
        found.warnings,
    )


def _cell_problems(connection: object, view: str | None, first_line: int) -> dict[int, list[Problem]]:
    """Cells that could not be read, by row; their places count as the file's own lines do, headings included."""
    if view is None:
        return {}
    found: dict[int, list[Problem]] = {}
    execute = connection.execute  # type: ignore[attr-defined]
    for row, heading, cell, code, en, zh in execute(f"SELECT row, heading, cell, code, en, zh FROM {view}").fetchall():
        line = row + first_line - 1
        place = f"{line}" if heading is None else f"{line} · {heading}"
        text = Bilingual(en, zh)
        if code == "below-minimum" and cell is not None:
            text = Bilingual(
                f"{en}; a return is taken off the line it belongs to", f"{zh}；退货请冲减对应账款，不要单列负数"
            )
        found.setdefault(row, []).append(Problem(code, text, place))
    return found


_Payment = tuple[str | None, dt.date | None, int | None, str]


def _payments_of(
    connection: object, path: Path, law: Law, on: dt.date, folder: Path, own_file: bool
) -> tuple[list[_Payment], list[Problem]]:
    """The rows of the list of payments; a ledger without one has none."""
    from yiqi.screening.prepared import ROW
    from yiqi.screening.preparing import prepare

    if not own_file and path.suffix.lower() not in WORKBOOKS:
        return [], []
    found = prepare(connection, path, law.vocabulary.of("payment"), on=on, folder=folder)  # type: ignore[arg-type]
    columns = {c.name for c in found.prepared.columns.values()} if found.prepared is not None else set()
    if not columns >= PAYMENT_COLUMNS:
        if own_file:
            raise DiagnosticError(found.errors or [_no_payments(path)])
        return [], []  # the workbook has no such sheet: its payments stand in the lines
    assert found.prepared is not None
    first = (found.conversion.table.first_line or 1) if found.conversion is not None else 1
    rows = connection.execute(  # type: ignore[attr-defined]
        f"SELECT payment_for, payment_on, payment_amount, {ROW} FROM {found.prepared.source} ORDER BY {ROW}"
    ).fetchall()
    problems = [
        replace(problem, place=f"{path.name} {problem.place}", blocks=False)
        for several in _cell_problems(connection, found.problems, first).values()
        for problem in several
    ]
    return [(number, day, amount, f"{path.name} {row + first - 1}") for number, day, amount, row in rows], problems


def _with_payments(lines: list[LedgerLine], rows: Iterable[_Payment]) -> tuple[list[LedgerLine], list[Problem]]:
    by_id: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        by_id.setdefault(line.id, []).append(index)
    problems: list[Problem] = []
    for number, day, amount, place in rows:
        at = by_id.get(number or "", [])
        if number is None or len(at) != 1:
            shown = number or "—"
            problems.append(
                Problem(
                    "payment-without-line",
                    Bilingual(
                        f"this payment is for ledger number {shown}, which {'several lines have' if at else 'no line has'}; "
                        "give the number of one line",
                        f"该笔收款对应的台账编号“{shown}”{'有多行' if at else '不存在'}，请填写唯一的台账编号",
                    ),
                    place,
                )
            )
            continue
        line = lines[at[0]]
        if day is None or amount is None:
            problem = Problem(
                "incomplete-payment",
                Bilingual("a payment needs its day and its amount", "收款须同时填写日期和金额"),
                place,
                blocks=True,
            )
            lines[at[0]] = replace(line, problems=(*line.problems, problem))
        else:
            lines[at[0]] = replace(line, received=(*line.received, Received(day, amount, place)))
    return lines, problems


# -- YAML -----------------------------------------------------------------------------------------------------------------


def _read_yaml(path: Path, law: Law, on: dt.date) -> Ledger:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DiagnosticError([_unreadable(path, error)]) from error
    text, problems = decode_text(content, str(path))
    if text is None:
        raise DiagnosticError(problems)
    root, problems = read_located_yaml(text, str(path))
    if isinstance(root, Entries) and len(root.entries) == 1 and isinstance(root.entries[0][1], Items):
        root = root.entries[0][1]
    if problems or not isinstance(root, Items):
        raise DiagnosticError(problems or [_not_a_list(path)])
    keys = KeyReader(law.vocabulary.of("receivable"))
    payment_keys = KeyReader(law.vocabulary.of("payment"))
    lines = []
    for row, item in enumerate(root.items, start=1):
        if not isinstance(item, Entries):
            raise DiagnosticError([_not_a_list(path)])
        lines.append(_yaml_line(row, item, law, on, keys, payment_keys, str(path)))
    return Ledger(tuple(lines), (), None, Bilingual(f"YAML, {len(lines)} lines", f"YAML文件，{len(lines)}笔"))


def _yaml_line(
    row: int, item: Entries, law: Law, on: dt.date, keys: KeyReader, payment_keys: KeyReader, file: str
) -> LedgerLine:
    reader = StatementReader(keys, on.year - 1)
    payments: Node | None = None
    for key, node in item:
        if key.text in PAYMENT_KEYS:
            payments = node
        else:
            reader.read(key, node)
    reading = sheet_from_statements(reader.statements, reader.diagnostics, law.vocabulary.of("receivable"), on, file)
    if reading.errors:
        raise DiagnosticError(reading.errors)
    problems = [Problem(d.code, d.message, str(d.place)) for d in reading.warnings]
    received: list[Received] = []
    if payments is not None:
        if not isinstance(payments, Items):
            raise DiagnosticError([_payments_form(payments.place)])
        received += [_yaml_payment(entry, payment_keys, law, on, file) for entry in payments.items]
    return LedgerLine(row, reading.required(), tuple(received), tuple(problems), item.place.line or row)


def _yaml_payment(entry: Node, keys: KeyReader, law: Law, on: dt.date, file: str) -> Received:
    if not isinstance(entry, Entries):
        raise DiagnosticError([_payments_form(entry.place)])
    reader = StatementReader(keys, on.year - 1)
    for key, node in entry:
        name = {"on": "payment_on", "amount": "payment_amount"}.get(key.text, key.text)
        reader.read(Text(name, key.place), node)
    reading = sheet_from_statements(reader.statements, reader.diagnostics, law.vocabulary.of("payment"), on, file)
    sheet = reading.required()
    day, amount = sheet.get("payment_on"), sheet.get("payment_amount")
    if not isinstance(day, dt.date) or not isinstance(amount, int):
        raise DiagnosticError([_payments_form(entry.place)])
    return Received(day, amount, str(entry.place))


# -- what holds for all lines, and what follows from others ---------------------------------------------------------------


def read_settings(settings: Mapping[str, str], law: Law) -> dict[str, Value]:
    """Facts of a receivable as a person writes them (id or label to text), read. Raises :class:`DiagnosticError`."""
    keys = KeyReader(law.vocabulary.of("receivable"))
    interpreter = Interpreter()
    found: dict[str, Value] = {}
    problems: list[Diagnostic] = []
    for name, text in settings.items():
        place = Place(f"--set {name}={text}")
        key = keys.find(name)
        if key is None:
            problems.append(keys.unknown(name, place))
        elif (value := interpreter.value(Statement(key.fact, None, text, place, key.unit))) is not None:
            found[key.fact.id] = value
    problems += interpreter.diagnostics
    if problems:
        raise DiagnosticError(problems)
    return found


def _completed(line: LedgerLine, settings: Mapping[str, Value]) -> LedgerLine:
    """The line with what its facts imply, then with what was said of all lines."""
    changes: dict[str, Value | Yearly] = {}
    problems = list(line.problems)
    for fact, form, value in IMPLIED:
        if line.sheet.get(fact) is None:
            continue
        known = line.sheet.get(form) or changes.get(form)
        if known is None:
            changes[form] = value
        elif known != value:
            problems.append(
                Problem(
                    "two-forms",
                    Bilingual(
                        f"`{fact}` is given, but `{form}` says {known}; keep one of the two",
                        f"填写了“{fact}”，但“{form}”为“{known}”，请只保留一种",
                    ),
                    str(line.file_line),
                    blocks=True,
                )
            )
    if line.sheet.get("last_interruption_on") is not None and line.sheet.get("interrupted") is None:
        changes["interrupted"] = True
    for fact, given in settings.items():
        if line.sheet.get(fact) is None and fact not in changes:
            changes[fact] = given
    received = line.received
    amount, day = line.money("paid_amount"), line.day("paid_on")
    if not received and amount:
        if day is None:
            problems.append(
                Problem(
                    "payment-without-day",
                    Bilingual("money was received, but not on which day; fill in `paid_on`",
                              "已有收款但未填写收款日期，请补充“收款日期”"),
                    str(line.file_line), blocks=True,
                )
            )  # fmt: skip
        else:
            received = (Received(day, amount, str(line.file_line)),)
    sheet = line.sheet.with_values(changes) if changes else line.sheet
    return replace(line, sheet=sheet, received=tuple(sorted(received, key=lambda r: r.on)), problems=tuple(problems))


# -- checks over lines ----------------------------------------------------------------------------------------------------


def _checked(lines: list[LedgerLine]) -> Iterator[LedgerLine]:
    by_id: dict[str, list[int]] = {}
    alike: dict[tuple[object, ...], list[int]] = {}
    for line in lines:
        if line.sheet.get(ID) is not None:
            by_id.setdefault(line.id, []).append(line.file_line)
        same = tuple(line.sheet.get(f) for f in ("debtor_name", "contract_number", "receivable_amount", "delivered_on"))
        if None not in same:
            alike.setdefault(same, []).append(line.file_line)
    twice = {row: rows for rows in by_id.values() if len(rows) > 1 for row in rows}
    copies = {row: rows for rows in alike.values() if len(rows) > 1 for row in rows}
    for line in lines:
        problems = [*line.problems, *_line_problems(line)]
        if rows := twice.get(line.file_line):
            problems.append(
                Problem(
                    "duplicate-number",
                    Bilingual(f"rows {_rows(rows)} have the same ledger number; give each its own",
                              f"第{_rows(rows)}行台账编号相同，请分别编号"),
                    str(line.file_line), blocks=True,
                )
            )  # fmt: skip
        elif rows := copies.get(line.file_line):
            problems.append(
                Problem(
                    "likely-duplicate",
                    Bilingual(f"rows {_rows(rows)} have the same debtor, contract, amount and day of delivery; remove one "
                              "if it is entered twice",
                              f"第{_rows(rows)}行付款方、合同、金额、交付日期均相同，如为重复请删除"),
                    str(line.file_line),
                )
            )  # fmt: skip
        yield replace(line, problems=tuple(problems))


def _rows(rows: list[int]) -> str:
    return ", ".join(str(r) for r in rows[:5]) + (" …" if len(rows) > 5 else "")


def _line_problems(line: LedgerLine) -> Iterator[Problem]:
    place = str(line.file_line)
    if line.sheet.get("currency") == "other":
        yield Problem(
            "foreign-currency",
            Bilingual("the amount is not in yuan; interest is worked out in yuan only, so keep this line apart",
                      "该笔不是人民币，本程序只计算人民币债权，请单独处理"),
            place, blocks=True,
        )  # fmt: skip
    owed = line.money("receivable_amount")
    paid = sum(r.amount for r in line.received)
    if owed is not None and paid > owed:
        yield Problem(
            "paid-above-debt",
            Bilingual("more was received than was owed; move the rest to the line it belongs to, or correct the amount",
                      "收款合计大于应收金额，请将多余部分记入对应账款，或更正金额"),
            place,
        )  # fmt: skip
    delivered, contract = line.day("delivered_on"), line.day("contract_date")
    if delivered is not None and any(r.on < delivered for r in line.received):
        yield Problem(
            "payment-before-delivery",
            Bilingual("money came before delivery; it is counted as an advance: correct the day if it is not one",
                      "收款早于交付，按预付款计算；如非预付请更正日期"),
            place,
        )  # fmt: skip
    if delivered is not None and contract is not None and delivered < contract:
        yield Problem(
            "delivery-before-contract",
            Bilingual("delivery is before the contract; check both days", "交付早于合同签订，请核对两个日期"),
            place,
        )  # fmt: skip


# -- what is wrong with a whole file --------------------------------------------------------------------------------------


def _too_many(path: Path, rows: int) -> Diagnostic:
    return Diagnostic(
        "error", "ledger-too-long",
        Bilingual(f"the ledger has {rows:,} lines; with reasons and letters at most {LARGEST:,} are answered at once",
                  f"台账有{rows:,}笔；逐笔说明理由并出具文书时一次最多{LARGEST:,}笔"),
        Place(str(path)),
        Bilingual("use --table to answer it as SQL, without letters", "请使用 --table 以SQL方式计算（不出具文书）"),
    )  # fmt: skip


def _no_payments(path: Path) -> Diagnostic:
    return Diagnostic(
        "error", "no-payments",
        Bilingual("this table is no list of payments", "该表不是收款明细"), Place(str(path)),
        Bilingual("it needs the columns 台账编号, 收款日期 and 收款金额", "应有“台账编号”“收款日期”“收款金额”三列"),
    )  # fmt: skip


def _not_a_list(path: Path) -> Diagnostic:
    return Diagnostic(
        "error", "not-a-ledger",
        Bilingual("a ledger in YAML is a list of receivables", "YAML台账应为应收账款的列表"), Place(str(path)),
        Bilingual("begin each with `- receivable_id: …`", "每笔以“- 台账编号: …”开头"),
    )  # fmt: skip


def _payments_form(place: Place) -> Diagnostic:
    return Diagnostic(
        "error", "payments-form",
        Bilingual("payments are a list of a day and an amount", "收款应为日期和金额的列表"), place,
        Bilingual("write `payments: [{on: 2026-01-10, amount: 5万元}]`",
                  "请写成“收款: [{收款日期: 2026-01-10, 收款金额: 5万元}]”"),
    )  # fmt: skip


def _unreadable(path: Path, error: OSError) -> Diagnostic:
    reason = error.strerror or str(error)
    return Diagnostic(
        "error", "unreadable-file", Bilingual(f"the file cannot be read: {reason}", f"无法读取文件：{reason}"),
        Place(str(path)), Bilingual("check the path", "请核对路径"),
    )  # fmt: skip
