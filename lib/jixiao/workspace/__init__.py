"""Where things lie (工作区): places, units, strict YAML, digests, and the only writer."""
