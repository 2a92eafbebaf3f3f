"""The samples that ship: what each holds, where it came from, and reading it like any visitor's file."""

from pathlib import Path

import pandas as pd

from insight.errors import UnknownValue
from insight.language import _
from insight.tables.people import read_contacts, read_customers, read_feedback
from insight.tables.read import read_campaigns, read_events, read_orders
from insight.tables.table import Campaigns, Contacts, Customers, EventLog, Feedback, Orders

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
READERS = {
    "events": read_events,
    "orders": read_orders,
    "campaigns": read_campaigns,
    "customers": read_customers,
    "contacts": read_contacts,
    "feedback": read_feedback,
}

LISTED = [  # name, dataset, kind, rows
    ("shop_events", "shop", "events", 21_990),
    ("shop_orders", "shop", "orders", 1_283),
    ("shop_campaigns", "shop", "campaigns", 2_704),
    ("shop_customers", "shop", "customers", 4_000),
    ("shop_contacts", "shop", "contacts", 26_290),
    ("shop_feedback", "shop", "feedback", 469),
    ("ecom_events", "ecom", "events", 31_106),
    ("cdnow_orders", "cdnow", "orders", 69_659),
    ("gym_customers", "gym", "customers", 2_000),
]


def samples() -> pd.DataFrame:
    """The shipped tables, one row each; tables of one dataset share its title and what it teaches.

    Columns: name (str), dataset (str), kind (events, orders, ...), file (str, in sample_data/), title (str),
    teaches (str), rows (int), source (str), licence (str). Columns of the files: sample_data/README.md.

    >>> samples()[["name", "rows"]].head(3)
                 name   rows
    0     shop_events  21990
    1     shop_orders   1283
    2  shop_campaigns   2704
    """
    datasets = {
        "shop": {
            "title": _("A small coffee and tea shop"),
            "teaches": _(
                "Start here. Follow 4,000 visitors through the first year of a shop: where they come from, where they "
                "give up, who comes back. The shop is simulated, so the truth is known and you can check every answer, "
                "even find the four weeks when paying on a phone was broken."
            ),
            "source": _("Simulated by this project with a known truth"),
            "licence": "MIT",
        },
        "ecom": {
            "title": _("An electronics store, click by click"),
            "teaches": _(
                "Read a busy log: 600 people, 19 kinds of event, half a year. Somebody else hid five stories in it, "
                "among them an article that brings a crowd that does not buy, and a payment page that fails. Find them."
            ),
            "source": _("Synthetic data of the Python package {package}", package="retentioneering 5.2.4"),
            "licence": "Apache-2.0",
        },
        "cdnow": {
            "title": _("CDNOW: a music shop of 1997"),
            "teaches": _(
                "Real orders, the most studied ones in marketing: 23,570 people who first bought CDs in early 1997, "
                "and all they bought until June 1998. Half of them never came back: who will?"
            ),
            "source": _("CDNOW, given out by the Python package {package}", package="lifetimes 0.11.3"),
            "licence": "MIT",
        },
        "gym": {
            "title": _("A gym, contract by contract"),
            "teaches": _(
                "Where people sign, you see who has left: 2,000 members in three years, two plans, three clubs. How "
                "long do they stay, which plan keeps them, and does the club matter? The gym is simulated, so the "
                "truth is known."
            ),
            "source": _("Simulated by this project with a known truth"),
            "licence": "MIT",
        },
    }
    listed = pd.DataFrame(LISTED, columns=["name", "dataset", "kind", "rows"])
    listed["file"] = listed["name"] + ".csv.gz"
    told = pd.DataFrame.from_dict(datasets, orient="index").loc[listed["dataset"]].reset_index(drop=True)
    return pd.concat([listed, told], axis="columns")[
        ["name", "dataset", "kind", "file", "title", "teaches", "rows", "source", "licence"]
    ]


def sample(name: str) -> EventLog | Orders | Campaigns | Customers | Contacts | Feedback:
    """A shipped table, read by the same code as an upload. Raises UnknownValue, which lists the names.

    >>> sample("shop_orders").frame[["customer_id", "amount"]].head(1)
      customer_id  amount
    0      C00001   18.98
    """
    listed = samples().set_index("name")
    if name not in listed.index:
        raise UnknownValue("name", name, listed.index)
    kind, file = listed.loc[name, ["kind", "file"]]
    return READERS[kind](SAMPLE_DATA / file)
