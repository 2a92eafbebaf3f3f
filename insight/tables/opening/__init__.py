"""Bytes -> RawTable: any format, told by its content; what is no table is refused before memory goes.

Where a table begins is told by the known names of columns, which stand in recognition/.
"""
