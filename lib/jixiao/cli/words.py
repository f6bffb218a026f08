"""click in Chinese (命令行用语): help, usage, and mistakes on the command line."""

from __future__ import annotations

import re

import click

from jixiao.errors import JixiaoError, UnknownName

_HELP = "显示这份说明"
#: What the arguments of all commands mean; their names are those of the documents.
_ARGUMENTS = {
    "UNIT": "单位编号，例如 ziyang-justice，登记在 params/units/roster.yaml",
    "YEAR": "评价年度，四位数字，例如 2022",
    "PLAN.yaml": "批次计划，写法见 params/batches/",
    "FILE|FOLDER": "自评材料：一个文件，或装着报告与附件的文件夹",
    "FILE|FOLDER|UNIT": "自评材料的文件或文件夹；或单位编号，后面写年度",
    "DIR": "新目录，或空目录",
    "ID": "评分规则的编号，例如 mof-2020-10",
}
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_NO_VALUE = re.compile(r"Option '(.+)' requires (?:an argument|\d+ arguments)\.")


class Command(click.Command):
    """A command whose help is Chinese throughout."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of usage."""
        _format_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _format_options(self, ctx, formatter)


class Group(click.Group):
    """A group of commands whose help is Chinese throughout."""

    command_class = Command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of usage."""
        _format_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        _format_options(self, ctx, formatter)
        rows = [(name, command.get_short_help_str(60)) for name, command in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one lists the known."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise UnknownName.among("unknown-command", "命令", args[0], tuple(self.commands))
        return super().resolve_command(ctx, args)


def read_year(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Read a year in four digits (年度); a click callback."""
    if value is None:
        return None
    if not re.fullmatch(r"(19|20)[0-9]{2}", value, re.ASCII):
        raise UnknownName("unknown-year", f"“{value}”不是年度", expected="四位年份，例如 2022")
    return int(value)


def in_chinese(error: click.ClickException) -> JixiaoError:
    """Word a mistake on the command line in Chinese."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "jixiao"
    action = f"运行 {path} --help 查看用法"
    code, what, expected = "usage", error.format_message(), ""
    if isinstance(error, click.NoSuchOption):
        code, what = "unknown-option", f"没有选项 “{error.option_name}”"
        expected = "、".join(_options_of(context))
    elif isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(context) if error.param and context else ""
        code, what = "missing-argument", f"缺少参数 {name}"
    elif match := _EXTRA.search(what):
        code, what = "extra-argument", f"多余的参数 “{match[1]}”"
    elif match := _NO_VALUE.search(what):
        code, what = "missing-value", f"选项 {match[1]} 缺少值"
    elif isinstance(error, click.BadParameter) and isinstance(
        getattr(error.param, "type", None), click.types.IntParamType
    ):
        name = error.param.opts[0] if error.param else ""
        code, what, expected = "bad-value", f"选项 {name} 的值不对", _range_of(error.param)
    elif isinstance(error, click.BadParameter):
        code, what = "bad-value", f"选项或参数的值不对：{error.message}"
    return UnknownName(code, what, expected=expected, action=action)


def _range_of(parameter: click.Parameter | None) -> str:
    least = getattr(parameter.type, "min", None) if parameter else None
    return "整数" if least is None else f"{least} 或更大的整数"


def _options_of(context: click.Context | None) -> tuple[str, ...]:
    if context is None:
        return ()
    parameters = context.command.get_params(context)
    return tuple(name for p in parameters if isinstance(p, click.Option) for name in p.opts)


def _format_usage(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    pieces = [
        {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]…"}.get(piece, piece)
        for piece in command.collect_usage_pieces(ctx)
    ]
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")


def _format_arguments(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write what the arguments mean, which click leaves to the text."""
    arguments = [p for p in command.get_params(ctx) if isinstance(p, click.Argument)]
    names = [argument.make_metavar(ctx).strip("[]") for argument in arguments]
    rows = [(name, _ARGUMENTS[name]) for name in names if name in _ARGUMENTS]
    if rows:
        with formatter.section("参数"):
            formatter.write_dl(rows)


def _chinese(text: str) -> str:
    """Put what click appends to an option's help into Chinese.

    >>> _chinese("评价年度  [required]"), _chinese("几份  [x>=1]")
    ('评价年度（必填）', '几份（至少 1）')
    """
    text = text.replace("  [required]", "（必填）")
    return re.sub(r"  \[x>=(\d+)\]", r"（至少 \1）", text)


def _format_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    rows = []
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
        if record is not None:
            name, text = record
            rows.append((name, _HELP if name == "--help" else _chinese(text)))
    _format_arguments(command, ctx, formatter)
    with formatter.section("选项"):
        formatter.write_dl(rows)
