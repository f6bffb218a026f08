"""What private data looks like in a filing, and how it is masked (个人信息脱敏).

Numbers by their digits and check digits, whatever width or separators they are written in; names,
accounts and addresses by the label in front of them. Office landlines, names of heads and
statistics are never masked.
"""

from jixiao.model.privacy.finding import mask_json, mask_private, private_data
from jixiao.model.privacy.kinds import KIND_WORDS, Kind, PrivateDatum

__all__ = [
    "KIND_WORDS",
    "Kind",
    "PrivateDatum",
    "mask_json",
    "mask_private",
    "private_data",
]
