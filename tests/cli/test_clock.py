"""`yiqi clock` from outside: what it prints, writes and refuses, in both languages."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiqi.cli import main
from yiqi.law.library import default_folder


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", language, "clock", *arguments])


ON = ("--on", "2026-09-21")


def test_the_question_of_the_help_in_english() -> None:
    result = run("10 working days from 2026-09-18", *ON)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "10 working days from Friday, 18 September 2026"
    assert lines[2] == "Last day: 9 October 2026, Friday (星期五)"
    # 22 to 24, 28 to 30 September, 8 and 9 October
    assert lines[3] == "Seen from 21 September 2026: 18 days left (8 working days)"
    assert re.search(r"^  19 September 2026 +Saturday$", result.stdout, re.MULTILINE)
    assert re.search(r"^  25–27 September 2026 +Mid-Autumn Festival \(Friday to Sunday\)$", result.stdout, re.MULTILINE)
    assert re.search(r"^  1–7 October 2026 +National Day \(Thursday to Wednesday\)$", result.stdout, re.MULTILINE)
    assert re.search(r"^  20 September 2026 +worked for National Day \(Sunday\)$", result.stdout, re.MULTILINE)
    assert "Civil Code art. 201 [A]" in result.stdout
    assert lines[-1] == "Calendar: 国办发明电〔2025〕7号 [A]"


def test_the_same_in_chinese() -> None:
    result = run("自2026年9月18日起10个工作日", *ON, language="zh")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "自2026年9月18日（星期五）起10个工作日"
    assert lines[2] == "截止日：2026年10月9日，星期五（Friday）"
    assert lines[3] == "截至2026年9月21日：还剩18日（8个工作日）"
    assert "国庆节（星期四至星期三）" in result.stdout
    assert "国庆节调休上班（星期日）" in result.stdout
    assert "《民法典》第二百零一条 [A]" in result.stdout
    assert set(re.findall(r"[A-Za-z]{2,}", result.stdout)) == {"Friday"}  # the weekday, in both languages


def test_a_question_may_be_written_without_quotes() -> None:
    assert run("10", "working", "days", "from", "2026-09-18").stdout == run("10 working days from 2026-09-18").stdout


def test_what_is_over_and_the_last_day_itself() -> None:
    assert "over for 3 days (2 working days)" in run("10 working days from 2026-09-18", "--on", "2026-10-12").stdout
    assert "this is the last day" in run("10 working days from 2026-09-18", "--on", "2026-10-09").stdout
    assert "当日即截止日" in run("自2026年9月18日起10个工作日", "--on", "2026年10月9日", language="zh").stdout


def test_pause_and_extension() -> None:
    pause = ("--pause", "2026-09-10..2026-09-14 appraisal")
    text = run("30 days from 2026-09-01", *pause, "--on", "2026-09-21").stdout
    assert "Last day: 8 October 2026, Thursday" in text
    assert "10–14 September 2026 (appraisal)" in text
    # Sixty days and five: 5 November
    text = run("30 days from 2026-09-01", *pause, "--extend", "30 days", "--on", "2026-09-21").stdout
    assert "Last day: 5 November 2026, Thursday" in text
    text = run("30 days from 2026-10-14", "--extend-to", "90 days", "--on", "2026-11-23").stdout
    assert "Last day: 12 January 2027, Tuesday" in text
    text = run("10 working days from 2026-09-18", "--transfer", "2026-09-28", "--on", "2026-11-23").stdout
    assert "Last day: 16 October 2026, Friday" in text


def test_a_pause_without_an_end() -> None:
    text = run("30 days from 2026-09-01", "--pause", "2026-09-10..", *ON).stdout
    assert "Paused since 10 September 2026: no last day yet; 22 days left" in text
    text = run("自2026年9月1日起30日", "--pause", "2026-09-10..", *ON, language="zh").stdout
    assert "自2026年9月10日起中止，尚无截止日；剩余22日" in text


def test_another_reading_is_shown_and_can_be_chosen() -> None:
    text = run("30 days from 2026-09-01", *ON).stdout
    assert "Last day: 8 October 2026" in text
    assert "rest_days=statutory: Monday, 5 October 2026" in text
    text = run("30 days from 2026-09-01", "--reading", "rest_days=statutory", *ON).stdout
    assert "Last day: 5 October 2026" in text
    assert "rest_days=notice: Thursday, 8 October 2026" in text


def test_beyond_the_last_notice_there_is_a_range_with_its_reason() -> None:
    result = run("10 working days from 2027-04-20", "--on", "2026-11-23")
    assert "Earliest last day: 6 May 2027, Thursday (星期四)" in result.stdout
    assert "Latest last day: 7 May 2027, Friday (星期五)" in result.stdout
    assert "has not announced the holidays of 2027" in result.stdout
    assert "may become a day off" in result.stdout
    text = run("自2027年4月20日起10个工作日", "--on", "2026-11-23", language="zh").stdout
    assert "最早截止日：2027年5月6日" in text
    assert "尚未公布" in text
    assert "可能调休放假" in text


def test_json_has_the_same_figures_and_no_float() -> None:
    document = json.loads(
        run("10 working days from 2026-09-18", *ON, "--format", "json").stdout, parse_float=pytest.fail
    )
    assert document["last_day"] == {
        "earliest": "2026-10-09", "latest": "2026-10-09", "certain": True, "weekday": {"en": "Friday", "zh": "星期五"},
    }  # fmt: skip
    assert document["remaining"]["working_days"] == {"low": 8, "high": 8}
    assert [d["date"] for d in document["days_off"]] == [
        "2026-09-19", "2026-09-25", "2026-09-26", "2026-09-27", *(f"2026-10-0{d}" for d in range(1, 8)),
    ]  # fmt: skip
    assert [(d["date"], d["kind"], d["name"]["zh"]) for d in document["worked_weekends"]] == [
        ("2026-09-20", "makeup", "国庆节调休上班")
    ]
    assert document["steps"][0]["source"] == {
        "cite": {"en": "Civil Code art. 201", "zh": "《民法典》第二百零一条"}, "confidence": "A",
    }  # fmt: skip
    assert document["notices"][0]["issued"] == "2025-11-04"


def test_a_calendar_event(tmp_path: Path) -> None:
    file = tmp_path / "last-day.ics"
    assert run("10 working days from 2026-09-18", *ON, "--ics", str(file)).exit_code == 0
    content = file.read_bytes().replace(b"\r\n ", b"").decode()
    assert "DTSTART;VALUE=DATE:20261009\r\n" in content
    assert "SUMMARY:Last day: 10 working days from 2026-09-18\r\n" in content
    assert "Civil Code art. 201" in content
    assert run("自2026年9月18日起10个工作日", *ON, "--ics", str(file), language="zh").exit_code == 0
    assert "SUMMARY:截止日：自2026年9月18日起10个工作日\r\n" in file.read_bytes().replace(b"\r\n ", b"").decode()
    assert [f.name for f in tmp_path.iterdir()] == ["last-day.ics"]


def test_no_event_is_written_without_a_day_and_the_old_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "last-day.ics"
    file.write_text("old", encoding="utf-8")
    result = run("30 days from 2026-09-01", "--pause", "2026-09-10..", *ON, "--ics", str(file))
    assert result.exit_code == 1
    assert "no last day" in result.stderr
    assert file.read_text(encoding="utf-8") == "old"
    result = run("30 days from 2026-09-01", *ON, "--ics", str(tmp_path / "nowhere" / "x.ics"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


COMPLAINT = ("--event", "filed=2026-09-18", "--event", "accepted=2026-10-09", "--event", "received=2026-10-14")


def test_a_complaint() -> None:
    result = run(*COMPLAINT, "--on", "2026-11-23")
    assert result.exit_code == 0
    assert "handling department: overdue by 10 days (6 working days)" in result.stdout
    assert "Friday, 13 November 2026 (30 days)" in result.stdout
    assert "Regulation on Ensuring Payments to SMEs (2025), arts. 24, 25 [A]" in result.stdout
    text = run(*COMPLAINT, "--on", "2026-11-23", language="zh").stdout
    assert "处理投诉部门：已逾期10日（6个工作日）" in text
    document = json.loads(run(*COMPLAINT, "--on", "2026-11-23", "--format", "json").stdout)
    assert [d["status"] for d in document["duties"]] == ["met", "met", "overdue"]
    assert document["duties"][2]["late"]["overdue_days"] == {"low": 10, "high": 10}


def test_a_complaint_as_calendar_events(tmp_path: Path) -> None:
    file = tmp_path / "c.ics"
    assert run(*COMPLAINT, "--on", "2026-11-10", "--ics", str(file)).exit_code == 0
    assert "DTSTART;VALUE=DATE:20261113" in file.read_text(encoding="utf-8")


def test_a_duty_of_the_law() -> None:
    result = run("miit-2022-63#change_procedure.report from 2026-05-06", "--on", "2026-06-01")
    assert result.exit_code == 0
    assert "enterprise: within 3 months of change" in result.stdout
    assert "Last day: 6 August 2026, Thursday" in result.stdout
    listed = run("--duties").stdout
    assert "miit-2022-63#change_procedure.report\twithin 3 months of change\tenterprise" in listed
    assert "每年4月30日前\t企业\t年度信息更新" in run("--duties", language="zh").stdout


def test_the_readings_are_listed() -> None:
    text = run("--readings").stdout
    assert "rest_days=notice (default)" in text
    assert "rest_days=statutory" in text
    assert "（默认）" in run("--readings", language="zh").stdout
    names = [row["name"] for row in json.loads(run("--readings", "--format", "json").stdout)]
    assert names[0] == "rest_days"


REFUSED: list[tuple[tuple[str, ...], str, str]] = [
    ((), "the question cannot be read. Forms:", "无法读懂这个问题"),
    (("next week",), "10 working days from 2026-09-18", "自2026年9月18日起10个工作日"),
    (("10 working days from 2018-03-01",), "before 2019; there is no calendar", "没有该时期的工作日历"),
    (("10 working days from 2036-03-01",), "the calendar ends on", "日历截至"),
    (("10 days from 2026-02-30",), "there is no day 2026-02-30", "没有“2026-02-30”这一天"),
    (("10 days from 2026-09-01", "--pause", "abc"), "is no pause", "不是中止期间"),
    (("10 days from 2026-09-01", "--extend", "abc"), "is no period", "不是期限"),
    (("10 days from 2026-09-01", "--transfer", "abc"), "is no day", "不是日期"),
    (("10 days from 2026-09-01", "--extend", "1 day", "--extend-to", "20 days"), "use one", "只能用一个"),
    (("10 days from 2026-09-01", "--reading", "rest=x"), "there is no reading", "没有名为"),
    (("10 days from 2026-09-01", "--event", "filed=2026-09-01"), "different questions", "不能同时使用"),
    (("--event", "filled=2026-09-01"), "did you mean `filed`", "是否想写“filed”"),
    (("--event", "filed=2026-09-01", "--extend", "3 days"), "by its events", "以事件表示"),
    (("--event", "filed=2026-09-01", "--region", "Liaoning"), "two to six digits", "2至6位数字"),
    (("miit-2022-63#change_procedure.rport from 2026-05-06",), "did you mean", "是否想写"),
]


@pytest.mark.parametrize(("arguments", "en", "zh"), REFUSED)
def test_what_is_refused_says_why_in_both_languages(arguments: tuple[str, ...], en: str, zh: str) -> None:
    for language, said in (("en", en), ("zh", zh)):
        result = run(*arguments, "--on", "2026-11-23", language=language)
        assert result.exit_code == 2
        assert said in result.stderr
        assert result.stdout == ""


def test_a_faulty_calendar_is_shown_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(default_folder() / "calendar", tmp_path / "calendar")
    file = tmp_path / "calendar" / "notices.yaml"
    text = file.read_text(encoding="utf-8").replace("work: [2026-02-14, 2026-02-28]", "work: [2026-02-14]")
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("YIQI_LAW", str(tmp_path))
    result = run("10 working days from 2026-09-18")
    assert result.exit_code == 1
    assert "calendar/notices.yaml:" in result.stderr
    assert "5 working days are given, by law 4" in result.stderr
    shutil.rmtree(tmp_path / "calendar")
    result = run("10 working days from 2026-09-18")
    assert result.exit_code == 2
    assert "has no calendar" in result.stderr
