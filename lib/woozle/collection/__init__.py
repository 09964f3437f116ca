"""Many posts: who shares the same things together, what was copied, how cascades grow, along which ways things ran."""
