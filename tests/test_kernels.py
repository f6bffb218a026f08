"""Warm kernels: every trap of a forked kernel, and a normal kernel where forking is not safe."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory
from tests.workbench import make_workspace, states

from jixiao.batch.ahead import abandon, start_ahead
from jixiao.batch.engine import KERNEL, JixiaoEngine, Limits, NotebookStopped
from jixiao.batch.kernel import kernel_environment, kernel_folder, make_manager
from jixiao.cli.house import environment_of_lab
from jixiao.kernels import DEFAULT_PROVISIONER, PROVISIONER, TEMPLATE, TemplateProcess, can_fork
from jixiao.kernels.loaded import Loaded
from jixiao.kernels.provisioner import ForkedKernel
from jixiao.kernels.template import NotAlone, expect_one_thread
from jixiao.kernels.wire import (
    SOCKET,
    Inbox,
    Request,
    WireBroken,
    receive_request,
    say,
    send_request,
)
from jixiao.workspace.places import Workspace

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="this system cannot fork kernels safely"),
    pytest.mark.xdist_group("template"),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    process = TemplateProcess(kernel_environment(ROOT, tmp_path_factory.mktemp("template")))
    assert process.ensure() == process.folder, process.refused
    yield process
    process.stop()
    assert not process.folder.exists()


@pytest.fixture(autouse=True)
def used(template, monkeypatch):
    template.ensure()
    monkeypatch.setenv(TEMPLATE, str(template.folder))
    assert KernelProvisionerFactory.instance().is_provisioner_available(
        KernelSpec(metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}})
    ), "the package's entry points are not installed: run make test"
    yield
    wait_until(lambda: not children(template))


def children(template):
    return psutil.Process(template.process.pid).children(recursive=True)


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not become so"
        time.sleep(0.01)


def run(*cells, limits=None):
    nb = nbformat.v4.new_notebook()
    nb.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    given = {"limits": limits} if limits else {}
    return JixiaoEngine.execute_notebook(nb, KERNEL, **given)


def outputs(nb):
    return [
        o.get("text") or o.get("data", {}).get("text/plain") for c in nb.cells for o in c.outputs
    ]


def asked(work):
    """Run `work` with a manager and a client of one warm kernel."""

    async def go():
        with kernel_folder() as folder:
            manager = make_manager(folder)
            await manager.start_kernel(env=kernel_environment(ROOT, folder), cwd=str(ROOT))
            client = manager.client()
            client.start_channels()
            try:
                await client.wait_for_ready(timeout=30)
                return await work(manager, client)
            finally:
                client.stop_channels()
                if manager.has_kernel:
                    await manager.shutdown_kernel(now=True)
                await manager.cleanup_resources()

    return asyncio.run(go())


# ---------------------------------------------------------------- it is a kernel


def test_a_notebook_runs_in_a_forked_kernel():
    nb = run(
        "import os, sys\nos.getppid()", "'pandas' in sys.modules, 'jixiao.audit' in sys.modules"
    )
    parent, loaded = outputs(nb)
    assert int(parent) == int(psutil.Process(int(parent)).pid)
    assert psutil.Process(int(parent)).cmdline()[-2] == "jixiao.kernels.template"
    assert loaded == "(True, True)"
    assert states(nb) == ["done", "done"]


def test_each_kernel_has_its_own_environment_folder_and_arguments(monkeypatch):
    nb = run("import os, sys\nos.environ['JIXIAO_WORKSPACE'] = 'x'\nos.getcwd(), sys.argv[0]")
    again = run(
        "import os\nos.environ['JIXIAO_WORKSPACE'], sorted(os.environ) == sorted(set(os.environ))"
    )
    assert outputs(nb)[0].startswith(f"('{Path.cwd()}")
    assert "ipykernel_launcher.py" in outputs(nb)[0]
    assert "'x'" not in outputs(again)[0]


def test_what_a_notebook_changes_does_not_reach_the_next():
    run("import pandas, jixiao.audit\npandas.read_csv = jixiao.audit.judge = None")
    nb = run("import pandas, jixiao.audit\npandas.read_csv is None or jixiao.audit.judge is None")
    assert outputs(nb) == ["False"]


def test_random_numbers_differ_between_kernels():
    cell = "import random, uuid, numpy\n(random.random(), numpy.random.random(), str(uuid.uuid4()))"
    drawn = [outputs(run(cell))[0] for _ in range(3)]
    assert len(set(drawn)) == 3
    parts = [re.split(r",\s+", text.strip("()")) for text in drawn]
    for values in zip(*parts, strict=True):
        assert len(set(values)) == 3


def test_hash_and_zone_are_fixed():
    nb = run("import time\nhash('绩效'), time.tzname[0]")
    assert outputs(nb) == outputs(run("import time\nhash('绩效'), time.tzname[0]"))
    assert "UTC" in outputs(nb)[0]


def test_what_a_child_process_prints_arrives():
    nb = run("import os, subprocess\nos.write(1, b'raw');\nsubprocess.run(['echo', 'child']);")
    assert "raw" in "".join(filter(None, outputs(nb)))
    assert "child" in "".join(filter(None, outputs(nb)))


def test_an_interrupt_stops_the_cell_and_not_the_kernel():
    async def work(manager, client):
        client.execute("import time\ntime.sleep(60)")
        await asyncio.sleep(0.3)
        began = time.monotonic()
        await manager.interrupt_kernel()
        reply = await client.execute_interactive("1 + 1", timeout=10)
        return reply["content"]["status"], time.monotonic() - began

    status, seconds = asked(work)
    assert status in ("ok", "aborted")
    assert seconds < 10


def test_a_kernel_is_restarted():
    async def work(manager, client):
        first = manager.provisioner.pid
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=30)
        reply = await client.execute_interactive("1 + 1", timeout=10)
        return first, manager.provisioner.pid, reply["content"]["status"]

    first, second, status = asked(work)
    assert (first != second, status) == (True, "ok")


LAB = """
import asyncio, os, sys
from jupyter_client.manager import AsyncKernelManager
async def go():
    manager = AsyncKernelManager(kernel_name=sys.argv[1])
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    kinds = []
    hook = lambda m: kinds.extend(m["content"].get("data", {}))
    code = "import os, matplotlib.pyplot as plt\\nplt.plot([1, 2])\\nplt.show()"
    await client.execute_interactive(code, timeout=60, output_hook=hook)
    request = client.session.msg("debug_request", {
        "type": "request", "command": "initialize", "seq": 1,
        "arguments": {"clientID": "x", "adapterID": ""}})
    client.control_channel.send(request)
    reply = await client.get_control_msg(timeout=30)
    await manager.restart_kernel()
    await client.wait_for_ready(timeout=60)
    print(type(manager.provisioner.process).__name__, "image/png" in kinds, reply["content"]["success"])
    client.stop_channels()
    await manager.shutdown_kernel()
asyncio.run(go())
"""


@pytest.mark.parametrize("name", ["python3", "jixiao"])
def test_jupyterlabs_kernels_are_warm_show_figures_debug_and_restart(name):
    """`jixiao lab` makes our door that of all kernels; here its manager is asked as a server does."""
    given = environment_of_lab(Workspace(ROOT))
    environment = {key: value for key, value in given.items() if key != "MPLBACKEND"}
    template = TemplateProcess(environment | {"JIXIAO_WORKSPACE": str(ROOT)})
    folder = str(template.ensure())
    settings = {TEMPLATE: folder, DEFAULT_PROVISIONER: PROVISIONER}
    done = subprocess.run(
        [sys.executable, "-c", LAB, name],
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    template.stop()
    assert done.stdout.split() == ["ForkedKernel", "True", "True"], done.stderr


# ---------------------------------------------------------------- how it ends


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("import os\nos._exit(3)", 3),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import ctypes\nctypes.string_at(0)", -signal.SIGSEGV),
    ],
)
def test_the_exit_status_of_a_kernel_is_told(cell, code):
    async def work(manager, client):
        kernel = manager.provisioner.process
        assert isinstance(kernel, ForkedKernel)
        client.execute(cell)
        return await asyncio.wait_for(kernel.ended(), 10)

    assert asked(work) == code


@pytest.mark.parametrize("cell", ["import os\nos._exit(0)", "import os\nos.kill(os.getpid(), 9)"])
def test_a_kernel_that_dies_in_a_cell_is_said_to_be_killed(cell):
    with pytest.raises(NotebookStopped) as caught:
        run("1", cell, "2")
    assert (caught.value.code, states(caught.value.nb)) == (
        "kernel-died",
        ["done", "killed", "never_ran"],
    )


def test_a_cell_without_end_is_stopped():
    with pytest.raises(NotebookStopped, match="cell-timeout"):
        run("import time\ntime.sleep(600)", limits=Limits(cell=1, notebook=30, start=30))


def test_exit_functions_of_a_notebook_run(tmp_path):
    mark = tmp_path / "left"

    async def work(manager, client):
        await client.execute_interactive(
            f"import atexit, pathlib\natexit.register(pathlib.Path({str(mark)!r}).touch)",
            timeout=10,
        )
        began = time.monotonic()
        await manager.shutdown_kernel()
        return time.monotonic() - began

    seconds = asked(work)
    assert mark.exists()
    assert seconds < 2, "closing in order takes 2.5 s; a warm kernel just goes"


def test_what_a_kernel_started_ends_with_it():
    async def work(manager, client):
        kernel = manager.provisioner.process
        code = "import subprocess\nsubprocess.Popen(['sleep', '1000']).pid"
        found = []
        await client.execute_interactive(
            code,
            timeout=10,
            output_hook=lambda m: found.append(m["content"].get("data", {}).get("text/plain")),
        )
        os.kill(kernel.pid, signal.SIGKILL)
        await asyncio.wait_for(kernel.ended(), 10)
        return int(next(filter(None, found)))

    grandchild = asked(work)
    wait_until(lambda: not psutil.pid_exists(grandchild) or is_zombie(grandchild))


#: Three ways out of a kernel's group: another session, a daemon with nothing of its own, a shell's.
ESCAPES = """import os, subprocess
def daemon():
    told, tell = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(tell, str(os.getpid()).encode())
            os.closerange(0, 1000)
            os.environ.clear()
            import time
            time.sleep(1000)
        os._exit(0)
    os.wait()
    return int(os.read(told, 20))
alone = subprocess.Popen(["setsid", "sleep", "1000"]).pid
shell = "setsid sleep 1000 >/dev/null & echo $!"
left = subprocess.check_output(["env", "-i", "PATH=/usr/bin:/bin", "sh", "-c", shell])
print(alone, daemon(), int(left))"""


def escaped(shown):
    found = [psutil.Process(int(pid)) for pid in shown.split()]
    assert len(found) == 3
    return found


def test_what_a_kernel_let_go_ends_with_it_and_is_collected(template):
    (shown,) = outputs(run(ESCAPES))
    wait_until(lambda: not children(template))
    assert [pid for pid in map(int, shown.split()) if psutil.pid_exists(pid)] == []


def test_what_a_neighbour_let_go_stays_until_the_neighbour_ends(template):
    async def work(manager, client):
        shown = []
        await client.execute_interactive(
            ESCAPES, timeout=10, output_hook=lambda m: shown.append(m["content"].get("text"))
        )
        return next(filter(None, shown))

    async def beside(manager, client):
        kept = escaped(await work(manager, client))
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, run, ESCAPES)
        wait_until(lambda: len(children(template)) == 1 + len(kept))
        return [process.is_running() for process in kept], kept

    alive, kept = asked(beside)
    assert alive == [True] * 3
    wait_until(lambda: not any(process.is_running() for process in kept))


def test_what_the_kernels_of_a_killed_template_let_go_ends_with_the_batch(tmp_path, monkeypatch):
    own = TemplateProcess(kernel_environment(ROOT, tmp_path))
    own.ensure()
    monkeypatch.setenv(TEMPLATE, str(own.folder))

    async def work(manager, client):
        shown = []
        await client.execute_interactive(
            ESCAPES, timeout=10, output_hook=lambda m: shown.append(m["content"].get("text"))
        )
        os.kill(own.process.pid, signal.SIGKILL)
        await asyncio.wait_for(manager.provisioner.process.ended(), 10)
        return escaped(next(filter(None, shown)))

    left = asked(work)
    own.stop()
    wait_until(lambda: not any(is_running(process) for process in left))


def is_running(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def is_zombie(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


CLIENT = """
import asyncio, sys, time
from pathlib import Path
from jixiao.batch.kernel import kernel_environment, kernel_folder, make_manager
async def go():
    with kernel_folder() as folder:
        manager = make_manager(folder)
        await manager.start_kernel(env=kernel_environment(Path.cwd(), folder), cwd=".")
        print(manager.provisioner.pid, flush=True)
        time.sleep(600)
asyncio.run(go())
"""


def test_a_kernel_ends_with_its_client():
    with subprocess.Popen([sys.executable, "-c", CLIENT], stdout=subprocess.PIPE) as client:
        kernel = int(client.stdout.readline())
        assert psutil.pid_exists(kernel)
        client.kill()
        wait_until(lambda: not psutil.pid_exists(kernel))


def test_kernels_end_with_the_template_and_the_client_learns_it(tmp_path):
    own = TemplateProcess(kernel_environment(ROOT, tmp_path))
    own.ensure()
    os.environ[TEMPLATE] = str(own.folder)

    async def work(manager, client):
        kernel = manager.provisioner.process
        os.kill(own.process.pid, signal.SIGKILL)
        return kernel.pid, await asyncio.wait_for(kernel.ended(), 10)

    pid, code = asked(work)
    assert code == -signal.SIGKILL
    wait_until(lambda: not psutil.pid_exists(pid))
    first = own.process.pid
    assert own.ensure() == own.folder
    assert own.process.pid != first
    own.stop()


def test_the_template_ends_with_its_starter():
    program = (
        "from pathlib import Path\n"
        "from jixiao.batch.kernel import kernel_environment\n"
        "from jixiao.kernels import TemplateProcess\n"
        "import sys, time\n"
        "process = TemplateProcess(kernel_environment(Path.cwd(), Path(sys.argv[1])))\n"
        "process.ensure()\n"
        "print(process.process.pid, process.folder, flush=True)\n"
        "time.sleep(600)\n"
    )
    arguments = [sys.executable, "-c", program, "/nonexistent"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as starter:
        pid, folder = starter.stdout.readline().split()
        starter.kill()
        wait_until(lambda: not psutil.pid_exists(int(pid)) or is_zombie(int(pid)))
    assert not (Path(folder) / SOCKET).exists()


def test_many_kernels_leave_no_descriptor_and_no_zombie(template):
    process = psutil.Process(template.process.pid)

    def at_rest():
        """Its descriptors once the last kernel is reaped and its connection closed."""
        wait_until(lambda: not children(template))
        time.sleep(0.2)
        return process.num_fds()

    run("1")
    before = at_rest()
    for _ in range(20):
        run("1")
    assert at_rest() == before
    assert process.num_threads() == 1


def test_nothing_listens_on_the_network():
    async def work(manager, client):
        kernel = psutil.Process(manager.provisioner.pid)
        return manager.transport, [
            c.laddr.ip for c in kernel.net_connections() if c.status == "LISTEN"
        ]

    transport, listening = asked(work)
    assert transport == "ipc"
    assert set(listening) <= {"127.0.0.1"}


# ---------------------------------------------------------------- where it is not safe


def test_without_a_template_a_normal_kernel_starts(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv(TEMPLATE, str(tmp_path))
    nb = run("import os\nos.getppid()")
    assert int(outputs(nb)[0]) == os.getpid()
    assert "a normal kernel starts" in caplog.text


def test_a_process_with_two_threads_is_no_template():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with pytest.raises(NotAlone):
            expect_one_thread()
    finally:
        stop.set()
        thread.join()


def test_a_template_that_cannot_start_is_refused_once(tmp_path, caplog):
    broken = kernel_environment(ROOT, tmp_path) | {"PYTHONPATH": str(tmp_path)}
    (tmp_path / "jixiao").mkdir()
    (tmp_path / "jixiao" / "__init__.py").touch()
    process = TemplateProcess(broken)
    assert process.ensure() is None
    assert process.ensure() is None
    assert caplog.text.count("normal kernels are used") == 1
    process.stop()


# ---------------------------------------------------------------- the wire


def test_a_request_travels_with_its_descriptors():
    request = Request(("-f", "x.json"), {"语言": "中文" * 100_000}, "/tmp", 1 << 30)
    one, other = socket.socketpair()
    sender = threading.Thread(target=send_request, args=(one, request, (0, 1, 2)))
    sender.start()
    received, standard = receive_request(other)
    sender.join()
    assert received == request
    assert len(standard) == 3
    for descriptor in standard:
        os.close(descriptor)
    say(other, pid=7)
    say(other, exit=-9)
    inbox = Inbox(one)
    assert [inbox.next(wait=True), inbox.next(wait=False)] == [{"pid": 7}, {"exit": -9}]
    assert inbox.next(wait=False) is None
    other.close()
    with pytest.raises(WireBroken):
        inbox.next(wait=True)
    one.close()


@pytest.mark.parametrize("line", [b"", b"x\n", b"[]\n", b'{"arguments": 1}\n'])
def test_what_is_no_request_is_refused_and_harms_nobody(template, line):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(template.socket))
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(10)
        assert connection.recv(100) == b""
    assert outputs(run("1 + 1")) == ["2"]


def test_the_sockets_are_the_users_alone(template):
    assert template.folder.stat().st_mode & 0o777 == 0o700
    assert template.socket.stat().st_mode & 0o777 == 0o600


# ---------------------------------------------------------------- a kernel ahead


@pytest.fixture
def cleared():
    yield
    abandon()


def forked_ahead(template):
    start_ahead(Path.cwd(), None)
    wait_until(lambda: len(children(template)) == 1)
    return children(template)[0].pid


def test_a_run_takes_the_kernel_that_was_started_ahead(template, cleared):
    ahead = forked_ahead(template)
    nb = run("import os\nos.getpid()")
    assert int(outputs(nb)[0]) == ahead
    assert states(nb) == ["done"]


def test_a_kernel_ahead_serves_one_run_alone(template, cleared):
    ahead = forked_ahead(template)
    run("left_behind = 1")
    nb = run("import os\nos.getpid(), 'left_behind' in globals()")
    assert outputs(nb)[0].endswith("False)")
    assert str(ahead) not in outputs(nb)[0]


def test_a_killed_kernel_ahead_is_replaced(template, cleared):
    ahead = forked_ahead(template)
    os.kill(ahead, signal.SIGKILL)
    wait_until(lambda: not children(template))
    nb = run("import os\nos.getpid()")
    assert int(outputs(nb)[0]) != ahead
    assert states(nb) == ["done"]


def test_a_kernel_ahead_of_another_place_is_not_taken(template, cleared, tmp_path):
    start_ahead(tmp_path, None)
    nb = run("import os\nos.getcwd()")
    assert outputs(nb)[0] == repr(str(Path.cwd() / "notebooks"))
    wait_until(lambda: not children(template))


def test_kernels_and_their_folders_are_cleared_away(template, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    forked_ahead(template)
    run("import os\nos.getpid()")
    start_ahead(Path.cwd(), None)
    abandon()
    assert list(tmp_path.iterdir()) == []
    wait_until(lambda: not children(template))


def test_without_a_template_nothing_starts_ahead(template, monkeypatch, cleared):
    monkeypatch.delenv(TEMPLATE)
    start_ahead(Path.cwd(), None)
    assert children(template) == []


# ---------------------------------------------------------------- what it was made from


def test_a_change_of_the_lock_gives_kernels_of_a_new_template(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path / "workspace")
    workspace.lock_file.write_text("pandas==1\n")
    own = TemplateProcess(kernel_environment(workspace.root, tmp_path))
    own.ensure()
    monkeypatch.setenv(TEMPLATE, str(own.folder))
    pids = []

    async def work(manager, client):
        kernel = manager.provisioner.process
        pids.append(psutil.Process(kernel.pid).ppid())
        if len(pids) == 1:
            workspace.lock_file.write_text("pandas==22\n")
            await asyncio.to_thread(asked, work)  # another client, while this kernel lives
            reply = await client.execute_interactive("1 + 1", timeout=20)
            assert reply["content"]["status"] == "ok"

    asked(work)
    asked(work)
    first, second, third = pids
    assert first == own.process.pid
    assert second == third != first
    own.stop()
    wait_until(lambda: not psutil.pid_exists(second))
    assert not own.folder.exists()


def test_nothing_starts_ahead_of_a_template_that_is_gone(tmp_path, monkeypatch, cleared):
    monkeypatch.setenv(TEMPLATE, str(tmp_path))
    before = {process.pid for process in psutil.Process().children()}
    start_ahead(Path.cwd(), None)
    assert {process.pid for process in psutil.Process().children()} == before
    nb = run("1 + 1")
    assert (states(nb), outputs(nb)) == (["done"], ["2"])


def test_files_that_are_the_same_are_not_taken_for_changed():
    loaded = Loaded.now()
    assert loaded.changed() is None
    names = {Path(signature[0]).name for signature in loaded.signatures}
    assert {"template.py", "report.typ", "requirements.lock"} <= names
    assert any(name.endswith(".otf") for name in names)


# ---------------------------------------------------------------- the notebook in JupyterLab


OPENED = """
import asyncio, json, os, sys
from pathlib import Path
import nbformat
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
async def go():
    kernels = AsyncMappingKernelManager(root_dir=sys.argv[1])
    kernel_id = await kernels.start_kernel(path="notebooks/department_evaluation.ipynb")
    manager = kernels.get_kernel(kernel_id)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    shown = []
    def hear(message):
        if message["msg_type"] in ("execute_result", "display_data"):
            shown[-1].append(message["content"]["data"])
    nb = nbformat.read(Path(sys.argv[1], "notebooks/department_evaluation.ipynb"), 4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            shown.append([])
            reply = await client.execute_interactive(cell.source, output_hook=hear, timeout=60)
            assert reply["content"]["status"] == "ok", reply
    print(json.dumps([type(manager.provisioner.process).__name__, shown]))
    client.stop_channels()
    await kernels.shutdown_kernel(kernel_id)
asyncio.run(go())
"""


def test_a_notebook_run_in_jupyterlab_gives_what_the_batch_gives(template, tmp_path, monkeypatch):
    from jixiao.batch.report import plan_report
    from jixiao.batch.run import execute

    (plan, *_) = plan_report(
        Workspace(ROOT), "ziyang-justice", 2022, formats=(), outputs=tmp_path / "outputs"
    )
    made = nbformat.read(execute(plan).folder / "report.ipynb", 4)
    ours = TemplateProcess(os.environ | {"JIXIAO_WORKSPACE": str(ROOT)})
    settings = {
        TEMPLATE: str(ours.ensure()),
        DEFAULT_PROVISIONER: PROVISIONER,
        "JIXIAO_WORKSPACE": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", OPENED, str(ROOT)],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    ours.stop()
    assert done.returncode == 0, done.stderr
    process, shown = json.loads(done.stdout)
    assert process == "ForkedKernel"
    injected = [cell for cell in made.cells if cell.cell_type == "code"]
    injected = [c for c in injected if "injected-parameters" not in c.metadata.get("tags", ())]
    in_batch = [[output.data for output in cell.outputs] for cell in injected]
    assert in_batch == shown
    assert any("application/vnd.jixiao.result+json" in data for data in shown[-1])


def test_folders_of_templates_whose_starter_was_killed_go(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    (tmp_path / f"jixiao-template-{gone.pid}-x").mkdir()
    (tmp_path / f"jixiao-template-{os.getpid()}-y").mkdir()
    own = TemplateProcess({})
    left = {path.name for path in tmp_path.iterdir()} - {own.folder.name}
    own.stop()
    assert left == {f"jixiao-template-{os.getpid()}-y"}
