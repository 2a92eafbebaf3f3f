"""What a group of clusters is called."""

from insight.language import _

ONE_TIME = 0  # the number of the group of those who bought once, or came on one day only


def cluster_name(cluster: int, kind: str) -> str:
    """What a group is called: its number, or what those of group 0 did.

    >>> cluster_name(2, "orders"), cluster_name(0, "orders")
    ('Cluster 2', 'One order')
    """
    if cluster == ONE_TIME:
        return _("One order") if kind == "orders" else _("One active day")
    return _("Cluster {number}", number=cluster)
