"""jixiao (绩效评价工作台): evaluate government spending performance, every number traced.

The rooms and the stairs between them are described in the README; a room imports only from
floors below it (``tests/test_layers.py``).
"""

__version__ = "0.1.0"
