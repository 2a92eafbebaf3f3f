"""Sentences: each takes a result and says what the numbers say, and what they do not."""
