"""`yiqi assess` from outside: what it prints, writes and refuses."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiqi.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
NEAR_MISS = str(EXAMPLES / "near-miss-main-business.yaml")


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", language, "assess", *arguments])


def test_the_near_miss_names_the_condition_the_figure_and_the_gap() -> None:
    text = run(NEAR_MISS, "--on", "2026-11-23").stdout
    # 88.4% of 12,500万元 is 11,050万元; 90% would be 11,250万元: 200万元 short.
    assert "✗ No  Little giant — 1 condition fails" in text
    assert "88.4%" in text
    assert "short by 200万元" in text
    assert "MIIT 2026 No. 2, Annex 2, item 2" in text


def test_chinese_is_chinese_throughout() -> None:
    text = run(NEAR_MISS, "--on", "2026-11-23", language="zh").stdout
    assert "✗ 不符合  专精特新“小巨人”企业" in text
    assert "主营业务收入还差200万元" in text
    words = [w for w in re.findall(r"[A-Za-z]{3,}", text) if w != "XXXX" and not re.search(rf"[0-9]{w}|{w}[0-9]", text)]
    assert set(words) <= {"details"}, words


def floats(value: object) -> list[float]:
    if isinstance(value, float):
        return [value]
    if isinstance(value, dict):
        return [f for v in value.values() for f in floats(v)]
    return [f for v in value for f in floats(v)] if isinstance(value, list) else []


def test_json_has_the_shape_of_the_contract_and_no_float() -> None:
    result = run(NEAR_MISS, "--on", "2026-11-23", "--format", "json")
    document = json.loads(result.stdout)
    assert floats(document) == []
    assert document["on"] == "2026-11-23"
    answers = {a["scheme"]: a for a in document["answers"]}
    giant = answers["ladder.little_giant"]
    assert giant["rule"] == "miit-2026-2#little_giant"
    assert giant["outcome"] == "no"
    assert answers["size.class"]["outcome"] == "small"

    def walk(conditions: list[dict[str, object]]) -> list[dict[str, object]]:
        return [c for one in conditions for c in (one, *walk(one.get("conditions", [])))]  # type: ignore[arg-type]

    share = next(c for c in walk(giant["conditions"]) if c["id"] == "miit-2026-2#little_giant.scale/2")
    assert share["outcome"] == "no"
    assert share["actual"]["value"]["en"] == "88.4%"  # type: ignore[index]
    assert share["required"] == {"en": "≥ 90%", "zh": "≥ 90%"}


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.scripts = 0
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.outside += [v for k, v in attrs if k in ("src", "href") and v and not v.startswith("#")]
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "zh"])
def test_html_stands_alone(language: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run(NEAR_MISS, "--format", "html", "--out", str(page), language=language).exit_code == 0
    links = Links()
    links.feed(page.read_text(encoding="utf-8"))
    assert (links.outside, links.scripts, links.open) == ([], 0, [])


def test_the_ending_of_out_says_the_format(tmp_path: Path) -> None:
    for ending, begins in ((".html", "<!doctype html>"), (".json", "{"), (".txt", "示例合成材料有限公司")):
        out = tmp_path / f"report{ending}"
        assert run(NEAR_MISS, "--on", "2026-11-23", "--out", str(out)).stdout == ""
        assert out.read_text(encoding="utf-8").startswith(begins)


def test_several_files_are_several_reports(tmp_path: Path) -> None:
    files = [NEAR_MISS, str(EXAMPLES / "software-firm.xlsx"), str(EXAMPLES / "wholesale-micro.json")]
    text = run(*files, "--on", "2026-11-23", "--schemes", "size").stdout
    names = ("示例合成材料有限公司", "示例云图软件有限公司", "示例日用百货贸易有限公司")
    assert [text.count(name) for name in names] == [1, 1, 1]
    documents = json.loads(run(*files, "--on", "2026-11-23", "--format", "json").stdout)
    assert [d["enterprise"]["name"] for d in documents] == list(names)
    # Pages are files of their own.
    refused = run(*files, "--format", "html")
    assert refused.exit_code == 2
    assert "--out FOLDER" in refused.stderr
    assert run(*files, "--format", "html", "--out", str(tmp_path / "pages")).exit_code == 0
    assert sorted(p.name for p in (tmp_path / "pages").iterdir()) == [
        "near-miss-main-business.html", "software-firm.html", "wholesale-micro.html",
    ]  # fmt: skip


def test_reports_that_would_overwrite_each_other_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "near-miss-main-business.yaml"
    other.write_text("name: 另一家\n", encoding="utf-8")
    result = run(NEAR_MISS, str(other), "--format", "html", "--out", str(tmp_path / "pages"), language="zh")
    assert result.exit_code == 2
    assert "同名" in result.stderr


def test_one_wrong_file_does_not_keep_the_others_from_being_judged(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("employees: {2025: -3}\n", encoding="utf-8")
    result = run(str(bad), NEAR_MISS, str(tmp_path / "absent.yaml"), "--on", "2026-11-23")
    assert result.exit_code == 1
    assert "✗ No  Little giant" in result.stdout
    assert "no-such-file" in result.stderr


def test_a_warning_does_not_stop_the_assessment() -> None:
    result = run(str(EXAMPLES / "start-up-zero-base.yaml"), "--on", "2026-11-23")
    assert result.exit_code == 0
    assert "warning (implausibly-low)" in result.stderr
    assert result.stdout.startswith("示例氢能装备有限公司")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_day_that_is_none(language: str) -> None:
    result = run(NEAR_MISS, "--on", "next week", language=language)
    assert result.exit_code == 2
    said = "'next week' is no day" if language == "en" else "“next week”不是日期"
    assert said in result.stderr


def test_a_day_in_chinese() -> None:
    assert "2026年11月23日" in run(NEAR_MISS, "--on", "2026年11月23日", language="zh").stdout


def test_the_language_can_be_said_behind_the_command() -> None:
    result = CliRunner().invoke(main, ["assess", NEAR_MISS, "--on", "2026-11-23", "--lang", "zh"])
    assert "✗ 不符合  专精特新“小巨人”企业" in result.stdout


def test_today_is_the_day_in_china(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    from yiqi.cli import assess

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Clock":
            # Half past five in the afternoon of the 22nd at Greenwich is the 23rd in China.
            return cls(2026, 11, 22, 17, 30, tzinfo=dt.UTC).astimezone(tz)

    monkeypatch.setattr(assess.dt, "datetime", Clock)
    assert assess.today() == dt.date(2026, 11, 23)


def test_a_target_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run(NEAR_MISS, "--on", "2026-11-23", "--out", str(tmp_path / "file" / "report.html"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.output


def test_law_that_is_wrong_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIQI_LAW", str(tmp_path / "nothing"))
    result = run(NEAR_MISS)
    assert result.exit_code == 2
    assert "is no folder of law files" in result.stderr


def test_a_name_cannot_put_markup_into_the_page(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text('name: "<script>alert(1)</script>"\nemployees: {2025: 10}\n', encoding="utf-8")
    text = run(str(sheet), "--on", "2026-11-23", "--format", "html").stdout
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_two_days_stand_beside_each_other() -> None:
    text = run(
        str(EXAMPLES / "guangdong-pass-mark.yaml"), "--on", "2025-12-15", "--on", "2026-11-23", "--schemes", "ladder"
    ).stdout
    row = next(line for line in text.splitlines() if line.startswith("Specialised SME "))
    assert re.split(r"\s{2,}", row)[1:] == ["✗ No", "✓ Yes"]
    assert "MIIT 2022 No. 63, Annex 2" in text
    assert "MIIT 2026 No. 2, Annex 1" in text


def test_every_problem_of_a_file_at_once_and_exit_1(tmp_path: Path) -> None:
    sheet = tmp_path / "bad.yaml"
    sheet.write_text(
        "operating_revenu: {2025: 5000万元}\nemployees: {2025: -3}\nrd_expense: {2025: many}\n", encoding="utf-8"
    )
    result = run(str(sheet))
    assert result.exit_code == 1
    assert result.stdout == ""
    for line, said in ((1, "operating_revenue"), (2, "employees"), (3, "many")):
        assert re.search(rf"bad\.yaml:{line}:\d+[^\n]*error", result.stderr)
        assert said in result.stderr.lower()


def test_an_unknown_scheme_suggests_the_nearest() -> None:
    result = run(NEAR_MISS, "--schemes", "lader")
    assert result.exit_code == 2
    assert "did you mean 'ladder'?" in result.stderr


def test_the_template_does_not_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    arguments = ["--lang", "en", "template", str(path), "--on", "2026-11-23"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    before = path.read_bytes()
    refused = CliRunner().invoke(main, arguments)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert path.read_bytes() == before


def test_the_demo_ends_by_itself_and_writes_its_pages(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--lang", "zh", "demo", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".html"}
    assert "小巨人" in result.stdout
