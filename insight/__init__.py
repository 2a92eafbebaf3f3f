"""Marketing analyses that read like the textbook: tables in, frozen results out."""
