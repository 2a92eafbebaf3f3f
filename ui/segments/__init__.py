"""The Segments page: its settings, limits and names of one's own, and what follows the map."""
