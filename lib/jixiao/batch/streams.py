"""What a cell printed (打印的文字): joined by stream, overwritten lines gone, output before errors.

nbclient does the same with a pattern that looks for carriage returns in the square of a line's
length; a line of a million characters took minutes, in which no deadline is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from nbformat import NotebookNode


def join_streams(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Join what went to each stream where its first part stands."""
    joined: list[NotebookNode] = []
    streams: dict[str, list[str]] = {}
    for output in outputs:
        if output.output_type != "stream":
            joined.append(output)
        elif output.name in streams:
            streams[output.name].append(output.text)
        else:
            streams[output.name] = [output.text]
            joined.append(output)
    for output in joined:
        if output.output_type == "stream":
            output.text = overwrite("".join(streams[output.name]))
    names = [output.get("name", "") for output in joined]
    for at in range(len(joined) - 1):
        if names[at : at + 2] == ["stderr", "stdout"]:
            joined[at], joined[at + 1] = joined[at + 1], joined[at]
            break
    return joined


def overwrite(text: str) -> str:
    r"""Give the text as a terminal shows it: after a carriage return a line begins again.

    >>> overwrite("10 %\r20 %\ndone\r\n")
    '20 %\ndone\r\n'
    """
    if "\r" not in text:
        return text
    return "\n".join(
        line[line.rfind("\r", 0, max(0, len(line) - 1)) + 1 :] for line in text.split("\n")
    )
