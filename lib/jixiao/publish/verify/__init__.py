"""Whether a finished run is what it was (核验): its files, its attachments, its scores, its signature.

Everything needed lies in the run's folder: no workspace, no network, none of what made the report.
"""

from jixiao.publish.verify.folder import Manifest, find_runs
from jixiao.publish.verify.proof import Proof, check_signature, verify_run, verify_tree
from jixiao.publish.verify.signing import (
    Statement,
    create_key,
    sign_statement,
    statement_file,
    statement_of,
)

__all__ = [
    "Manifest",
    "Proof",
    "Statement",
    "check_signature",
    "create_key",
    "find_runs",
    "sign_statement",
    "statement_file",
    "statement_of",
    "verify_run",
    "verify_tree",
]
