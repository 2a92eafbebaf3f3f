"""Contacts: which segments respond to what, and how often is too often.

messages.py   rows of outcomes -> one row a message, and what came of it
counting.py   the messages that count, each with its group and the way it was sent
response.py   their rates, against the average
members.py    the people behind a number of it
pressure.py   what comes of a message by how many there were that week, and what a cap would hold back
"""

from insight.contacts.members import contact_response_members
from insight.contacts.pressure import ContactPressure, contact_pressure, contact_pressure_members
from insight.contacts.response import ContactResponse, contact_response

__all__ = [
    "ContactPressure",
    "ContactResponse",
    "contact_pressure",
    "contact_pressure_members",
    "contact_response",
    "contact_response_members",
]
