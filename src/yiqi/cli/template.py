"""`yiqi template`: an empty fact sheet to fill in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from yiqi.cli.assess import DAY, today
from yiqi.cli.language import Text


@click.command()
@click.argument("path", default="企业信息表.xlsx", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--on", "day", type=DAY, help="Day of the act: sets the years. 办理日期。")
@click.option("--force", is_flag=True, help="Overwrite an existing file. 覆盖已有文件。")
def command(path: Path, day: dt.datetime | None, force: bool) -> None:
    """Write an Excel sheet to fill in and give to `yiqi assess`. 生成待填写的Excel表。"""
    from yiqi.facts.template import write_template
    from yiqi.law.library import load

    if path.suffix.lower() != ".xlsx":
        raise click.UsageError(str(Text("the template is an .xlsx file", "模板应为.xlsx文件")))
    if path.exists() and not force:
        raise click.UsageError(str(Text(f"{path} exists; --force overwrites it", f"{path}已存在；加--force可覆盖")))
    try:
        write_template(path, load().vocabulary.of("enterprise"), on=day.date() if day else today())
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    said = Text(
        f"{path} is ready. Fill it in, then: yiqi assess {path}", f"已生成{path}。填写后运行：yiqi assess {path}"
    )
    click.echo(str(said))
