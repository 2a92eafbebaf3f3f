"""Who of an audience is not contacted, so that the effect of contacting the others can be seen."""

from hashlib import sha256

import numpy as np

from insight.errors import InsightError

TREATMENT, HOLDOUT = "treatment", "holdout"
STEPS = 2**64  # places that a hash can fall on


def holdout(ids: list[str], *, campaign: str, share: float = 0.1) -> np.ndarray:
    r"""Which customers are held out of a campaign: the same ones whenever it is asked, whoever else is there.

    A customer is held out where the hash of campaign and id, read as a number between 0 and 1, lies below the share:

    .. math:: \frac{\text{first 64 bits of } \mathrm{SHA256}(\text{campaign} \mid \text{id})}{2^{64}} < \text{share}

    So every campaign holds out other people, and nobody is chosen by anything that says who they are.

    ids : text; share : of the customers, from 0 to below 1; the number is near it, as with any draw
    Returns one bool a customer. Raises InsightError for another share.

    >>> people = [f"c{i}" for i in range(1000)]
    >>> int(holdout(people, campaign="spring").sum()), int(holdout(people, campaign="autumn").sum())
    (107, 93)
    """
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        raise InsightError(f"holdout = {share!r} must be a share from 0 to below 1, such as 0.1.")
    limit = int(share * STEPS)
    hashed = (sha256(f"{campaign}|{one}".encode()).digest()[:8] for one in ids)
    return np.fromiter((int.from_bytes(own, "big") < limit for own in hashed), bool, len(ids))
