"""Cells -> values: numbers, amounts of money, dates, decided for the column as a whole and never cell by cell.

How things are written in many languages stands in recognition/vocabulary; what the whole file is like is asked of its
opening (the RawTable). Nothing here decides which column means what.
"""
