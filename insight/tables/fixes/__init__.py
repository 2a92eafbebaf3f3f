"""Fixes: changes to a file that a visitor asks for, checked, done in one order, and said. spec.py lists them."""

from insight.tables.fixes.cells import fix_cells, pseudonyms
from insight.tables.fixes.rows import fix_rows
from insight.tables.fixes.spec import FIXES, Fix, checked_fixes, name_of

__all__ = ["FIXES", "Fix", "checked_fixes", "fix_cells", "fix_rows", "name_of", "pseudonyms"]
