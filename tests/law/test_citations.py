"""The numbered beginning of a heading becomes part of the citation, in both tongues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.law.conftest import Folder


@pytest.mark.parametrize(
    ("heading", "en", "zh"),
    [
        ("Art. 11. Common conditions · 第十一条 共同条件", "Trial 2026 No. 2, art. 11", "试〔2026〕2号 第十一条"),
        ("Annex 2. Little giant · 附件2 小巨人", "Trial 2026 No. 2, Annex 2", "试〔2026〕2号 附件2"),
        ("Item 5. Market · 第五项 市场", "Trial 2026 No. 2, item 5", "试〔2026〕2号 第五项"),
        ("Scale · 经营规模", "Trial 2026 No. 2", "试〔2026〕2号"),
    ],
)
def test_the_citation_of_a_heading(folder: Folder, heading: str, en: str, zh: str) -> None:
    folder.law(f"\n# {heading} {{#rule .delegated}}\n")
    law, problems = folder.read()
    assert problems == []
    assert (law.rule("trial#rule").cite.en, law.rule("trial#rule").cite.zh) == (en, zh)
