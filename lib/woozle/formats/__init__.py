"""Files of other programs, one module for each format; readers report every problem with its file and line."""
