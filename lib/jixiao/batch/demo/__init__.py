"""A province that does not exist (示例): filings that tie, and contradictions known in advance."""
