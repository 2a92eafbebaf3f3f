"""Bytes -> RawTable: any format, told by its content; what is no table is refused before memory goes."""
