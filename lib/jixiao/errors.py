"""Everything that can go wrong (错误), in words an analyst can act on.

An error says what is wrong, where, what was expected and what to do, and carries a stable
kebab-case code. Messages are Chinese, for analysts; misuse of the API stays a plain
``TypeError`` or ``ValueError`` in English.
"""

from __future__ import annotations


class JixiaoError(Exception):
    """A mistake that stops the work (错误).

    Parameters
    ----------
    code : stable kebab-case word, e.g. ``"source-number"``.
    what : the fault, quoting the text at fault.
    where : file, table, row, column, or YAML key; empty where there is no place.
    expected : what would have been right, with an example.
    action : what to do about it.

    >>> print(JixiaoError("source-number", "“1008.22万”不是数", where="附件2 第3行第5列",
    ...     expected="数字，例如 “1008.22”", action="请更正原件"))
    附件2 第3行第5列：“1008.22万”不是数。应为数字，例如 “1008.22”。请更正原件。 [source-number]
    """

    exit_status = 1

    def __init__(
        self, code: str, what: str, *, where: str = "", expected: str = "", action: str = ""
    ) -> None:
        self.code, self.what, self.where = code, what, where
        self.expected, self.action = expected, action
        super().__init__(code, what, where, expected, action)

    def __str__(self) -> str:
        parts = [f"{self.where}：{self.what}" if self.where else self.what]
        if self.expected:
            parts.append(f"应为{self.expected}")
        if self.action:
            parts.append(self.action)
        text = "。".join(part.rstrip("。") for part in parts)
        return text.replace("\n。", "\n") + f"。 [{self.code}]"

    def as_json(self) -> dict[str, str]:
        """Return the error as the object that ``failure.json`` and ``--json`` carry."""
        return {
            "code": self.code,
            "what": self.what,
            "where": self.where,
            "expected": self.expected,
            "action": self.action,
        }


class UnknownName(JixiaoError):
    """A unit, year, project, rubric, option or format that does not exist (exit status 2)."""

    exit_status = 2

    @classmethod
    def among(
        cls, code: str, kind: str, name: str, known: tuple[str, ...], where: str = ""
    ) -> UnknownName:
        """Build the error for `name`, listing the `known` names of this `kind`.

        >>> print(UnknownName.among("unknown-unit", "单位编号", "x", ("a", "b")))
        没有单位编号 “x”。应为已登记的单位编号之一：a、b。 [unknown-unit]
        """
        listed = "、".join(known) if known else "（尚无）"
        expected = f"已登记的{kind}之一：{listed}"
        return cls(code, f"没有{kind} “{name}”", where=where, expected=expected)


class BadFile(JixiaoError):
    """A file of the user's that cannot be used as it is: filing, YAML, notebook."""


class UnitMismatch(JixiaoError):
    """Two amounts in different units met in one operation (单位不一致)."""


class Undefined(JixiaoError):
    """An operation has no result, such as a rate of a budget of 0 (无法计算)."""


class RunFailed(JixiaoError):
    """A run that did not reach its end, or whose result cannot be relied on (运行失败)."""
