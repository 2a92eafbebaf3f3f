"""Charts: each takes a result and returns an Altair chart. Nothing is computed here but where to draw."""
