"""The running text of a filing (正文): few sentences, each figure as the draft says it."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.batch.demo.draft import Draft, Form

_FICTION = "本材料是虚构的示例，不涉及任何真实单位、人员和资金。"


def lines_of(draft: Draft, form: Form) -> Iterator[str]:
    """Write the report that stands before a form, title first."""
    yield draft.unit.name
    if form.project:
        yield f"{draft.year}年度{form.project}项目支出绩效自评报告"
        yield from _project(form, draft.year)
    else:
        yield f"{draft.year}年度部门整体支出绩效自评报告"
        yield from _department(draft, form)


def _department(draft: Draft, form: Form) -> Iterator[str]:
    said = form.said
    yield _FICTION
    yield "一、单位基本情况"
    yield f"本单位编制数{draft.base.posts}人，年末实有人数{draft.base.staff}人。"
    yield "二、支出情况"
    yield (
        f"{draft.year}年财政拨款支出决算总计为{said['total']}万元。其中：一般公共财政拨款支出"
        f"{said['general']}万元，其他支出{said['other']}万元。"
    )
    yield (
        f"{draft.year}年基本支出{said['basic']}万元，其中人员经费{said['personnel']}万元，"
        f"日常公用经费支出{said['operating']}万元。{draft.year}年项目支出{said['projects']}万元。"
    )
    yield "三、预算执行情况"
    yield f"预算执行率{said['rate']}，部分资金未支出的原因是合同尾款按约定次年支付。"
    yield "四、自评结论"
    yield f"部门整体支出自评得分{said['score']}分，评价等级为{form.grade}。"
    yield "五、存在的问题和改进措施"
    yield "个别指标没有达到年度指标值，下年度提前安排任务，按月检查进度。"


def _project(form: Form, year: int) -> Iterator[str]:
    said = form.said
    yield _FICTION
    yield "一、项目资金情况"
    yield (
        f"{year}年安排{form.project}项目资金{said['final']}万元，实际支出{said['actual']}万元，"
        f"结余{said['left']}万元，结余的原因是合同尾款按约定次年支付。"
    )
    yield "二、自评结论"
    yield f"本项目自评得分{said['score']}分，评价等级为{form.grade}。"
    yield "三、存在的问题和改进措施"
    yield "个别指标没有达到年度指标值，下年度提前安排任务，按月检查进度。"
