"""How a kernel of a run is started (内核): this interpreter, a bare environment, its own folder.

Messages go through Unix sockets in a folder of mode 0700. (ipykernel also opens a loopback
port of its own for what forked children print; it takes nothing without a secret of the run.)

The environment holds what is listed here and nothing else of the machine's:
``PATH`` and, where set, ``PYTHONPATH`` and ``SYSTEMROOT`` are passed on; ``HOME``, ``TMPDIR`` and
the folders of IPython and Jupyter lie in a folder that goes with the kernel; the language is
``C.UTF-8``, the zone ``UTC``, the hash seed 0; matplotlib draws with Agg, BLAS with one thread.
matplotlib's list of fonts, which takes a second to make, is kept in the user's cache, where there is one
that can be written.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from jixiao.errors import JixiaoError
from jixiao.kernels import PROVISIONER, TEMPLATE
from jixiao.kernels.manager import EventKernelManager
from jixiao.workspace.files import ensure_writable, is_alive
from jixiao.workspace.places import VARIABLE
from jixiao.workspace.runs import OUTPUTS

#: A Unix socket's path may have 107 bytes; our longest adds ``/channel-5``.
_LONGEST_PREFIX = 96
_PREFIX = "jixiao-kernel-"
_LEFTOVER = re.compile(_PREFIX + r"(\d+)-.*")


class InterpreterSpecs(KernelSpecManager):
    """Gives this very interpreter as the kernel, whatever is installed on the machine.

    Where a template process runs (`jixiao.kernels`), the kernel is forked from it.

    Parameters
    ----------
    early : the start of a forked kernel need not wait until it is ready.
    """

    def __init__(self, *, early: bool = False) -> None:
        super().__init__()
        self._early = early

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Describe the kernel, under any name."""
        return KernelSpec(
            argv=[
                *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
                "--HistoryManager.enabled=False",  # nobody recalls the lines of a batch
            ],
            display_name="Python 3 (ipykernel)",
            language="python",
            interrupt_mode="signal",
            metadata=_provisioner(early=self._early),
        )


def _provisioner(*, early: bool) -> dict[str, object]:
    folder = os.environ.get(TEMPLATE)
    if not folder or not KernelProvisionerFactory.instance().is_provisioner_available(
        KernelSpec(metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}})
    ):
        return {}
    config = {"template": folder, "early": early}
    return {"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": config}}


def make_manager(folder: Path, *, early: bool = False) -> EventKernelManager:
    """Make the manager of one kernel whose sockets and connection file lie in `folder`."""
    manager = EventKernelManager(
        kernel_name="python3",
        kernel_spec_manager=InterpreterSpecs(early=early),
        connection_file=str(folder / "kernel.json"),
    )
    if os.name != "nt" and len(os.fsencode(folder)) <= _LONGEST_PREFIX:
        manager.transport = "ipc"
        manager.ip = str(folder / "channel")
    return manager


def kernel_environment(
    workspace: Path, folder: Path, outputs: Path | None = None
) -> dict[str, str]:
    """Give the whole environment of a kernel; `outputs` is where it finds finished runs."""
    home = folder / "home"
    passed = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    if search_path := os.environ.get("PYTHONPATH"):
        folders = (str(Path(part).absolute()) for part in search_path.split(os.pathsep) if part)
        passed["PYTHONPATH"] = os.pathsep.join(folders)
    if outputs is not None:
        passed[OUTPUTS] = str(outputs)
    return passed | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        VARIABLE: str(workspace),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": str(_matplotlib_cache(folder)),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "TMPDIR": str(folder / "tmp"),
        "TZ": "UTC",
    }


def signal_group(manager: KernelManager | None, number: int) -> None:
    """Send a signal to a kernel and what it started, if it leads a group; wake them to take it."""
    group = getattr(manager.provisioner, "pgid", None) if manager is not None else None
    if group and hasattr(os, "killpg") and group != os.getpgrp():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)
            os.killpg(group, signal.SIGCONT)


def kill_group(manager: KernelManager) -> None:
    """Kill a kernel and everything it started, if it leads a group of its own."""
    if hasattr(signal, "SIGKILL"):
        signal_group(manager, signal.SIGKILL)


@contextlib.contextmanager
def kernel_folder() -> Iterator[Path]:
    """Make a private folder for one kernel, and remove it; those of the dead go too."""
    folder = make_kernel_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_kernel_folder() -> Path:
    """Make a private folder for one kernel; remove those whose process is dead."""
    root = Path(tempfile.gettempdir())
    for left in root.glob(f"{_PREFIX}*"):
        match = _LEFTOVER.fullmatch(left.name)
        if match and not is_alive(int(match[1])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=root))
    (folder / "home").mkdir()
    (folder / "tmp").mkdir()
    return folder


def _matplotlib_cache(folder: Path) -> Path:
    """Give the user's cache; where it cannot be written, one that goes with the kernel.

    matplotlib would make a folder of its own and say so in the first cell that imports it: a path
    of the machine in a report, and other bytes each time.
    """
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        cache = home.absolute() / "jixiao" / "matplotlib"
        ensure_writable(cache)
    except (JixiaoError, RuntimeError):  # RuntimeError: nobody's home
        return folder / "matplotlib"
    return cache


def remove_kernel_folders(pid: int) -> None:
    """Remove what a process that is gone left of its kernels."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}{pid}-*"):
        shutil.rmtree(left, ignore_errors=True)
