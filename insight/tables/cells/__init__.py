"""Cells -> values: numbers, amounts of money, dates, decided for the column as a whole and never cell by cell."""
