"""What the Customer value page is made of: its inputs, its calculator, and what follows the picture."""
