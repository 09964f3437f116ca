"""Notebooks are run here, fast and alike."""
