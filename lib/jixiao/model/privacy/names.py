"""What looks like a person's name (像人名的字): surname first, no word of a form in it."""

from __future__ import annotations

import re

#: The single surnames that nineteen of twenty bear, and the double ones.
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
    "闫肖付滕容古占尚褚娄池宗简晏连喻代扎冷佟邬原"
)
_DOUBLE = frozenset(
    {"欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "长孙", "慕容", "令狐", "东方"}
)
#: Words of forms and tables, which no name has.
_OF_A_FORM = re.compile(
    r"指标|预算|决算|项目|资金|部门|单位|年度|绩效|目标|金额|支出|收入|合计|情况|效益|成本|质量|时效|满意"
    r"|编制|机构|人员|职能|评价|等级|面积|名称|总额|自评|得分|权重|分值|完成|内容|日期|备注|说明|原因|措施"
    r"|管理|经费|数量|类型|标准|时间|地址|电话|方式|负责|主管|签[字名章]|盖章|科室|职务|职称|[数率值额]$"
)


def is_name(text: str) -> bool:
    """Whether a text can be a name, where no colon says so.

    >>> [is_name(text) for text in ("张某某", "欧阳某", "年初预算数", "金额", "古丽·某某")]
    [True, True, False, False, True]
    """
    bare = "".join(text.split())
    if not 2 <= len(bare) <= 12 or _OF_A_FORM.search(bare):
        return False
    return "·" in bare or (len(bare) <= 4 and (bare[0] in _SURNAMES or bare[:2] in _DOUBLE))
