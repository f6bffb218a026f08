"""Where things lie in a workspace (工作区): params, data, notebooks, outputs."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import BadFile, UnknownName

#: Ids become folder names on any system: ASCII, lower case, no dots, no device names.
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_DEVICES = re.compile(r"con|nul|aux|prn|(com|lpt)[0-9]")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
VARIABLE = "JIXIAO_WORKSPACE"


def is_id(text: str) -> bool:
    """Tell whether a text may be the id of a unit or project (编号).

    >>> [is_id(text) for text in ("ziyang-justice", "..", "A", "审计局", "con", "x" * 33)]
    [True, False, False, False, False, False]
    """
    return bool(_ID.fullmatch(text)) and not _DEVICES.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder holding params, data, notebooks and outputs (工作区)."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """Find the workspace: ``JIXIAO_WORKSPACE``, else the first folder upwards.

        Raises
        ------
        BadFile : ``no-workspace``.
        """
        named = os.environ.get(VARIABLE)
        here = Path(named) if named else (start or Path.cwd())
        here = here.absolute()
        for folder in (here,) if named else (here, *here.parents):
            if (folder / "params" / "units").is_dir():
                return cls(folder)
        place = f"环境变量 {VARIABLE}={named}" if named else f"{here} 及其上级目录"
        raise BadFile(
            "no-workspace",
            "没有找到工作区",
            where=place,
            expected="含有 params/units 的目录",
            action=f"请进入工作区目录，或设置环境变量 {VARIABLE}",
        )

    @property
    def params(self) -> Path:
        """Parameters: the law, the units."""
        return self.root / "params"

    @property
    def rubrics(self) -> Path:
        """Rule books, one YAML each."""
        return self.params / "rubrics"

    @property
    def unit_folder(self) -> Path:
        """Units: the roster, and one folder each."""
        return self.params / "units"

    @property
    def data(self) -> Path:
        """Documents as received."""
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        """Notebooks."""
        return self.root / "notebooks"

    @property
    def outputs(self) -> Path:
        """Finished runs."""
        return self.root / "outputs"

    @property
    def lock_file(self) -> Path:
        """The pinned packages, where there are any."""
        return self.root / "requirements.lock"

    def filing_folder(self, unit: str, year: int) -> Path:
        """Where one unit's documents of one year lie."""
        return self.data / "filings" / unit / str(year)

    def unit_file(self, unit: str, year: int) -> Path:
        """The YAML file of one unit and year."""
        return self.unit_folder / unit / f"{year}.yaml"

    def has_year(self, unit: str, year: int) -> bool:
        """Tell whether a unit has a YAML file of a year; nothing else is looked at."""
        named = is_id(unit) and _YEAR.fullmatch(str(year))
        return bool(named) and os.path.lexists(self.unit_file(unit, year))

    def units(self) -> tuple[str, ...]:
        """List the units that have a folder, sorted."""
        found = (path.name for path in self.unit_folder.iterdir() if path.is_dir())
        return tuple(sorted(name for name in found if is_id(name)))

    def years(self, unit: str) -> tuple[int, ...]:
        """List the years of one unit, sorted.

        Raises
        ------
        UnknownName : no such unit; an id that could not be one is refused the same way.
        """
        if not is_id(unit) or not (self.unit_folder / unit).is_dir():
            raise UnknownName.among("unknown-unit", "单位编号", unit, self.units())
        stems = (path.stem for path in (self.unit_folder / unit).glob("*.yaml"))
        return tuple(sorted(int(stem) for stem in stems if _YEAR.fullmatch(stem)))
