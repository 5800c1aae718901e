"""What a clock cannot answer, said in both languages."""

from __future__ import annotations

from yiqi.law.bilingual import Bilingual


class ClockError(ValueError):
    """A question that has no answer: a day outside the calendar, a pause that ends before it begins, an unread form."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)
