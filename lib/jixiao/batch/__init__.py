"""Running notebooks (运行): papermill's parameters, our own engine, and run folders."""
