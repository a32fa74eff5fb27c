"""How a text file is written, and what its lines say."""
