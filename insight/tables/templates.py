"""A file to start from, for each kind of table: its columns under their canonical names, and three rows of examples.

The tables below are that file; a column that the table must have stands in front of those that are only useful.
"""

from insight.errors import UnknownValue
from insight.tables.recognition.columns import ALTERNATIVES, TABLES

EXAMPLES = {
    "events": """
customer_id,timestamp,event,session,channel,campaign,device,region,value
C-001,2026-03-02 09:15:00,visit,S-1,search,spring,mobile,North,
C-001,2026-03-02 09:21:30,add_to_cart,S-1,search,spring,mobile,North,24.90
C-002,2026-03-03 18:40:12,visit,S-2,email,newsletter,desktop,South,
""",
    "orders": """
customer_id,order_date,amount,order_id,currency,product,category,quantity,discount,offer,channel,region,cost
C-001,2026-03-02 09:25:00,49.80,A-1001,EUR,Earl Grey,tea,2,5.00,SPRING,search,North,18.40
C-002,2026-03-04 20:05:00,12.50,A-1002,EUR,Filter paper,equipment,1,,,email,South,4.10
C-001,2026-04-11 11:30:00,31.00,A-1003,EUR,Espresso beans,coffee,1,,,direct,North,12.00
""",
    "campaigns": """
date,spend,channel,campaign,impressions,reach,clicks,conversions,new_customers,revenue,other_cost,currency
2026-03-01,120.00,search,spring,15200,9800,640,21,12,1040.50,0.00,EUR
2026-03-01,80.00,social,spring,22100,14300,410,9,7,388.00,25.00,EUR
2026-03-02,115.50,search,spring,14900,9500,618,19,9,905.20,0.00,EUR
""",
    "customers": """
customer_id,signup_date,birth_year,gender,country,city,segment,first_channel,consent_email,consent_ads,consent_analytics
C-001,2025-11-20,1988,female,DE,Bremen,loyal,search,yes,no,yes
C-002,2026-03-03,1995,male,FR,Lyon,new,email,yes,yes,yes
C-003,2026-03-09,,,DE,Kiel,new,social,no,no,yes
""",
    "contacts": """
customer_id,timestamp,outcome,channel,campaign,variant
C-001,2026-03-01 08:00:00,sent,email,newsletter 9,A
C-001,2026-03-01 19:12:44,click,email,newsletter 9,A
C-002,2026-03-01 08:00:00,sent,email,newsletter 9,B
""",
    "feedback": """
timestamp,score,customer_id,touchpoint,scale,text
2026-03-05 10:12:00,9,C-001,after purchase,0-10,Arrived the next day.
2026-03-06 16:45:00,6,C-002,after purchase,0-10,The box was damaged.
2026-03-20 09:30:00,10,C-001,support,0-10,
""",
    "paths": """
path,conversions,nulls,value
search > email,14,120,702.50
social > search > email,3,41,180.00
email,22,310,1094.80
""",
}


def template(kind: str) -> bytes:
    """A CSV file of three example rows for this kind of table, as a spreadsheet opens it: replace the rows by your own.

    Raises UnknownValue for a kind that does not exist.

    >>> template("orders").decode("utf-8-sig").splitlines()[0].split(",")[:3]
    ['customer_id', 'order_date', 'amount']
    """
    if kind not in EXAMPLES:
        raise UnknownValue("kind", kind, EXAMPLES)
    return EXAMPLES[kind].strip().replace("\n", "\r\n").encode("utf-8-sig") + b"\r\n"


def required_columns(kind: str) -> list[tuple[str, ...]]:
    """What a kind of table cannot do without: each column with those that may stand for it.

    >>> required_columns("orders")
    [('customer_id',), ('order_date',), ('amount', 'quantity', 'unit_price')]
    """
    if kind not in TABLES:
        raise UnknownValue("kind", kind, TABLES)
    needed = [(column.name, *ALTERNATIVES.get(column.name, ())) for column in TABLES[kind] if column.required]
    return [*needed, ("outcome", "sent", "open", "click", "unsub")] if kind == "contacts" else needed
