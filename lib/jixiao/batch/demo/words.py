"""The vocabulary of the synthetic filings (示例用词): offices, projects, indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: What an office is for → its projects.
OFFICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "司法": ("普法宣传", "人民调解", "法律援助", "社区矫正", "基层司法所建设"),
        "教育": ("校舍维修", "教师培训", "学生资助", "信息化教学", "校园安全"),
        "农业农村": ("高标准农田", "农技推广", "动物防疫", "农产品检测", "农机补贴"),
        "水利": ("灌区改造", "水库除险", "河道清淤", "山洪预警", "农村供水"),
        "卫生健康": ("基层医疗", "妇幼保健", "疾病监测", "健康教育", "设备更新"),
        "林业": ("森林防火", "封山育林", "病虫害防治", "湿地保护", "林道养护"),
    }
)
#: The line every unit has and no unit evaluates on its own.
OTHER_PROJECTS = "其他专项业务"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an indicator may be (指标样式): its name, direction, unit and usual range."""

    name: str
    operator: str
    unit: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a form: category, subcategory, points, and the patterns that fit it."""

    category: str
    subcategory: str
    points: int
    patterns: tuple[Pattern, ...]


def _rates(*names: str) -> tuple[Pattern, ...]:
    return tuple(Pattern(name, "≥", "%", 88, 96) for name in names)


_OUTPUT, _OUTCOME, _SATISFACTION = "产出指标", "效益指标", "满意度指标"

#: Points as the rule books from 2020 on weigh them: 50, 30, 10, and 10 for execution.
DEPARTMENT: tuple[Slot, ...] = (
    Slot(_OUTPUT, "数量指标", 10, (Pattern("组织业务培训", "≥", "场", 8, 40),
                              Pattern("印发宣传资料", "≥", "份", 800, 9000))),
    Slot(_OUTPUT, "数量指标", 10, (Pattern("开展监督检查", "≥", "次", 20, 120),
                              Pattern("走访服务对象", "≥", "人次", 100, 2000))),
    Slot(_OUTPUT, "质量指标", 10, _rates("培训考核合格率", "检查问题整改率")),
    Slot(_OUTPUT, "时效指标", 10, _rates("事项按期办结率", "资料按时报送率")),
    Slot(_OUTPUT, "成本指标", 10, (Pattern("次均检查费用", "≤", "元", 600, 3000),)),
    Slot(_OUTCOME, "经济效益指标", 10, (Pattern("节约办公用品费用", "≥", "元", 3000, 20000),)),
    Slot(_OUTCOME, "社会效益指标", 10, _rates("政策知晓率", "信息公开及时率")),
    Slot(_OUTCOME, "可持续影响指标", 10, _rates("管理制度覆盖率", "业务骨干留任率")),
    Slot(_SATISFACTION, "服务对象满意度指标", 5, _rates("办事群众满意率")),
    Slot(_SATISFACTION, "服务对象满意度指标", 5, _rates("基层单位满意率")),
)  # fmt: skip

PROJECT: tuple[Slot, ...] = (
    Slot(_OUTPUT, "数量指标", 15, (Pattern("实施点位", "≥", "个", 8, 90),
                              Pattern("受益人员", "≥", "人次", 200, 5000))),
    Slot(_OUTPUT, "质量指标", 15, _rates("验收合格率", "任务达标率")),
    Slot(_OUTPUT, "时效指标", 10, _rates("按期完工率", "工作按时启动率")),
    Slot(_OUTPUT, "成本指标", 10, (Pattern("单个点位费用", "≤", "元", 3000, 30000),)),
    Slot(_OUTCOME, "社会效益指标", 10, _rates("受益群体覆盖率", "服务响应率")),
    Slot(_OUTCOME, "生态效益指标", 10, _rates("废弃物规范处置率",)),
    Slot(_OUTCOME, "可持续影响指标", 10, _rates("设施持续运行率", "长效机制覆盖率")),
    Slot(_SATISFACTION, "服务对象满意度指标", 10, _rates("受益对象满意率")),
)  # fmt: skip

REASONS = (
    "受天气影响，部分工作推迟到次年，今后提前安排",
    "年中任务调整，人员不足，下年度加强调配",
    "招标流标一次，开工晚于计划，今后提早准备",
    "部分对象外出未能参加，改为分批组织",
)
MEASURES = "实行办公用品定额领用，会议以视频方式为主，公务出行集中派车。"
