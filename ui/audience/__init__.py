"""What the Audiences page is made of: its inputs, what it counts, and the file to take along; and kept audiences."""
