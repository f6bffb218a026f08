"""Digests, and the only writer of the house (文件): written aside, synced, renamed.

A reader sees the old file or the new one, never a part. A run's folder appears by one rename
to a name that did not exist, and never changes afterwards.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from jixiao.errors import BadFile, JixiaoError

_counter = itertools.count(1)
_LEFTOVER = re.compile(r"\.staging-.+-(\d+)-\d+")
_CAUSES = {
    errno.ENOSPC: ("磁盘已满", "请腾出空间后再运行"),
    errno.EDQUOT: ("超出磁盘配额", "请腾出空间后再运行"),
    errno.EROFS: ("文件系统只读", "请改用可写的目录，例如 --outputs DIR"),
    errno.EACCES: ("没有写权限", "请检查目录的属主和权限，或用 --outputs DIR 换一个目录"),
    errno.EPERM: ("没有写权限", "请检查目录的属主和权限，或用 --outputs DIR 换一个目录"),
    errno.EIO: ("磁盘读写出错", "请检查磁盘，换一块盘后再运行"),
    errno.ENOENT: ("上级目录不存在，也不能建立", "请检查路径，或用 --outputs DIR 换一个目录"),
    errno.ENOTDIR: ("路径中有一段不是目录", "请检查路径"),
    errno.ENAMETOOLONG: ("路径太长", "请换一个短一些的目录"),
}
#: Causes that more room would remove; what is written takes whole blocks of it.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_BLOCK = 4096
#: Causes that read differently where a file was to be read.
_UNREADABLE = {
    errno.ENOENT: "没有这个文件",
    errno.EISDIR: "这是目录，不是文件",
    errno.EACCES: "没有读权限",
    errno.EPERM: "没有读权限",
}


def digest_bytes(data: bytes) -> str:
    """Give the sha256 of bytes in hexadecimal (摘要)."""
    return hashlib.sha256(data).hexdigest()


def digest(path: Path) -> str:
    """Give the sha256 of a file in hexadecimal.

    Raises
    ------
    BadFile : the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadFile(
            "file-unreadable",
            f"读不到文件（{cause_of(error)}）",
            where=str(path),
            action="请检查文件的权限",
        ) from error


def cause_of(error: OSError) -> str:
    """Say in Chinese why the system refused a file (原因); its own words where we have none.

    >>> cause_of(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    '没有这个文件'
    """
    known = _UNREADABLE.get(error.errno or 0) or _CAUSES.get(error.errno or 0, ("", ""))[0]
    return known or error.strerror or str(error)


def ensure_writable(folder: Path) -> None:
    """Make a folder and try a small file in it, so that a long run is not begun in vain.

    Raises
    ------
    JixiaoError : ``cannot-write``.
    """
    probe = folder / f".staging-probe-{os.getpid()}-{next(_counter)}"
    with told(folder, _BLOCK):
        _make_folders(folder)
        try:
            probe.write_bytes(b"jixiao")
        finally:
            probe.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all; mode 0644.

    Raises
    ------
    JixiaoError : ``cannot-write``; the old file, if any, is as it was.
    """
    aside = path.with_name(f".staging-{path.name}-{os.getpid()}-{next(_counter)}")
    with told(path, len(data)):
        _make_folders(path.parent)
        try:
            _write(aside, data)
            os.replace(aside, path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        _sync(path.parent)


def write_secret(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read; one that is there already stays.

    Raises
    ------
    JixiaoError : ``file-exists``, ``cannot-write``.
    """
    with told(path, len(data)):
        try:
            place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise JixiaoError(
                "file-exists", "已有这个文件，不会覆盖", where=str(path), action="请换一个名称"
            ) from error
        with os.fdopen(place, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def append_line(path: Path, line: bytes) -> None:
    """Add one line to a log, in one write, so that lines of two processes never mix; whole or not at all.

    Raises
    ------
    JixiaoError : ``cannot-write``.
    """
    with told(path, len(line) + 1):
        _make_folders(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            before = os.fstat(descriptor).st_size
            try:
                if os.write(descriptor, line + b"\n") <= len(line):
                    raise OSError(errno.ENOSPC, "short write", str(path))
            except OSError:
                os.ftruncate(descriptor, before)  # half a line would spoil the next one too
                raise
        finally:
            os.close(descriptor)


def commit_folder(parent: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Make the folder ``parent/name`` with these files by one rename; give its path.

    Raises
    ------
    FileExistsError : the folder exists, perhaps made by another process meanwhile.
    JixiaoError : ``cannot-write``; nothing of the new folder stays.
    """
    target = parent / name
    staging = parent / f".staging-{name}-{os.getpid()}-{next(_counter)}"
    with told(target, sum(_kilobytes(len(data)) for data in files.values()) * 1024):
        _make_folders(parent)
        _remove_leftovers(parent)
        try:
            staging.mkdir()
            staging.chmod(0o755)
            for file_name, data in files.items():
                _write(staging / file_name, data)
            _sync(staging)
            if target.exists():
                raise FileExistsError(errno.EEXIST, "exists", str(target))
            os.rename(staging, target)
        except BaseException as error:
            shutil.rmtree(staging, ignore_errors=True)
            if isinstance(error, OSError) and error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise FileExistsError(errno.EEXIST, "exists", str(target)) from error
            raise
        _sync(parent)
    return target


def remove_folder(path: Path) -> None:
    """Remove a folder: out of the way by one rename, then file by file."""
    aside = path.with_name(f".staging-{path.name}-{os.getpid()}-{next(_counter)}")
    with told(path):
        try:
            os.rename(path, aside)
        except FileNotFoundError:
            return
        shutil.rmtree(aside, ignore_errors=True)


def discard(path: Path) -> None:
    """Remove a folder, a file or a link for good, or say that it could not be.

    A folder goes out of the way by one rename first, so that no half of it is ever seen.

    Raises
    ------
    JixiaoError : ``cannot-write``.
    """
    with told(path):
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return
        aside = path
        if not path.name.startswith(".staging-"):
            aside = path.with_name(f".staging-{path.name}-{os.getpid()}-{next(_counter)}")
            os.rename(path, aside)
        shutil.rmtree(aside)


def is_leftover(name: str) -> bool:
    """Tell by its name whether a process that is gone left this staged.

    >>> is_leftover(".staging-report-1-x"), is_leftover("report.html")
    (False, False)
    """
    match = _LEFTOVER.fullmatch(name)
    return match is not None and not is_alive(int(match[1]))


def move_folder(path: Path, name: str) -> Path:
    """Rename a folder within its parent; give the new path."""
    with told(path):
        os.rename(path, path.with_name(name))
        _sync(path.parent)
    return path.with_name(name)


def point(link: Path, target: str) -> None:
    """Make `link` point to its sibling `target`: a relative symlink, else a one-line file."""
    aside = link.with_name(f".staging-{link.name}-{os.getpid()}-{next(_counter)}")
    with told(link):
        try:
            os.symlink(target, aside)
        except (NotImplementedError, OSError) as error:
            if isinstance(error, OSError) and error.errno in _CAUSES.keys() - {errno.EPERM}:
                raise
            write_atomically(link, f"{target}\n".encode())
            return
        try:
            os.replace(aside, link)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        _sync(link.parent)


def read_pointer(link: Path) -> str | None:
    """Give the name `link` points to, None where there is no pointer."""
    try:
        target = os.readlink(link) if link.is_symlink() else link.read_text("utf-8").strip()
    except OSError:
        return None
    return target if target and Path(target).name == target else None


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine is running; on Windows, which cannot ask, yes."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o644) if hasattr(os, "fchmod") else None
        os.fsync(file.fileno())
        if os.fstat(file.fileno()).st_size != len(data):
            raise OSError(errno.EIO, "short write", str(path))


def _make_folders(path: Path) -> None:
    if path.is_dir():
        return
    _make_folders(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir()
        path.chmod(0o755)
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make a rename in `folder` last; Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_leftovers(parent: Path) -> None:
    """Remove what processes that are gone left staged."""
    for path in parent.glob(".staging-*"):
        if is_leftover(path.name):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


@contextlib.contextmanager
def told(path: Path, need: int = 0) -> Iterator[None]:
    """Turn the system's refusals to write into words.

    Parameters
    ----------
    need : how many bytes were to be written; told where there is no room for them.

    Raises
    ------
    JixiaoError : ``cannot-write``.
    """
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        cause, action = _CAUSES.get(error.errno or 0, (error.strerror or str(error), "请检查目录"))
        if need and error.errno in _NO_ROOM:
            cause += f"，这里还需要约 {_kilobytes(need)} KB"
        raise JixiaoError(
            "cannot-write", f"写不了：{cause}", where=str(path), action=action
        ) from error


def _kilobytes(size: int) -> int:
    """Count whole blocks of 4 KB, as a disk does.

    >>> _kilobytes(1), _kilobytes(4097)
    (4, 8)
    """
    return -(-size // _BLOCK) * _BLOCK // 1024
