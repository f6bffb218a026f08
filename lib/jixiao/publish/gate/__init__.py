"""The last gate before publication (公开前的最后检查): it looks at the bytes to be published, and nothing else.

It knows nothing of how a file came to be. Private data of every kind, traces of the machine, values
of its secrets, scripts and foreign addresses: one hit, and nothing is published.
"""

from jixiao.publish.gate.examining import Hit, examine_files
from jixiao.publish.gate.traces import Traces

__all__ = ["Hit", "Traces", "examine_files"]
