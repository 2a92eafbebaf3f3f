"""Exports of well-known platforms come out as they were meant, as they are."""

import pytest

from insight.tables import inspect_file, read_campaigns, read_events, read_orders
from insight.tables.people import read_customers
from tests.files import noted

SHOPIFY = (  # the header of an export of orders; the second line of #1002 is written as Shopify writes it
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Country,Shipping Country,Cancelled at,Refunded Amount,Vendor,Id,"
    "Source,Lineitem discount\n"
    "#1001,ana@example.com,paid,2026-03-01 10:00:05 +0100,fulfilled,,no,EUR,20.00,4.90,3.98,24.90,,0.00,Standard,"
    "2026-03-01 10:00:00 +0100,2,Tea,10.00,,T-1,true,true,fulfilled,Ana A,DE,DE,,0.00,Shop,5001,web,0.00\n"
    "#1002,ben@example.com,partially_refunded,2026-03-02 11:00:05 +0100,fulfilled,,yes,EUR,35.00,0.00,5.59,30.00,"
    "TEN,5.00,Standard,2026-03-02 11:00:00 +0100,1,Cup,15.00,,C-1,true,true,fulfilled,Ben B,FR,FR,,12.50,Shop,5002,"
    "pos,0.00\n"
    "#1002,ben@example.com,,,,,,,,,,,,,,2026-03-02 11:00:00 +0100,2,Tea,10.00,,T-1,true,true,fulfilled,,,,,,Shop,,,\n"
    "#1003,cy@example.com,voided,,unfulfilled,,no,EUR,10.00,0.00,1.60,10.00,,0.00,Standard,2026-03-03 12:00:00 +0100,"
    "1,Tea,10.00,,T-1,true,true,pending,Cy C,DE,DE,2026-03-03 13:00:00 +0100,0.00,Shop,5003,web,0.00\n"
)


def test_a_shopify_order_has_its_total_once_and_less_what_was_given_back():
    table = read_orders(SHOPIFY.encode())
    asked = ["order_id", "customer_id", "amount", "offer", "region", "channel"]
    assert table.frame[asked].fillna("").values.tolist() == [
        ["#1001", "ana@example.com", 24.90, "", "DE", "web"],
        ["#1002", "ben@example.com", 17.50, "TEN", "FR", "pos"],
    ]
    assert table.lines[["order_id", "product", "quantity", "amount"]].values.tolist() == [
        ["#1001", "Tea", 2, 24.9],
        ["#1002", "Cup", 1, 17.5],
        ["#1002", "Tea", 2, 0],
    ]
    assert (table.currency, table.timezone) == ("EUR", "UTC")
    said = noted(table)
    assert said["Read as an export of Shopify orders"] == (0, [])
    assert said["Orders that were never paid, left out: voided"] == (1, [5])
    assert said["Refunds are taken off the orders"] == (1, [3])
    assert said["Lines that leave empty what stands on the first line of their order"] == (1, [4])
    assert not {"Amounts of zero", "Rows without an amount", "Every line of an order has the same amount"} & set(said)


def test_a_platform_is_read_again_as_it_was():
    table = read_orders(SHOPIFY.encode())
    again = read_orders(SHOPIFY.encode(), columns=table.columns, **table.settings)
    assert (again.fingerprint, again.columns) == (table.fingerprint, table.columns)
    assert again.frame.equals(table.frame)


def test_what_the_caller_says_goes_before_what_a_platform_means():
    table = read_orders(SHOPIFY.encode(), columns={"amount": "Subtotal", "channel": None})
    assert table.frame["amount"].tolist() == [20.0, 22.5]
    assert table.columns["channel"] is None


def test_the_orders_of_woocommerce_are_its_net_sales():
    # the columns of get_export_columns in WooCommerce's src/Admin/API/Reports/Orders/Controller.php
    text = (
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue\n"
        '2026-03-01 10:00:00,101,"€1,020.50",completed,Ana A,new,1× Tea,1,,1020.5\n'
        "2026-03-02 10:00:00,102,€8.00,cancelled,Ben B,new,1× Cup,1,,8\n"
        '2026-03-03 10:00:00,103,-€20.50,refunded,Ana A,returning,"1× Tea, 2× Cup",3,TEN,-20.5\n'
    )
    table = read_orders(text.encode())
    assert table.frame[["order_id", "customer_id", "amount", "quantity"]].values.tolist() == [
        ["101", "Ana A", 1020.5, 1],
        ["103", "Ana A", -20.5, 3],
    ]
    assert noted(table)["Orders that were never paid, left out: cancelled"] == (1, [3])


def test_the_payments_of_stripe_leave_out_what_failed():
    text = (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Status,Description,Customer ID,"
        "Customer Email\n"
        'ch_1,2026-03-01 09:12:33,"1,290.00",0.00,eur,true,4.05,Paid,Pro,cus_1,a@example.com\n'
        "ch_2,2026-03-02 07:05:10,129.00,129.00,eur,true,4.05,Refunded,Pro,cus_2,b@example.com\n"
        "ch_3,2026-03-03 11:00:00,89.00,0.00,eur,false,0,Failed,,cus_3,c@example.com\n"
    )
    table = read_orders(text.encode())
    assert table.frame[["order_id", "customer_id", "amount"]].values.tolist() == [
        ["ch_1", "cus_1", 1290.0],
        ["ch_2", "cus_2", 0.0],
    ]
    assert table.currency == "EUR"
    assert {"Read as an export of Stripe payments", "Refunds are taken off the orders"} <= set(noted(table))


def test_the_events_of_analytics_4_have_microseconds_and_people_without_a_login():
    text = (
        "event_date,event_timestamp,event_name,user_id,user_pseudo_id,device.category,geo.country,traffic_source.medium\n"
        "20260305,1772721000123456,page_view,,1234567.89,mobile,Israel,organic\n"
        "20260305,1772721060123456,purchase,u-7,1234567.89,mobile,Israel,organic\n"
    )
    log = read_events(text.encode())
    assert log.frame["customer_id"].tolist() == ["1234567.89"] * 2
    assert log.frame["timestamp"].dt.strftime("%H:%M:%S.%f").tolist() == ["14:30:00.123456", "14:31:00.123456"]
    assert (log.timezone, log.columns["event"]) == ("UTC", "event_name")
    assert log.frame[["device", "region", "channel"]].iloc[0].tolist() == ["mobile", "Israel", "organic"]
    assert "Read as an export of Google Analytics 4 events" in noted(log)


def test_a_report_with_a_date_and_an_hour_has_times():
    log = read_events(b"Date,Hour,Event name,User ID\n20260305,9,visit,u1\n20260305,14,buy,u1\n")
    assert log.frame["timestamp"].dt.hour.tolist() == [9, 14]
    assert not log.dates_only


def test_the_events_of_amplitude_and_posthog_are_of_people_not_of_logins():
    names = b"amplitude_id,user_id,device_id,event_type,event_time,session_id,country\n"
    text = names + b"9,,d1,open,2026-03-05 10:00:00.5,1,IL\n"
    assert read_events(text).frame["customer_id"].tolist() == ["9"]
    text = b"uuid,event,properties,timestamp,distinct_id,person_id\n1,$pageview,{},2026-03-05T10:00:00.123Z,d1,p1\n"
    log = read_events(text)
    assert (log.frame["customer_id"].tolist(), log.frame["event"].tolist()) == (["p1"], ["$pageview"])


GOOGLE_ADS = (  # a report of campaigns by day, with its title, its range and its total
    'Campaign report\n"March 1, 2026 - March 2, 2026"\n'
    "Day,Campaign status,Campaign,Campaign type,Currency code,Cost,Impr.,Clicks,CTR,Search impr. share,Conversions,"
    "Conv. value,Cost / conv.\n"
    '2026-03-01,Enabled,Brand,Search,EUR,"1,204.50","48,210","1,930",4.00%,< 10%,96.00,"9,120.00",12.55\n'
    "2026-03-02,Enabled,Brand,Search,EUR,300.00,9000,300,3.33%, --, --,0,0.00\n"
    'Total: Account, --, --, --,EUR,"1,504.50","57,210","2,230",3.90%, --,96.00,"9,120.00",15.67\n'
)


def test_a_report_of_google_ads_is_read_without_its_title_and_its_total():
    table = read_campaigns(GOOGLE_ADS.encode())
    asked = ["campaign", "spend", "impressions", "clicks", "conversions", "revenue"]
    assert table.frame[asked].fillna(-1).values.tolist() == [
        ["Brand", 1204.5, 48210, 1930, 96, 9120],
        ["Brand", 300, 9000, 300, -1, 0],
    ]
    assert table.currency == "EUR"
    assert not {"Values that are no numbers", "Several currencies: EUR"} & set(noted(table))


def test_the_currency_of_meta_ads_is_in_the_name_of_the_column():
    text = (
        "Reporting starts,Reporting ends,Campaign name,Campaign delivery,Reach,Impressions,Results,Result indicator,"
        "Amount spent (ILS),Link clicks,Clicks (all),Purchases,Purchases conversion value,Day\n"
        "2026-03-01,2026-03-02,Spring,active,900,1000,12,actions:link_click,100.50,40,55,3,450.00,2026-03-02\n"
    )
    table = read_campaigns(text.encode())
    assert table.currency == "ILS"
    assert table.frame[["spend", "clicks", "conversions", "revenue", "reach"]].values.tolist() == [
        [100.5, 40, 3, 450, 900]
    ]
    assert table.columns["date"] == "Day"
    assert inspect_file(text.encode()).tables[0] == "campaigns"


def test_the_audience_of_mailchimp_is_a_table_of_customers():
    text = (
        '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,'
        "LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
        'ana@example.com,Ana,A,2,"2026-01-02 03:04:05",,"2026-01-02 03:05:00",,,,,,Europe/Berlin,DE,BE,'
        '"2026-01-02 03:05:00",1,a1,,\n'
    )
    table = read_customers(text.encode())
    assert table.frame[["customer_id", "country", "region"]].values.tolist() == [["ana@example.com", "DE", "BE"]]
    assert table.columns["signup_date"] == "OPTIN_TIME"


# --- one column a channel -------------------------------------------------------------------------------------------

WIDE = "DATE,revenue,tv_S,facebook_S,facebook_I,newsletter\n2026-03-02,500,10.5,20,1000,7\n2026-03-09,600,0,30,2000,8\n"


def test_one_column_a_channel_becomes_one_row_a_channel():
    table = read_campaigns(WIDE.encode())
    assert table.frame[["channel", "spend", "impressions"]].fillna(-1).values.tolist() == [
        ["tv", 10.5, -1],
        ["facebook", 20, 1000],
        ["tv", 0, -1],
        ["facebook", 30, 2000],
    ]
    assert table.columns == {"date": "DATE", "channel": "*", "spend": "*_S", "impressions": "*_I", "revenue": None}
    assert "revenue_minor" not in table.frame
    assert "One column a channel: read as one row a day and channel" in noted(table)
    again = read_campaigns(WIDE.encode(), columns=table.columns)
    assert again.fingerprint == table.fingerprint
    report = inspect_file(WIDE.encode())
    assert (report.tables[0], report.missing["campaigns"]) == ("campaigns", [])


@pytest.mark.parametrize(
    ("header", "pattern"),
    [
        ("time,Channel0_impression,Channel0_spend,Channel1_spend", "*_spend"),
        ("date,spend_tv,spend_web", "spend_*"),
        ("week,TV cost,Radio cost,Web cost", "* cost"),
        ("дата,расход_тв,расход_сайт", "расход_*"),
        ("日期,电视_花费,网络_花费", "*_花费"),
    ],
)
def test_families_of_spend_are_told_by_what_their_names_share(header, pattern):
    row = "2026-03-02" + ",5" * header.count(",")
    table = read_campaigns(f"{header}\n{row}\n".encode())
    assert table.columns["spend"] == pattern
    assert table.frame["spend"].tolist() == [5] * (2 + (pattern == "* cost"))


def test_a_file_with_one_spend_column_is_not_wide_and_a_pattern_can_be_asked_for():
    assert read_campaigns(b"date,spend,tv_clicks,web_clicks\n2026-03-02,5,1,2\n").columns["spend"] == "spend"
    table = read_campaigns(b"date,tv_eur,web_eur\n2026-03-02,5,7\n", columns={"spend": "*_eur", "channel": "*"})
    assert table.frame[["channel", "spend"]].values.tolist() == [["tv", 5], ["web", 7]]


# --- totals of orders -----------------------------------------------------------------------------------------------


def test_a_repeated_total_counts_once_where_it_is_asked_for():
    text = (
        b"order,customer,date,amount,product\n"
        b"1,ana,2026-01-01,30,tea\n1,ana,2026-01-01,30,cup\n2,ben,2026-01-01,5,tea\n"
    )
    table = read_orders(text)
    assert table.frame["amount"].tolist() == [60, 5]
    assert table.findings.set_index("code").loc["repeated_total", "fix"] == "total_per_order"
    once = read_orders(text, fixes=["total_per_order"])
    assert once.frame["amount"].tolist() == [30, 5]
    assert noted(once) == {"The total of an order stands on each of its lines and counts once": (2, [2, 3])}
    assert once.fingerprint != table.fingerprint
    mixed = read_orders(text + b"3,cy,2026-01-01,1,tea\n3,cy,2026-01-01,2,cup\n", fixes=["total_per_order"])
    assert mixed.frame["amount"].tolist() == [30, 5, 3]
    assert noted(mixed)["Lines of an order with different amounts"] == (2, [5, 6])


def test_equal_lines_and_lines_that_come_to_their_amount_repeat_no_total():
    same = b"order,customer,date,amount\n1,ana,2026-01-01,30\n1,ana,2026-01-01,30\n"
    assert "repeated_total" not in set(read_orders(same).findings["code"])
    priced = b"order,customer,date,amount,quantity,unit_price\n1,ana,2026-01-01,6,2,3\n1,ana,2026-01-01,6,3,2\n"
    assert "repeated_total" not in set(read_orders(priced).findings["code"])


def test_what_stands_on_the_first_line_of_an_order_only_belongs_to_all_of_them():
    text = b"order,customer,date,amount,product\n1,ana,2026-01-01,30,tea\n1,,,,cup\n2,ben,2026-01-02,5,tea\n"
    table = read_orders(text)
    assert table.frame[["order_id", "customer_id", "amount"]].values.tolist() == [["1", "ana", 30], ["2", "ben", 5]]
    assert table.lines["product"].tolist() == ["tea", "cup", "tea"]
    assert noted(table) == {
        "Lines that leave empty what stands on the first line of their order": (1, [3]),
    }
