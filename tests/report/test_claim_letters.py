"""The letters of many claims in a folder."""

from dataclasses import replace
from pathlib import Path

import pytest

from report.claim_samples import CLAIM
from yiqi.report.claim_letters import write_letters
from yiqi.report.claims import Claims


def claims(*debtors: str) -> list[Claims]:
    made = [replace(CLAIM, debtor=replace(CLAIM.debtor, name=debtor)) for debtor in debtors]
    return [Claims(claim.debtor.name, claim, claim, None) for claim in made]


def test_letters_come_in_the_order_of_the_claims_each_as_word_and_pdf(tmp_path: Path) -> None:
    debtors = [f"第{number}集团有限公司" for number in range(12)]
    steps: list[tuple[int, int]] = []
    written = list(write_letters(claims(*debtors), tmp_path / "letters", "zh", lambda n, of: steps.append((n, of))))
    assert [(w.debtor, w.kind.zh) for w in written] == [(d, k) for d in debtors for k in ("催款函", "投诉书")]
    assert steps == [(number, 12) for number in range(1, 13)]
    assert [file.name for file in written[0].files] == [
        "第0集团有限公司_催款函_2026-11-23.docx",
        "第0集团有限公司_催款函_2026-11-23.pdf",
    ]
    assert sorted((tmp_path / "letters").iterdir()) == sorted(file for w in written for file in w.files)


def test_a_letter_without_a_complaint_is_a_demand_alone(tmp_path: Path) -> None:
    (claim,) = claims("甲集团有限公司")
    (written,) = write_letters([replace(claim, complaint=None)], tmp_path, "zh")
    assert written.kind.zh == "催款函"


def test_a_missing_character_costs_its_own_pdf_only(tmp_path: Path) -> None:
    refused, _, fine, _ = write_letters(claims("上海𪚥商贸有限公司", "乙集团有限公司"), tmp_path, "zh")
    assert [file.suffix for file in refused.files] == [".docx"]
    assert refused.failed is not None and "𪚥" in refused.failed.zh
    assert [file.suffix for file in fine.files] == [".docx", ".pdf"] and fine.failed is None


def test_a_name_cannot_leave_the_folder_nor_take_anothers_file(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    written = list(write_letters(claims("../../甲", "..\\..\\甲", "甲"), folder, "zh"))
    files = [file for w in written for file in w.files]
    assert len(set(files)) == 12
    assert all(file.parent == folder and file.is_file() for file in files)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_disk_that_refuses_ends_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        list(write_letters(claims("甲", "乙", "丙"), tmp_path, "zh"))
    assert not list(tmp_path.iterdir())
