"""The Cohorts page: its settings, the grid that can be clicked, and what follows it."""
