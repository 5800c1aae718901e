"""The state of small and medium enterprises in figures, and a synthetic population fitted to them."""
