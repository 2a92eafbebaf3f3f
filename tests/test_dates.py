"""Dates and times are read as they were meant, or asked about."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import UnknownValue
from insight.periods import timestamp
from insight.tables import AmbiguousDates, read_events
from insight.tables.cells.dates import moments
from tests.files import column, noted, parquet, patient, times

WRITTEN = {
    "2026-01-31": "2026-01-31",
    "2026-01-31 08:26": "2026-01-31 08:26",
    "2026-01-31T08:26:59.123456": "2026-01-31 08:26:59.123456",
    "2026-01-31 08:26:59.123456789": "2026-01-31 08:26:59.123456",
    "2026/1/31 8:26": "2026-01-31 08:26",
    "20260131": "2026-01-31",
    "31/01/2026": "2026-01-31",
    "31.1.2026 23:59:59": "2026-01-31 23:59:59",
    "1/31/2026 12:05 AM": "2026-01-31 00:05",
    "1/31/2026 12:05 pm": "2026-01-31 12:05",
    "31.01.26 08:26": "2026-01-31 08:26",
    "31/1/99": "1999-01-31",
    "20260131T082600": "2026-01-31 08:26",
    "2026013108": "2026-01-31 08:00",
    "202601310826": "2026-01-31 08:26",
    "31-Jan-2026": "2026-01-31",
    "31-Jan-26": "2026-01-31",
    "31/Jan/2026:08:26:00": "2026-01-31 08:26",
    "Jan 31, 2026": "2026-01-31",
    "January 31st, 2026 at 8:26 AM": "2026-01-31 08:26",
    "Saturday, January 31, 2026": "2026-01-31",
    "Sat Jan 31 08:26:00 2026": "2026-01-31 08:26",
    "31 января 2026 г.": "2026-01-31",
    "сб, 31 янв. 2026, 08:26": "2026-01-31 08:26",
    "31 בינואר 2026": "2026-01-31",
    "2026年1月31日": "2026-01-31",
    "2026年1月31日 下午2:30": "2026-01-31 14:30",
    "２０２６-01-31": "2026-01-31",
    "46053": "2026-01-31",
    "46053.351388889": "2026-01-31 08:26",
    "2026-01": "2026-01-01",
    "01/2026": "2026-01-01",
    "янв. 2026": "2026-01-01",
    "Jan-26": "2026-01-01",
    "2026-W05": "2026-01-26",
    "2026-W05-6": "2026-01-31",
    "2026-Q2": "2026-04-01",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_dates_and_times_as_they_are_written(written):
    log = times(written)
    assert log.frame["timestamp"].tolist() == [pd.Timestamp(WRITTEN[written])]
    assert log.frame["timestamp"].dtype == "datetime64[us]"
    assert log.dates_only == (":" not in WRITTEN[written])


ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"]
WITH_OFFSET = [
    "2026-01-31T08:26:00Z",
    "2026-01-31 09:26+01:00",
    "2026-01-31 03:26:00 -0500",
    "1769847960",
    "1769847960000",
    "1769847960000000",
    "Sat, 31 Jan 2026 08:26:00 GMT",
    "Sat Jan 31 2026 10:26:00 GMT+0200 (Israel Standard Time)",
    "2026-01-31 08:26:00.000000 UTC",
    "2026-01-31 03:26 EST",
    "31/Jan/2026:09:26:00 +0100",
    "2026-01-31T09:26:00+01:00[Europe/Paris]",
]


@pytest.mark.parametrize("written", WITH_OFFSET)
def test_a_moment_with_an_offset_is_converted_to_the_time_zone_or_to_utc(written):
    log = times(written)
    assert log.frame["timestamp"].tolist() == [pd.Timestamp("2026-01-31 08:26", tz="UTC")]
    assert (log.timezone, log.settings) == ("UTC", {"timezone": "UTC"})
    there = times(written, timezone="America/New_York")
    assert there.frame["timestamp"].tolist() == log.frame["timestamp"].tolist()
    assert str(there.frame["timestamp"].dtype) == "datetime64[us, America/New_York]"
    assert there.frame["timestamp"].dt.hour.tolist() == [3]


FORMATS = [
    *("%Y-%m-%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S,%f", "%d.%m.%Y %I:%M:%S.%f %p", "%m/%d/%Y %I:%M:%S.%f%p"),
    *("%d %B %Y %H:%M:%S.%f", "%b %d, %Y %I:%M:%S.%f %p", "%A, %d %b %Y %H:%M:%S.%f", "%Y年%m月%d日 %H:%M:%S.%f"),
]


@patient
@given(st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)), min_size=1), st.sampled_from(FORMATS))
def test_every_moment_comes_back_from_every_way_to_write_it(written, form):
    cells = column(*(moment.strftime(form).rjust(len("2026")) for moment in written))
    found = moments(cells, dayfirst=form.startswith("%d"))
    assert found.values.tolist() == written
    assert found.valid.all()


@patient
@given(st.lists(st.datetimes(datetime(1950, 1, 1), datetime(2035, 12, 31)), min_size=1), st.sampled_from(ZONES))
def test_local_times_agree_with_the_standard_library(written, zone):
    found = moments(column(*map(str, written)), timezone=zone)
    expected = [moment.replace(tzinfo=ZoneInfo(zone)) for moment in written]  # fold=0: the first of two
    for at, moment in enumerate(expected):
        utc = moment.astimezone(UTC).replace(tzinfo=None)
        exists = utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == written[at]
        assert found.skipped[at] == (not exists)
        if exists:
            assert found.values[at].item() == utc


def test_naive_times_are_taken_to_be_in_the_time_zone():
    assert times("2026-07-01 12:00", timezone="Europe/Berlin").frame["timestamp"][0] == pd.Timestamp(
        "2026-07-01T10:00Z"
    )
    with pytest.raises(UnknownValue, match="timezone = 'Europe/Berln'.*Did you mean 'Europe/Berlin'"):
        times("2026-07-01", timezone="Europe/Berln")


def test_times_with_and_without_an_offset_are_mixed_in_utc_and_said():
    log = times("2026-01-01 12:00", "2026-01-01T12:00+02:00")
    assert log.frame["timestamp"].dt.hour.tolist() == [12, 10]
    assert noted(log) == {"Times without an offset among times with one": (1, [2])}


def test_times_at_a_change_of_the_clock_follow_one_rule():
    log = times("2026-10-25 02:30", "2026-03-29 02:30", timezone="Europe/Berlin")
    first_of_two, after_the_gap = pd.Timestamp("2026-10-25T00:30Z"), pd.Timestamp("2026-03-29T01:00Z")
    assert log.frame["timestamp"].tolist() == [first_of_two, after_the_gap]
    assert noted(log) == {
        "Times that came twice, when the clock was put back": (1, [2]),
        "Times that never were, when the clock was put forward": (1, [3]),
    }


def test_day_or_month_first_is_decided_once_for_the_whole_column():
    log = times("03/04/2026", "13/04/2026")
    assert log.frame["timestamp"].dt.month.tolist() == [4, 4]
    assert log.settings == {"dayfirst": True}
    assert times("03/04/2026", "03/13/2026").settings == {"dayfirst": False}
    assert times("03/03/2026").settings == {}


def test_dates_that_can_be_read_both_ways_are_asked_about():
    with pytest.raises(
        AmbiguousDates, match=r"3/4/2026 is 3 Apr 2026 .* 4 Mar 2026 .* Set dayfirst=True or dayfirst=False"
    ) as ask:
        times("3/4/2026", "5/5/2026")
    assert ask.value.setting == "dayfirst"
    assert times("3/4/2026", dayfirst=True).frame["timestamp"][0].month == 4
    assert times("3/4/2026", dayfirst=False).frame["timestamp"][0].month == 3
    with pytest.raises(AmbiguousDates, match="some dates have the day first and some the month"):
        times("13/4/2026", "4/13/2026")
    assert times("13/4/2026", "4/13/2026", dayfirst=True).findings["examples"].tolist()[0] == [3]
    with pytest.raises(UnknownValue, match="dayfirst"):
        times("3/4/2026", dayfirst="yes")


def test_a_column_of_two_orders_is_read_in_the_one_of_nearly_all_and_the_others_are_said():
    days = [f"{day}/{month}/2026" for month in (4, 6) for day in range(13, 31)]
    log = times(*days, "1/2/2026", "4/17/2026")
    assert log.settings == {"dayfirst": True}
    assert log.frame["timestamp"].dt.month.tolist() == [4] * 18 + [6] * 18 + [2]
    assert noted(log)["Dates that only fit the other order of day and month"] == (1, [39])
    assert noted(log)["Times that cannot be read"] == (1, [39])
    with pytest.raises(AmbiguousDates):
        times("13/4/2026", "14/4/2026", "4/15/2026")


def test_points_mean_that_the_day_comes_first():
    log = times("3.4.2026", "4.4.2026")
    assert log.frame["timestamp"].dt.month.tolist() == [4, 4]
    assert noted(log)["Dates with points are read with the day first"] == (1, [2])
    assert times("3.4.2026", dayfirst=False).frame["timestamp"][0].month == 3
    with pytest.raises(AmbiguousDates):
        times("3.4.2026", "3/4/2026")


def test_what_was_decided_about_dates_is_said():
    assert noted(times("31.1.26 10:00"))["Years of two digits"] == (1, [2])
    assert noted(times("2026-01", "2026-02-03 10:00"))["Months, weeks or quarters instead of days"] == (1, [2])
    numbered = "Dates written as numbers of days, as spreadsheets count them"
    assert noted(times("46053.5"))[numbered] == (1, [2])
    several = "Times with an abbreviation that several time zones have"
    assert noted(times("2026-01-31 08:26 CST"))[several] == (1, [2])
    assert noted(times("2026-01-31 08:26 XYZ", "2026-01-01 10:00"))["Times that cannot be read"] == (1, [2])


def test_a_number_of_seconds_is_no_year_month_day_and_hour():
    assert times("1769847960").frame["timestamp"][0].year == 2026
    assert times("1999123123").frame["timestamp"][0].year == 2033


@patient
@given(st.lists(st.text("0123456789-/.: TZamp年月日янвש+,WQ", max_size=24), min_size=1, max_size=8), st.booleans())
def test_no_text_breaks_the_reading_of_dates(cells, dayfirst):
    found = moments(column(*cells), dayfirst=dayfirst)
    assert len(found.values) == len(cells)
    assert (found.valid == ~pd.isna(found.values)).all()


@patient
@given(st.lists(st.dates(datetime(1954, 11, 1).date(), datetime(2099, 12, 31).date()), min_size=1))
def test_days_come_back_from_numbers_of_days_and_from_weeks(days):
    serials = [str((day - datetime(1899, 12, 30).date()).days) for day in days]
    weeks = ["{}-W{:02}-{}".format(*day.isocalendar()) for day in days]
    for written in (serials, weeks):
        assert [value.date() for value in moments(column(*written)).values.tolist()] == days


def test_impossible_dates_are_not_read():
    log = times("2026-02-30", "2026-13-01", "2026-01-01 25:00", "29/02/2025", "9999-12-31", "0001-01-01", "2026-01-01")
    assert len(log.frame) == 1
    assert noted(log)["Times that cannot be read"] == (6, [2, 3, 4, 5, 6])


def test_one_odd_value_does_not_change_how_the_others_are_read():
    days = [f"2026-01-{day:02}" for day in range(1, 29)]
    assert times(*days, "soon").frame["timestamp"].dt.strftime("%Y-%m-%d").tolist() == days


def test_typed_times_keep_their_offset_or_lack_of_one():
    naive = pd.DataFrame({"user": "ana", "event": "visit", "time": pd.to_datetime(["2026-01-01 08:00"])})
    aware = naive.assign(time=naive["time"].dt.tz_localize("Asia/Tokyo"))
    assert read_events(naive).timezone is None
    for source in (aware, parquet(aware)):
        assert read_events(source).frame["timestamp"].tolist() == [pd.Timestamp("2025-12-31T23:00Z")]


def test_midnight_everywhere_means_there_are_no_clock_times():
    assert times("2026-01-01 00:00:00", "2026-01-02T00:00").dates_only
    assert not times("2026-01-01 00:00:00", "2026-01-02 00:00:01").dates_only
    assert times("2026-01-01", timezone="Asia/Tokyo").dates_only
    assert not times("2026-01-01T00:00Z", timezone="Asia/Tokyo").dates_only


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "+09:00", "-03:30"])
def test_a_column_with_a_time_zone_of_its_own_keeps_it(zone):
    days = pd.to_datetime(["2026-01-01", "2026-01-02"]).tz_localize(zone)
    frame = pd.DataFrame({"user": ["ana", "ben"], "event": "visit", "time": days})
    for source in (frame, parquet(frame)):
        log = read_events(source)
        assert (log.timezone, log.dates_only, log.settings) == (zone, True, {"timezone": zone})
        assert log.frame["timestamp"].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2026-01-01 00:00", "2026-01-02 00:00"]
        assert log.log.last_day == "2026-01-02"
        assert timestamp(log.log.end_of_data(), zone) == pd.Timestamp("2026-01-03", tz=zone)
        assert read_events(source, columns=log.columns, **log.settings).fingerprint == log.fingerprint
        there = read_events(source, timezone="Europe/Berlin")
        assert (there.timezone, there.frame["timestamp"].tolist()) == ("Europe/Berlin", log.frame["timestamp"].tolist())


def test_moments_of_several_time_zones_in_one_column_are_in_utc():
    cells = [pd.Timestamp("2026-01-01", tz="+09:00"), pd.Timestamp("2026-01-01", tz="-03:30")]
    log = read_events(pd.DataFrame({"user": "ana", "event": "visit", "time": pd.Series(cells, dtype=object)}))
    assert log.timezone == "UTC"
    assert log.frame["timestamp"].dt.strftime("%d %H:%M").tolist() == ["31 15:00", "01 03:30"]


def test_dates_before_1970_are_kept_and_said():
    log = times("1969-12-31", "1970-01-01", "1900-01-01 10:00", "2026-01-01")
    assert len(log.frame) == 4
    assert noted(log)["Dates before 1970"] == (2, [2, 4])
    there = times("1969-12-31 23:59", "1970-01-01 00:00", timezone="Asia/Tokyo")
    assert noted(there)["Dates before 1970"] == (1, [2])


def test_counts_of_time_are_in_one_unit_for_the_whole_column():
    last_day = "253402300800000"  # 9999-12-31 in milliseconds, as tools write "never"; in microseconds it is 1978
    seconds = times("1767225600", "999999999", "1767225602", last_day)
    assert noted(seconds)["Times that cannot be read"] == (1, [5])
    assert noted(seconds)["Numbers that count time in another unit than most of the column"] == (1, [5])
    assert seconds.frame["timestamp"].dt.year.tolist() == [2026, 2001, 2026]
    milliseconds = times("1767225600000", "1767225601500", "1767225602")
    assert milliseconds.frame["timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S.%f").tolist() == [
        "2026-01-01 00:00:00.000000",
        "2026-01-01 00:00:01.500000",
    ]
    assert noted(milliseconds)["Numbers that count time in another unit than most of the column"] == (1, [4])


@pytest.mark.parametrize("zone", ["localtime", "posix/Europe/Berlin", "../UTC", ["UTC"]])
def test_a_time_zone_is_one_that_means_the_same_everywhere(zone):
    with pytest.raises(UnknownValue, match="timezone"):
        times("2026-01-01 10:00", timezone=zone)
