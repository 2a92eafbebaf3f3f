"""The analyses of the Segments page that compare customers: clusters, and what a group is like."""

from insight.catalog.analysis import Analysis
from insight.charts.clusters import clusters_profile
from insight.charts.clusters_evidence import clusters_evidence, clusters_map
from insight.charts.clusters_traits import profile_index
from insight.clusters import clusters
from insight.clusters.members import clusters_members
from insight.clusters.profile import profile
from insight.clusters.profile_members import profile_members
from insight.explain.clusters import clusters_caption, clusters_card, clusters_reading
from insight.explain.profile import profile_caption, profile_card, profile_reading
from insight.language import _

CLUSTERS = (
    Analysis(
        name="clusters",
        title=_("Clusters"),
        function=clusters,
        kind="orders",
        instead=("events", "customers"),
        page="segments",
        charts=(clusters_profile, clusters_evidence, clusters_map),
        reading=clusters_reading,
        caption=clusters_caption,
        members=clusters_members,
        card=clusters_card,
        table="profile",
        example={"features": ["days_since_last", "orders", "revenue"]},
        exercises=(
            _(
                "Run it with `one_time='together'`. What becomes of the silhouette, and which customers did it find? "
                "Why is that no discovery?"
            ),
            _(
                "Ask for `k=5` and run it with `seed=0` and `seed=1`. How many customers change their cluster? Compare "
                "with `stability` in `result.evidence`."
            ),
        ),
    ),
    Analysis(
        name="profile",
        title=_("Profiles and personas"),
        function=profile,
        kind="orders",
        instead=("events", "customers"),
        page="segments",
        charts=(profile_index,),
        reading=profile_reading,
        caption=profile_caption,
        members=profile_members,
        card=profile_card,
        table="shares",
        example={"by": {"segments": {}}},
        exercises=(
            _(
                "Look at `result.groups`: which share of a segment matches all lines of its persona? Multiply the "
                "shares of the lines. Why is that not the same?"
            ),
            _(
                "Count how many `p_value` of `result.shares` are below .05, and how many `q_value`. How many of the "
                "first would you expect if no group differed from another?"
            ),
        ),
    ),
)
