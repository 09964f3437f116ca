"""Foreign formats, one module each: read what others have collected, and say by file and line what was dirty."""
