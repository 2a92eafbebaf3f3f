"""The Overview page: its settings, cards, notes and tabs."""
