"""The parts of the Churn page."""
