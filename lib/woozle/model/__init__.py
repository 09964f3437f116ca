"""A case and its cascade as of a moment: documents, the hops between them, and what each says."""
