"""The digital level: what it is worth elsewhere in the law. The level itself stands in ``law/digital/`` and nowhere else."""
