"""What the Funnel page is made of: its inputs, the people behind a bar, and its sections."""
