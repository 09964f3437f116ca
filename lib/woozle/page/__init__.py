"""What a notebook put out as sealed pages: the story, the evidence, the front page."""
