"""What is known about one enterprise: reading it, checking it, holding it, with the source of every figure."""
