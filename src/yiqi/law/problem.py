"""What is wrong with one place of a law file, on its way to becoming a diagnostic."""

from __future__ import annotations

from yiqi.law.bilingual import Bilingual
from yiqi.law.syntax import Span


class ProblemError(Exception):
    """``code`` names the kind of error; the two texts say what is wrong, ``remedy`` what to do."""

    def __init__(self, span: Span, code: str, en: str, zh: str, remedy: Bilingual | None = None) -> None:
        self.span, self.code, self.en, self.zh, self.remedy = span, code, en, zh, remedy
        super().__init__(en)
