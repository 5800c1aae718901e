"""The dialogue of `yiqi interview`: shows a question, reads a line, shows what became of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path

import click

from yiqi.cli.language import Language, Text
from yiqi.facts.replies import Reply, read_reply
from yiqi.facts.writing import fact_sheet_text, save_fact_sheet, value_text
from yiqi.judge.answer import Answer
from yiqi.judge.interview import UNKNOWN, Effect, Interview, Question
from yiqi.law.bilingual import Bilingual
from yiqi.law.vocabulary import Fact
from yiqi.law.words import CLASSES
from yiqi.report.phrases import KNOWN_BY, MARKS, OUTCOMES
from yiqi.report.terminal import COLOURS, plain
from yiqi.report.text import render_text
from yiqi.report.view import build_view

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended."""


class Word(Enum):
    """What can be said instead of an answer."""

    HELP = auto()
    BACK = auto()
    RESULT = auto()
    QUIT = auto()


WORDS = {
    "?": Word.HELP, "？": Word.HELP, "help": Word.HELP, "帮助": Word.HELP,
    "b": Word.BACK, "back": Word.BACK, "返回": Word.BACK, "上一步": Word.BACK,
    "result": Word.RESULT, "结果": Word.RESULT,
    "q": Word.QUIT, "quit": Word.QUIT, "退出": Word.QUIT,
}  # fmt: skip
LETTERS = ("b", "q")
"""Not words where a code is asked for: sections B and Q are industries."""

FORMS = {
    "money": Bilingual(
        "an amount, such as 5512.5万元; without a unit it is yuan", "金额，如5512.5万元；不写单位按元计"
    ),
    "ratio": Bilingual("a share, such as 12.5%", "比例，如12.5%"),
    "points": Bilingual("points, such as 62.35", "分值，如62.35"),
    "count": Bilingual("a whole number", "整数"),
    "years": Bilingual("whole years, such as 3", "整年数，如3"),
    "yes_no": Bilingual("yes or no", "是或否"),
    "date": Bilingual("a date, such as 2026-11-23", "日期，如2026-11-23"),
    "region": Bilingual("six digits of GB/T 2260, such as 330100", "GB/T 2260六位代码，如330100"),
    "industry": Bilingual("a code of GB/T 4754-2017, such as C3451", "GB/T 4754-2017代码，如C3451"),
    "one_of": Bilingual("one of the following", "以下之一"),
    "set_of": Bilingual("all that apply, `;` between them, or none", "可多选，用“；”分隔；没有请写“无”"),
}
HINT = Bilingual(
    "Enter alone or `unknown`: I don't know.  ? help  back  result  quit",
    "直接回车或“不清楚”：不知道。  ? 帮助  返回  结果  退出",
)
CONDITIONS_SHOWN = 2


class Dialogue:
    """Speaks with one person about one enterprise; ``save`` is where the sheet is kept."""

    def __init__(self, interview: Interview, language: Language, save: Path | None) -> None:
        self.interview = interview
        self.language: Language = language
        self.save = save
        self.vocabulary = interview.judge.law.vocabulary.of("enterprise")
        self.answered = False
        # A person sees what they type; from a script it is shown, so that what is printed can be followed.
        self.typed = sys.stdin.isatty()
        self.coloured = sys.stdout.isatty()

    def run(self) -> int:
        """Ask until nothing is open or the person ends it. The exit code."""
        self._say(HINT[self.language])
        try:
            ended = self._ask_all()
        except KeyboardInterrupt:
            self._say("")
            self._keep()
            return INTERRUPTED
        self._say("")
        if ended is not Word.QUIT:
            self._report()
        self._keep()
        return 0

    # -- asking -------------------------------------------------------------------------------------------------------

    def _ask_all(self) -> Word | None:
        """Word.QUIT when the person ended it; None when all is settled or the answers ran out."""
        while True:
            question = self.interview.next()
            try:
                if question is None:
                    word = self._close()
                    if word is not Word.BACK:
                        return word
                    continue
                self._show(question)
                if self._ask(question) is Word.QUIT:
                    self._say("")
                    self._say(self._status())
                    return Word.QUIT
            except EOFError:
                self._say("")
                if question is not None:
                    left = len(self.interview.open_facts())
                    self._both(f"No more answers; {left} facts are still open.", f"没有更多回答，还有{left}项待定。")
                return None

    def _close(self) -> Word | None:
        """When nothing is left to ask, the last answer can still be taken back: Word.BACK, else how it ends."""
        self._say("")
        self._say(self._status())
        self._both("Nothing more needs to be asked.", "无需再提问。")
        if not self.interview.asked:
            return None
        self._both("Enter: the result.  back: change the last answer.", "回车查看结果；“返回”修改上一个回答。")
        line = self._line()
        word = WORDS.get(line.strip().lower())
        if word is Word.BACK:
            self.interview.back()
        elif word is None and line.strip():
            self._both(f"  not used: {line.strip()}", f"  未采用：{line.strip()}")
        return word if word in (Word.BACK, Word.QUIT) else None

    def _ask(self, question: Question) -> Word | None:
        """Read lines until one answers the question or leads away from it."""
        while True:
            line = self._line()
            match self._word(line, question.fact):
                case Word.HELP:
                    for text in self._help(question):
                        self._say(text)
                case Word.RESULT:
                    self._report()
                case Word.BACK:
                    if self.interview.back() is None:
                        self._both("This is the first question.", "这是第一个问题。")
                        continue
                    return Word.BACK
                case Word.QUIT:
                    return Word.QUIT
                case _:
                    reply = read_reply(
                        line, question.fact, question.year, self.interview.sheet, self.vocabulary, self.interview.on
                    )
                    self._remark(reply)
                    if reply.usable:
                        self._take(question, reply)
                        return None

    def _take(self, question: Question, reply: Reply) -> None:
        self.answered = True
        if reply.value is None:
            self.interview.answer(UNKNOWN)
            self._both("  noted as unknown", "  记为不清楚")
            return
        self.interview.answer(reply.value)
        # What was understood is said back: 5000 without a unit is yuan.
        self._say("  = " + value_text(question.fact, reply.value, self.language).strip('"'))

    def _line(self) -> str:
        line = input("> ")
        if not self.typed:
            self._say(line)
        return line

    @staticmethod
    def _word(line: str, fact: Fact) -> Word | None:
        said = line.strip().lower()
        if said in LETTERS and fact.type in ("industry", "text"):
            return None
        return WORDS.get(said)

    # -- showing ------------------------------------------------------------------------------------------------------

    def _show(self, question: Question) -> None:
        lang = self.language
        self._say("")
        self._say(self._status())
        left = len(self.interview.open_facts())
        number = self.interview.asked + 1
        self._both(
            f"{number}. {question.text.en}  (at most {left} left)", f"{number}. {question.text.zh}（至多还有{left}题）"
        )
        form = FORMS.get(question.fact.type)
        if form is not None:
            self._say(f"   {form[lang]}")
        if question.known is not None:
            self._both(
                f"   {question.known} alone does not decide; give more digits if you know them.",
                f"   仅有{question.known}无法判断，如知道请填写更多位数。",
            )
        if question.fact.members:
            for member in question.fact.members:
                self._say(f"     {member.id}  {member.label[lang]}" if lang == "en" else f"     {member.label.zh}")
        for text in self._depending(question):
            self._say(text)

    def _depending(self, question: Question) -> Iterator[str]:
        """Per scheme, what depends on the answer."""
        lang = self.language
        titles = self.interview.judge.law.schemes
        for dependence in question.why:
            texts = list(dict.fromkeys(outline.text[lang] for outline in dependence.conditions))
            more = len(texts) - CONDITIONS_SHOWN
            shown = ("；" if lang == "zh" else "; ").join(texts[:CONDITIONS_SHOWN])
            if more > 0:
                shown += f"等{len(texts)}项" if lang == "zh" else f"; and {more} more"
            title = titles[dependence.scheme].title[lang]
            yield f"   → {title}：{shown}" if lang == "zh" else f"   → {title}: {shown}"

    def _help(self, question: Question) -> Iterator[str]:
        lang, fact = self.language, question.fact
        zh = lang == "zh"
        yield ""
        if fact.help[lang]:
            yield fact.help[lang]
        if fact.proof[lang]:
            yield f"证明材料：{fact.proof.zh}" if zh else f"Proof: {fact.proof.en}"
        known = KNOWN_BY[fact.known_by]
        yield f"由谁掌握：{known.zh}" if zh else f"Known by: {known.en}"
        now = {answer.scheme.id: answer for answer in self.interview.answers}
        settling = [text for effect in question.effects if (text := self._effect(effect, now))]
        if settling:
            yield "回答后可得出的结论：" if zh else "What an answer would settle:"
            yield from settling
        else:
            yield (
                "单凭这一项不能得出结论，须与其他信息一并判断。"
                if zh
                else "This fact settles nothing alone; it counts together with others."
            )
        yield HINT[lang]

    def _effect(self, effect: Effect, now: dict[str, Answer]) -> str:
        """An answer and the schemes whose outcome it would change."""
        lang = self.language
        changed = []
        for scheme, outcome in effect.outcomes.items():
            answer = now[scheme]
            before = answer.outcome if answer.outcome is not None else "/".join(answer.possible or ())
            if outcome != before or scheme in effect.settles:
                colon = "：" if lang == "zh" else ": "
                changed.append(f"{answer.scheme.title[lang]}{colon}{self._outcome(outcome)}")
        if not changed:
            return ""
        answers = ("、" if lang == "zh" else ", ").join(text[lang] for text in effect.answers)
        return f"  {answers} → {('；' if lang == 'zh' else '; ').join(changed)}"

    def _status(self) -> str:
        """The result as it stands, one scheme behind the other."""
        parts = []
        for answer in self.interview.answers:
            title, outcome = answer.scheme.title[self.language], answer.outcome
            if answer.possible is not None:
                colon = "：" if self.language == "zh" else ": "
                parts.append(f"{title}{colon}{self._outcome('/'.join(answer.possible))}")
                continue
            mark = outcome or "unknown"
            text = f"{MARKS[mark]} {title}"
            if mark == "unknown":
                left = len(self.interview.open_facts(answer.scheme.id))
                text += f"（待定{left}项）" if self.language == "zh" else f" ({left} open)"
            style = COLOURS.get(mark)
            parts.append(click.style(text, fg=style) if style and self.coloured else text)
        return " · ".join(parts)

    def _outcome(self, outcome: str) -> str:
        if outcome in OUTCOMES:
            return OUTCOMES[outcome][self.language]
        names = [CLASSES.get(name, (name, name))[self.language == "zh"] for name in outcome.split("/")]
        return "/".join(names)

    def _remark(self, reply: Reply) -> None:
        """What is wrong with a reply, or odd about it."""
        zh = self.language == "zh"
        words = {"error": "错误" if zh else "error", "warning": "提醒" if zh else "warning"}
        for diagnostic in reply.diagnostics:
            colon = "：" if zh else ": "
            self._say(f"  {words[diagnostic.severity]}{colon}{diagnostic.message[self.language]}")
            if diagnostic.remedy is not None:
                self._say(f"    = {diagnostic.remedy[self.language]}")

    def _report(self) -> None:
        """The same report as of `yiqi assess`."""
        style = (lambda t, o: click.style(t, fg=c) if (c := COLOURS.get(o)) else t) if self.coloured else plain
        view = build_view(self.interview.answers, self.interview.judge.law)
        click.echo(render_text(view, self.language, style=style), nl=False)

    def _keep(self) -> None:
        """Write the sheet where it is to be kept, and say so; say also when answers are not kept."""
        if self.save is None:
            if self.answered:
                self._both(
                    "The answers are not kept; --save FILE writes them.", "回答未保存；使用--save FILE可写入文件。"
                )
            return
        text = fact_sheet_text(self.interview.sheet, self.vocabulary, self.language, self.interview.unknown)
        if not text:
            self._both("Nothing was answered, so nothing was written.", "没有回答，未写入文件。")
            return
        try:
            save_fact_sheet(self.save, text)
        except OSError as error:
            raise click.ClickException(f"{self.save}: {error.strerror}") from None
        self._both(
            f"Written to {self.save}; judge it with: yiqi assess {self.save}",
            f"已写入{self.save}；可运行：yiqi assess {self.save}",
        )

    def _both(self, en: str, zh: str) -> None:
        self._say(str(Text(en, zh)))

    @staticmethod
    def _say(text: str) -> None:
        click.echo(text)
