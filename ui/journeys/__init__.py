"""What the Journeys page is made of: its inputs, the clean-up of names, the picture to click, and its sections."""
