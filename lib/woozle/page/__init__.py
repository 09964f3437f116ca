"""Make HTML pages from the outputs of notebooks (story, evidence, front page), each sealed by its own hash."""
