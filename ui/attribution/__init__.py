"""What the Attribution page is made of: its inputs, and what follows the picture."""
