"""What a process of ours does before anything of Jupyter is imported (起步)."""

from __future__ import annotations

import sys

_BEGIN = (
    "from jixiao.batch.starting import skip_slow_import; skip_slow_import(); "
    "from jixiao.batch.worker import main; main()"
)
#: How a worker is started: what is slow is declared absent before the worker's own imports.
WORKER = ("-c", _BEGIN)


def skip_slow_import() -> None:
    """Spare the 1.3 s that importing nbformat, and so papermill, costs beside JupyterLab.

    jsonschema tries to import ``rfc3987_syntax``, which builds 35 parsers for a format (``iri``)
    no notebook schema has, and does without where it is not installed. A name that is None in
    ``sys.modules`` is a module that is not installed; so it is in our own processes, and in no other
    (docs/decisions/009).
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
