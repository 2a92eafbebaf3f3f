"""A rule as a form with conditions and groups of conditions, and a form as a rule."""

GROUPS = ("all", "any")


def form_of(rule: dict | None, deep: bool = True) -> dict[str, object]:
    """A rule as a form: how its parts are joined, and the parts, each a condition or a group, perhaps turned round.

    A rule that goes deeper than a group in a group stays whole: it can be read and removed.

    >>> form_of({"did": "buy"})
    {'how': 'all', 'parts': [{'not': False, 'rule': {'did': 'buy'}}]}
    >>> form_of({"any": [{"did": "buy"}, {"not": {"all": [{"did": "visit"}]}}]})["parts"][1]
    {'not': True, 'how': 'all', 'parts': [{'not': False, 'rule': {'did': 'visit'}}]}
    >>> form_of(None)
    {'how': 'all', 'parts': []}
    """
    how = next((name for name in GROUPS if name in (rule or {})), None)
    inner = [] if rule is None else rule[how] if how else [rule]
    return {"how": how or "all", "parts": [_part(one, deep) for one in inner]}


def _part(rule: dict, deep: bool) -> dict[str, object]:
    turned = "not" in rule
    bare = rule["not"] if turned else rule
    if deep and any(name in bare for name in GROUPS):
        return {"not": turned, **form_of(bare, deep=False)}
    return {"not": turned, "rule": bare}


def rule_of(form: dict[str, object]) -> dict | None:
    """The rule that a form says; None for one without conditions. A group without any is as if it were not there.

    >>> rule = {"all": [{"did": "visit"}, {"not": {"any": [{"did": "buy"}, {"did": "leave"}]}}]}
    >>> rule_of(form_of(rule)) == rule, rule_of(form_of({"all": [{"did": "buy"}]}))
    (True, {'did': 'buy'})
    """
    inner = []
    for part in form["parts"]:
        rule = part["rule"] if "rule" in part else rule_of(part)
        if rule is not None:
            inner.append({"not": rule} if part["not"] else rule)
    if len(inner) == 1 and (form["how"] == "all" or not any(name in inner[0] for name in GROUPS)):
        return inner[0]
    return {form["how"]: inner} if inner else None
