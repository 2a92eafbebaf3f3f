"""What sentence and picture call things: what is counted, the steps, and ways to count."""

from insight.funnel import Funnel
from insight.language import _, _n, count, length


def counted(result: Funnel, n: int) -> str:
    """A number of what is counted."""
    if result.unit == "customer":
        return _n("{n} customer", "{n} customers", n, n=count(n))
    return _n("{n} session", "{n} sessions", n, n=count(n))


def counted_title(result: Funnel) -> str:
    """What is counted, over a column of numbers."""
    return _("Customers") if result.unit == "customer" else _("Sessions")


def step_names(result: Funnel) -> list[str]:
    """The rows as people call them: steps by their names, levels of any order by how many steps they are."""
    names = result.steps["step"].tolist()
    if result.order != "any":
        return names
    return [_("{k} of {all} steps", k=k, all=len(names)) for k in range(1, len(names) + 1)]


def goal_name(result: Funnel) -> str:
    """What the last required step is called."""
    return step_names(result)[result.steps["required"].to_numpy().nonzero()[0][-1]]


def way_to_count(tool: str, changed: str, settings: dict[str, object]) -> str:
    """What a row of `FunnelPeers.tools` is called: the tool, or what is changed in this funnel."""
    if tool != "ours":
        return tool
    match changed, settings.get(changed):
        case "", _:
            return _("This funnel")
        case "reentry", "first":
            return _("This funnel, first attempt")
        case "reentry", _best:
            return _("This funnel, best attempt")
        case "entries", "all":
            return _("This funnel, everyone so far")
        case "entries", _mature:
            return _("This funnel, full time only")
        case "order", "strict":
            return _("This funnel, strict order")
        case "order", _ordered:
            return _("This funnel, in order")
        case "within", None:
            return _("This funnel, no time limit")
        case "within", window:
            return _("This funnel, within {length}", length=length(window))
        case "exclude", exclusion:
            first = exclusion[0] if isinstance(exclusion, list) else exclusion
            return (
                _("This funnel, exclusion removes")
                if first["effect"] == "remove"
                else _("This funnel, exclusion drops")
            )
        case _:
            return _("This funnel, by customer")
