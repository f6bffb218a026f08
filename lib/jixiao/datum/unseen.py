"""Characters that are no part of a text although they stand in it (看不见的字符)."""

import re

#: Controls, zero-width characters, direction marks and overrides, soft hyphens, fillers, tags.
#: Not among them: tab, line feed, carriage return, and the selectors of rare glyphs of a name.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
