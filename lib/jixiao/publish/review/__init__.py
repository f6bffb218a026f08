"""What a reviewer sends (复核文书): the list of findings (问题清单) and the letter (复核意见)."""

from jixiao.publish.review.examined import Examined, ListedFinding, examine_year, list_year
from jixiao.publish.review.letter import write_letter
from jixiao.publish.review.sheet import write_finding_list

__all__ = [
    "Examined",
    "ListedFinding",
    "examine_year",
    "list_year",
    "write_finding_list",
    "write_letter",
]
