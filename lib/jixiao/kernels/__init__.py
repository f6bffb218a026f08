"""Warm kernels (暖内核): forked from a template process that has imported and drawn everything once.

`TemplateProcess` starts the template; the provisioner behind jupyter_client's own door asks it
for kernels, so that papermill, nbclient and JupyterLab gain without knowing. Where forking is not
safe a normal kernel starts.
"""

from jixiao.kernels.house import (
    DEFAULT_PROVISIONER,
    JUPYTER_FOLDER,
    PROVISIONER,
    TEMPLATE,
    TemplateProcess,
    can_fork,
)

__all__ = [
    "DEFAULT_PROVISIONER",
    "JUPYTER_FOLDER",
    "PROVISIONER",
    "TEMPLATE",
    "TemplateProcess",
    "can_fork",
]
