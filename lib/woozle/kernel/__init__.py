"""Run notebooks fast, and the same way each time."""
