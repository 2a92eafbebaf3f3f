"""The Data page in parts: how files come in, what is in them, what was noticed, what they answer, how they are read."""
