"""What the Campaigns page is made of: its inputs, and what follows the picture."""
