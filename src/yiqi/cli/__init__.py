"""The command line: `yiqi COMMAND …`.

A command lives in its own module, `yiqi.cli.<name>`, as a click command called `command`, and is imported when it
runs. The table below holds what `yiqi --help` says of it, so that help imports none of them.
"""

import click

from yiqi.cli.language import Text, choose_language, language
from yiqi.cli.lazy import LazyCommand, LazyGroup
from yiqi.version import __version__

COMMANDS = {
    "demo": LazyCommand(
        "yiqi.cli.demo:command",
        Text("See the main job at work on a sample enterprise", "用示例企业演示主要功能"),
    ),
    "assess": LazyCommand(
        "yiqi.cli.assess:command",
        Text("Judge one enterprise: every answer with its reasons", "评价一家企业：每个结论附理由和条文"),
    ),
    "relief": LazyCommand(
        "yiqi.cli.relief:command",
        Text(
            "What an enterprise can get: measures, amounts, what goes together", "企业能享受什么：措施、金额和合并享受"
        ),
    ),
    "path": LazyCommand(
        "yiqi.cli.path:command",
        Text("The cheapest changes that make an answer yes, proven", "使结论变为“符合”的最低成本改变，附证明"),
    ),
    "interview": LazyCommand(
        "yiqi.cli.interview:command",
        Text("The same by questions; “I don't know” is an answer", "逐项提问评价企业，可以回答“不知道”"),
    ),
    "clock": LazyCommand(
        "yiqi.cli.clock:command",
        Text("When a period ends: working days, pauses, complaints", "计算期限：工作日、中止、延长和投诉时限"),
    ),
    "digital": LazyCommand(
        "yiqi.cli.digital:command",
        Text("The digital level: every point, its use, the way up", "数字化水平：逐项得分、用处和提升路径"),
    ),
    "arrears": LazyCommand(
        "yiqi.cli.arrears:command",
        Text(
            "What is owed on a ledger: due days, interest, letters",
            "应收账款台账：法定付款日、逾期利息、催款和投诉文书",
        ),
    ),
    "screen": LazyCommand(
        "yiqi.cli.screen:command",
        Text("Judge every enterprise of a table, of any size", "评价整张表的企业，不限规模"),
    ),
    "population": LazyCommand(
        "yiqi.cli.population:command",
        Text("Make up a country of enterprises to try things on", "生成合成企业数据，供试算"),
    ),
    "compare": LazyCommand(
        "yiqi.cli.compare:command",
        Text(
            "Two versions of the law over one table: who changes, and why", "用同一张企业表对照两个版本：谁变、因何而变"
        ),
    ),
    "template": LazyCommand(
        "yiqi.cli.template:command",
        Text("Write an empty fact sheet to fill in", "生成待填写的企业信息表"),
    ),
    "law": LazyCommand(
        "yiqi.cli.law:command",
        Text("List, show, check and test the law", "列出、查看、检查和测试法规文件"),
    ),
}

ABOUT = Text(
    "China's support system for small and medium-sized enterprises: what an enterprise is, what it may claim, what is "
    "missing for more, each with the article it rests on.",
    "中小企业支持政策：企业属于哪一类、可以享受什么、还差什么，每个结论都附条文依据。",
)


@click.group(
    cls=LazyGroup,
    commands=COMMANDS,
    about=ABOUT,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    expose_value=False,
    envvar="YIQI_LANG",
    is_eager=True,
    callback=choose_language,
    help="Language of what is printed: English or Chinese. 输出语言（en 英文，zh 中文）；环境变量 YIQI_LANG。",
)
@click.version_option(__version__, prog_name="yiqi", message="%(prog)s %(version)s")
def main() -> None:
    """Entry point of `yiqi` and of `python -m yiqi`."""


__all__ = ["COMMANDS", "Text", "language", "main"]
