"""Overview: who comes, who buys, what moved and when, of whatever tables there are.

    traffic        visitors, sessions, bounces, time on site          of events
    sales          orders, revenue, new and returning customers       of orders
    conversion     the rate out of three denominators                 of events, and orders where there are any
    rate_change    a rate's change, split into mix and rate effects   of events or orders
    rhythm         the hours of the week                              of events or orders

Each counts units (sessions, orders) by customer and period (`sums`), so that the parts of a large table add up, and so
that an interval can treat what one customer does as alike (`change`).
"""
