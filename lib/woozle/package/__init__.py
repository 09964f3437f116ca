"""A data package: read, checked, described and released; every error names file, row, column and value."""
