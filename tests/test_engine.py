"""Real kernels on tiny notebooks: what each cell is said to be, and that nothing stays behind."""

import asyncio
import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest
from tests.workbench import states

from jixiao.batch import client
from jixiao.batch.engine import (
    DEFAULT_LIMITS,
    ENGINE,
    KERNEL,
    JixiaoEngine,
    Limits,
    NotebookStopped,
    register,
    tell_unless_stopped,
)
from jixiao.batch.kernel import kernel_environment, kernel_folder

pytestmark = pytest.mark.slow


def notebook(*cells: str) -> nbformat.NotebookNode:
    nb = nbformat.v4.new_notebook()
    nb.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    return nb


def stop_of(*cells: str, limits: Limits = DEFAULT_LIMITS) -> NotebookStopped:
    with pytest.raises(NotebookStopped) as caught:
        JixiaoEngine.execute_notebook(notebook(*cells), KERNEL, limits=limits)
    return caught.value


@pytest.fixture(autouse=True)
def nothing_stays_behind():
    """No kernel, no child of a kernel, no folder of ours outlives a test."""
    yield
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and psutil.Process().children(recursive=True):
        time.sleep(0.05)
    assert psutil.Process().children(recursive=True) == []
    mine = Path(os.environ.get("TMPDIR", "/tmp")).glob(f"jixiao-kernel-{os.getpid()}-*")
    assert list(mine) == []


def test_a_notebook_that_ran_says_so_and_nothing_of_papermill():
    nb = JixiaoEngine.execute_notebook(notebook("x = 1", "print(x)", "x + 1"), KERNEL)
    assert states(nb) == ["done"] * 3
    assert nb.metadata.jixiao.state == "done"
    assert nb.cells[1].outputs[0].text == "1\n"
    assert nb.cells[2].outputs[0].data["text/plain"] == "2"
    assert "papermill" not in str(nb)
    assert "execution" not in nb.cells[0].metadata


@pytest.mark.parametrize(
    ("cell", "code", "state"),
    [
        ("1 / 0", "cell-failed", "failed"),
        ("import sys; sys.exit(0)", "cell-failed", "failed"),
        ("raise KeyboardInterrupt", "cell-failed", "failed"),
        ("def f(:", "cell-failed", "failed"),
        ("import os, signal; os.kill(os.getpid(), 9)", "kernel-died", "killed"),
        ("import os; os._exit(0)", "kernel-died", "killed"),
        ("import os; os.execv('/bin/true', ['true'])", "kernel-died", "killed"),
        ("import ctypes; ctypes.string_at(0)", "kernel-died", "killed"),
    ],
)
def test_a_cell_that_ends_badly_is_told_apart(cell, code, state):
    stop = stop_of("x = 1", cell, "x = 2")
    assert (stop.code, stop.index) == (code, 1)
    assert states(stop.nb) == ["done", state, "never_ran"]
    assert stop.nb.metadata.jixiao.state == state


def test_a_dead_kernel_is_found_within_two_seconds():
    started = time.monotonic()
    stop = stop_of("import time, os; open(os.environ['TMPDIR'] + '/x', 'w'); os._exit(0)")
    assert stop.code == "kernel-died"
    assert time.monotonic() - started < 2 + 4  # the kernel's own start, on a busy machine


@pytest.mark.parametrize(
    "cell",
    [
        "while True: pass",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    ],
)
def test_a_cell_that_does_not_end_is_stopped_at_its_limit(cell):
    started = time.monotonic()
    stop = stop_of("x = 1", cell, "x = 2", limits=Limits(cell=1))
    assert (stop.code, states(stop.nb)) == ("cell-timeout", ["done", "timed_out", "never_ran"])
    assert time.monotonic() - started < 10


DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
STEPS = {
    "it ends at SIGINT": (
        "try:\n    time.sleep(1e9)\nfinally:\n    print('cleaned up', flush=True)",
        "cleaned up\n",
        (0, client.INTERRUPT_SECONDS),
    ),
    "it dies of SIGINT": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\ntime.sleep(1e9)",
        "",
        (0, client.INTERRUPT_SECONDS),
    ),
    "it is deaf to SIGINT": (
        (
            f"{DEAF}def end(*_): raise RuntimeError\nsignal.signal(15, end)\n"
            "try:\n    time.sleep(1e9)\nfinally:\n    print('cleaned up', flush=True)"
        ),
        "cleaned up\n",
        (client.INTERRUPT_SECONDS, 5),
    ),
    "it is deaf to both": (
        f"{DEAF}signal.signal(15, signal.SIG_IGN)\ntime.sleep(1e9)",
        "",
        (client.INTERRUPT_SECONDS + client.TERMINATE_SECONDS, 9),
    ),
    "it is stopped": (
        (
            "import signal\ntry:\n    os.kill(os.getpid(), signal.SIGSTOP)\n    time.sleep(1e9)\n"
            "finally:\n    print('cleaned up', flush=True)"
        ),
        "cleaned up\n",
        (0, client.INTERRUPT_SECONDS),
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_cell_over_its_time_may_clean_up_before_it_is_killed(name, monkeypatch):
    """SIGINT, then SIGTERM, then SIGKILL, each to the group; whatever it does, it ends in time."""
    cell, printed, (least, most) = STEPS[name]
    monkeypatch.setattr(client.Client, "_async_handle_timeout", timed(asked := []))
    stop = stop_of("import os, time\nprint(os.getpid())", cell, "2", limits=Limits(cell=1))
    assert (stop.code, states(stop.nb)) == ("cell-timeout", ["done", "timed_out", "never_ran"])
    assert "".join(o.text for o in stop.nb.cells[1].outputs if "text" in o) == printed
    assert least <= asked[0] < most
    assert is_gone(int(stop.nb.cells[0].outputs[0].text))


def timed(seconds: list[float]):
    """The client's own way with a cell over its time, which notes how long it took."""
    handle = client.Client._async_handle_timeout

    async def timing(self, *given):
        began = time.monotonic()
        try:
            await handle(self, *given)
        finally:
            seconds.append(time.monotonic() - began)

    return timing


def test_the_whole_notebook_has_a_limit_of_its_own():
    cells = ["import time; time.sleep(0.6)"] * 9
    stop = stop_of(*cells, limits=Limits(cell=5, notebook=3))
    assert stop.code == "run-timeout"
    assert stop.nb.metadata.jixiao.state == "timed_out"
    assert stop.index is not None
    assert set(states(stop.nb)[stop.index + 1 :]) == {"never_ran"}


@pytest.mark.parametrize("limit", ["LARGEST_OUTPUT", "LARGEST_OUTPUT_OF_A_CELL"])
def test_a_flood_of_output_is_stopped(monkeypatch, limit):
    monkeypatch.setattr(client, limit, 3_000_000)
    stop = stop_of("while True: print('x' * 100_000, flush=True)", "1")
    assert (stop.code, states(stop.nb)) == ("output-too-large", ["killed", "never_ran"])
    assert stop.nb.cells[0].outputs == []


def test_cells_may_print_more_together_than_one_alone(monkeypatch):
    monkeypatch.setattr(client, "LARGEST_OUTPUT_OF_A_CELL", 300_000)
    nb = notebook(*["print('x' * 200_000)"] * 4)
    JixiaoEngine.execute_notebook(nb, KERNEL)
    assert states(nb) == ["done"] * 4


def test_a_cell_that_ends_with_too_large_an_output_is_not_done(monkeypatch):
    """The last cell, in one message: nothing comes after it that would find the kernel dead."""
    monkeypatch.setattr(client, "LARGEST_OUTPUT_OF_A_CELL", 3_000_000)
    stop = stop_of("x = 1", "'x' * 4_000_000")
    assert (stop.code, states(stop.nb)) == ("output-too-large", ["done", "killed"])


def test_a_long_line_is_put_together_in_no_time():
    """nbclient looks for carriage returns in the square of a line's length: minutes for this one."""
    began = time.monotonic()
    nb = JixiaoEngine.execute_notebook(notebook("print('x' * 900_000)\nprint('a\\rb')"), KERNEL)
    assert nb.cells[0].outputs[0].text == "x" * 900_000 + "\nb\n"
    assert time.monotonic() - began < 30


def test_what_a_cell_started_goes_with_the_kernel():
    nb = notebook("import subprocess; print(subprocess.Popen(['sleep', '1000']).pid)")
    JixiaoEngine.execute_notebook(nb, KERNEL)
    assert is_gone(int(nb.cells[0].outputs[0].text))


def test_what_a_cell_let_go_goes_with_the_kernel():
    nb = notebook("import subprocess; print(subprocess.Popen(['setsid', 'sleep', '1000']).pid)")
    JixiaoEngine.execute_notebook(nb, KERNEL)
    assert is_gone(int(nb.cells[0].outputs[0].text))


def test_the_kernel_sees_a_bare_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    (tmp_path / "notebooks").mkdir()
    nb = notebook("import os, json; print(json.dumps(dict(os.environ))); print(os.getcwd())")
    JixiaoEngine.execute_notebook(nb, KERNEL, workspace=tmp_path)
    text = nb.cells[0].outputs[0].text
    assert "hunter2" not in text
    assert '"PYTHONHASHSEED": "0"' in text
    assert '"TZ": "UTC"' in text
    assert '"LC_ALL": "C.UTF-8"' in text
    assert str(Path.home()) not in text.partition('"HOME"')[2].partition(",")[0]
    assert text.splitlines()[1] == str(tmp_path / "notebooks")


def test_the_environment_is_a_list_we_know():
    with kernel_folder() as folder:
        names = set(kernel_environment(Path("/w"), folder))
    assert names <= {
        *("PATH", "PYTHONPATH", "SYSTEMROOT", "HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR"),
        *("JIXIAO_WORKSPACE", "LANG", "LC_ALL", "MPLBACKEND", "MPLCONFIGDIR", "OMP_NUM_THREADS"),
        *("OPENBLAS_NUM_THREADS", "PYTHONHASHSEED", "TMPDIR", "TZ"),
    }


def test_the_kernel_speaks_through_files_only_we_can_open():
    nb = notebook(
        "import os, stat; from ipykernel import get_connection_info",
        "print(get_connection_info(unpack=True)['transport'])",
        "print(stat.filemode(os.stat(os.path.dirname(os.environ['TMPDIR'])).st_mode))",
    )
    JixiaoEngine.execute_notebook(nb, KERNEL)
    assert nb.cells[1].outputs[0].text == "ipc\n"
    assert nb.cells[2].outputs[0].text[:9] == "drwx-----"  # jupyter_client adds the sticky bit


def test_the_kernel_is_this_interpreter():
    nb = notebook("import sys; print(sys.executable)")
    JixiaoEngine.execute_notebook(nb, "whatever")
    assert nb.cells[0].outputs[0].text == f"{sys.executable}\n"


def test_papermill_finds_the_engine_and_keeps_what_stopped(tmp_path):
    register()
    source, target = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nb = notebook("1 / 0", "2")
    nb.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "x"}
    nbformat.write(nb, source)
    with pytest.raises(NotebookStopped):
        papermill.execute_notebook(source, target, engine_name=ENGINE, progress_bar=False)
    assert states(nbformat.read(target, 4)) == ["failed", "never_ran"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_kernel_too(number, tmp_path):
    script = f"""
import signal, sys
def stop(number, frame): raise KeyboardInterrupt
signal.signal(signal.{number.name}, stop)
import nbformat
from jixiao.batch.engine import JixiaoEngine
nb = nbformat.v4.new_notebook()
nb.cells = [nbformat.v4.new_code_cell(
    "import os, time; open({str(tmp_path / "pid")!r}, 'w').write(str(os.getpid())); time.sleep(1e9)")]
try:
    JixiaoEngine.execute_notebook(nb, "python3")
except KeyboardInterrupt:
    sys.exit(77)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)
    kernel = wait_for_pid(tmp_path / "pid")
    process.send_signal(number)
    _, said = process.communicate(timeout=10)
    assert (process.returncode, said) == (77, "")
    assert is_gone(kernel)


def test_a_kernel_does_not_outlive_a_killed_run(tmp_path):
    script = f"""
import nbformat
from jixiao.batch.engine import JixiaoEngine
nb = nbformat.v4.new_notebook()
nb.cells = [nbformat.v4.new_code_cell(
    "import os, time; open({str(tmp_path / "pid")!r}, 'w').write(str(os.getpid())); time.sleep(1e9)")]
JixiaoEngine.execute_notebook(nb, "python3")
"""
    process = subprocess.Popen([sys.executable, "-c", script])
    kernel = wait_for_pid(tmp_path / "pid")
    process.kill()
    process.wait()
    assert is_gone(kernel)
    with kernel_folder():
        pass
    assert not list(Path("/tmp").glob(f"jixiao-kernel-{process.pid}-*"))


def is_gone(pid: int) -> bool:
    """Wait for the end of a process; one that only waits to be collected has ended."""
    try:
        process = psutil.Process(pid)
        deadline = time.monotonic() + 5
        while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.05)
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for_pid(path: Path) -> int:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError("the kernel did not start")


class Stop(KeyboardInterrupt):
    """What a signal raises, in whatever task is running."""


def records_of(caplog: pytest.LogCaptureFixture, error: BaseException) -> str:
    """What asyncio tells of an error in a task that nobody awaits."""

    async def fail() -> None:
        raise error

    async def work() -> None:
        asyncio.get_running_loop().set_exception_handler(tell_unless_stopped)
        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0.01)
        del task
        gc.collect()

    with contextlib.suppress(Stop):
        asyncio.run(work())
    gc.collect()
    return caplog.text


def test_a_signal_inside_a_task_is_told_once(caplog):
    """By the command, not by asyncio with a traceback behind it."""
    assert records_of(caplog, Stop()) == ""


def test_any_other_error_of_a_task_is_still_told(caplog):
    assert "never retrieved" in records_of(caplog, ValueError("x"))
