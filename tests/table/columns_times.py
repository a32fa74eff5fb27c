"""Columns of dates, times of day and durations."""

from expected import ANY, Also, category, column, date, duration, identity, number, text

YEAR_FIRST = [
    date("ISO", "2024-03-01|2023-12-31|2024-02-29|1999-01-05|2010-07-15|2024-03-02",
         "2024-03-01", "2023-12-31", "2024-02-29", "1999-01-05"),
    date("with slashes", "2024/03/01|2023/12/31|2024/02/29|1999/01/05|2010/07/15"
         "|2024/03/02",
         "2024-03-01", "2023-12-31", "2024-02-29"),
    date("with points", "2024.03.01|2023.12.31|2024.02.29|1999.01.05|2010.07.15"
         "|2024.03.02",
         "2024-03-01", "2023-12-31", "2024-02-29"),
    date("without zeros", "2024-3-1|2023-12-31|2024-2-29|1999-1-5|2010-7-15|2024-3-2",
         "2024-03-01", "2023-12-31", "2024-02-29"),
    date("eight digits", "20240301|20231231|20240229|19990105|20100715|20240302",
         "2024-03-01", "2023-12-31", "2024-02-29", "1999-01-05"),
    number("eight digits that are no dates",
           "20240301|20241399|20249931|19990105|88112233|10240302",
           20240301, 20241399, 20249931),
    date("with a time", "2024-03-01 14:30|2023-12-31 00:05|2024-02-29 23:59"
         "|1999-01-05 06:00|2010-07-15 12:00|2024-03-02 09:15",
         "2024-03-01T14:30:00", "2023-12-31T00:05:00", "2024-02-29T23:59:00"),
    date("with T and seconds", "2024-03-01T14:30:15|2023-12-31T00:05:00"
         "|2024-02-29T23:59:59|1999-01-05T06:00:00|2010-07-15T12:00:00"
         "|2024-03-02T09:15:45",
         "2024-03-01T14:30:15", "2023-12-31T00:05:00", "2024-02-29T23:59:59"),
    date("with Z", "2024-03-01T14:30:15Z|2023-12-31T00:05:00Z|2024-02-29T23:59:59Z"
         "|1999-01-05T06:00:00Z|2010-07-15T12:00:00Z|2024-03-02T09:15:45Z",
         "2024-03-01T14:30:15", "2023-12-31T00:05:00"),
    date("with a fraction of a second", "2024-03-01T14:30:15.250Z"
         "|2023-12-31T00:05:00.000Z|2024-02-29T23:59:59.500Z"
         "|1999-01-05T06:00:00.125Z|2010-07-15T12:00:00.750Z|2024-03-02T09:15:45.000Z",
         "2024-03-01T14:30:15.250", "2023-12-31T00:05:00"),
    date("with zones", "2024-03-01T14:30:00+02:00|2023-12-31T00:05:00-05:00"
         "|2024-02-29T23:59:00+00:00|1999-01-05T06:00:00+01:00"
         "|2010-07-15T12:00:00+05:30|2024-03-02T09:15:00-08:00",
         "2024-03-01T12:30:00", "2023-12-31T05:05:00", "2024-02-29T23:59:00",
         "1999-01-05T05:00:00", "2010-07-15T06:30:00"),
    date("midnight everywhere", "2024-03-01 00:00:00|2023-12-31 00:00:00"
         "|2024-02-29 00:00:00|1999-01-05 00:00:00|2010-07-15 00:00:00"
         "|2024-03-02 00:00:00",
         "2024-03-01", "2023-12-31", "2024-02-29"),
    date("years and months", "2024-03|2023-12|2024-02|1999-01|2010-07|2024-04",
         "2024-03-01", "2023-12-01", "2024-02-01"),
    date("missing cells", "2024-03-01||2024-02-29|NaT|2010-07-15|-",
         "2024-03-01", None, "2024-02-29", None, "2010-07-15", None, n_missing=3),
    date("long ago and far ahead", "1753-01-01|1850-06-30|2262-05-01|2400-12-31"
         "|1677-01-01|1999-09-09", "1753-01-01", "1850-06-30", "2262-05-01",
         "2400-12-31"),
    date("an end of all time", "2024-03-01|9999-12-31|2024-02-29|9999-12-31"
         "|2010-07-15|2023-01-31", "2024-03-01", "9999-12-31", "2024-02-29"),
    date("zeros for no date",
         "2024-03-01|0000-00-00|2024-02-29|2024-01-05|2010-07-15|0000-00-00"
         "|2023-01-31|2023-02-28|2022-04-01|2022-05-01|2021-06-01|2021-07-01",
         "2024-03-01", None, "2024-02-29", n_missing=2, doubt="0000-00-00"),
]  # fmt: skip

NAMED = [
    date("the month in full", "January 7, 2018|August 4, 2018|May 31, 2017"
         "|December 25, 2016|March 1, 2018|July 4, 2015",
         "2018-01-07", "2018-08-04", "2017-05-31", "2016-12-25"),
    date("the month in short", "Jan 7, 2018|Aug 4, 2018|May 31, 2017|Dec 25, 2016"
         "|Mar 1, 2018|Jul 4, 2015", "2018-01-07", "2018-08-04", "2017-05-31"),
    date("the day before the month", "7 January 2018|4 August 2018|31 May 2017"
         "|25 December 2016|1 March 2018"
         "|4 July 2015", "2018-01-07", "2018-08-04", "2017-05-31"),
    date("with dashes", "07-Jan-2018|04-Aug-2018|31-May-2017|25-Dec-2016|01-Mar-2018"
         "|04-Jul-2015",
         "2018-01-07", "2018-08-04", "2017-05-31"),
    date("with dashes and short years", "07-Jan-18|04-Aug-18|31-May-17|25-Dec-16"
         "|01-Mar-98|04-Jul-15", "2018-01-07", "2018-08-04", "2017-05-31", "2016-12-25",
         "1998-03-01"),
    date("in capitals", "07JAN2018|04AUG2018|31MAY2017|25DEC2016|01MAR2018|04JUL2015",
         "2018-01-07", "2018-08-04", "2017-05-31"),
    date("first, second and third", "January 7th, 2018|August 2nd, 2018"
         "|May 31st, 2017|December 25th, 2016|March 3rd, 2018|July 4th, 2015",
         "2018-01-07", "2018-08-02", "2017-05-31"),
    date("with the day of the week", "Sunday, January 7, 2018"
         "|Saturday, August 4, 2018|Wednesday, May 31, 2017"
         "|Sunday, December 25, 2016|Thursday, March 1, 2018|Saturday, July 4, 2015",
         "2018-01-07", "2018-08-04", "2017-05-31"),
    date("as mail has it", "Sun, 07 Jan 2018 14:30:00 +0000"
         "|Sat, 04 Aug 2018 06:05:00 +0200|Wed, 31 May 2017 00:00:00 +0000"
         "|Sun, 25 Dec 2016 12:00:00 -0500|Thu, 01 Mar 2018 09:15:30 +0000"
         "|Sat, 04 Jul 2015 23:59:59 +0000",
         "2018-01-07T14:30:00", "2018-08-04T04:05:00"),
    date("with am and pm", "Jan 7, 2018 2:30 PM|Aug 4, 2018 6:05 AM"
         "|May 31, 2017 12:00 AM|Dec 25, 2016 12:15 PM|Mar 1, 2018 11:59 PM"
         "|Jul 4, 2015 9:00 AM",
         "2018-01-07T14:30:00", "2018-08-04T06:05:00", "2017-05-31T00:00:00",
         "2016-12-25T12:15:00", "2018-03-01T23:59:00"),
    date("months and years", "Jan 2018|Aug 2018|May 2017|Dec 2016|Mar 2018|Jul 2015",
         "2018-01-01", "2018-08-01", "2017-05-01"),
    date("months and short years", "Jan-18|Aug-18|May-17|Dec-16|Mar-18|Jul-15",
         "2018-01-01", "2018-08-01", "2017-05-01", otherwise=("text", "id"),
         doubt="date|year|day"),
    date("in German", "7. Januar 2018|4. August 2018|31. Mai 2017|25. Dezember 2016"
         "|1. März 2018"
         "|4. Juli 2015", "2018-01-07", "2018-08-04", "2017-05-31", "2016-12-25",
         "2018-03-01"),
    date("in French", "7 janvier 2018|4 août 2018|31 mai 2017|25 décembre 2016"
         "|1 février 2018"
         "|4 juillet 2015", "2018-01-07", "2018-08-04", "2017-05-31", "2016-12-25",
         "2018-02-01"),
    date("in Spanish", "7 de enero de 2018|4 de agosto de 2018|31 de mayo de 2017"
         "|25 de diciembre de 2016|1 de febrero de 2018|4 de julio de 2015",
         "2018-01-07", "2018-08-04", "2017-05-31"),
]  # fmt: skip

LATE_DECISION = [*[f"{1 + i % 12:02}/{1 + i // 30:02}/2019" for i in range(120)],
                 "24/05/2019"]  # fmt: skip
ORDERS = [
    date("the day first, as one cell shows",
         "01/02/2024|03/04/2024|13/01/2024|05/06/2024|07/08/2024|09/10/2024",
         "2024-02-01", "2024-04-03", "2024-01-13",
         also=Also("date", 1, "13/01/2024")),
    date("the month first, as one cell shows",
         "01/02/2024|03/04/2024|01/13/2024|05/06/2024|07/08/2024|09/10/2024",
         "2024-01-02", "2024-03-04", "2024-01-13",
         also=Also("date", 1, "01/13/2024")),
    date("the day first, as the last of many cells shows", LATE_DECISION,
         "2019-01-01", "2019-01-02", "2019-01-03",
         also=Also("date", 1, "24/05/2019")),
    date("nothing decides", "01/02/2024|03/04/2024|05/06/2024|07/08/2024|09/10/2024"
         "|11/12/2024",
         doubt=("day.*first", "month.*first")),
    date("nothing decides, with points",
         "01.02.2024|03.04.2024|05.06.2024|07.08.2024|09.10.2024|11.12.2024",
         doubt=("day.*first", "month.*first")),
    date("nothing decides, with dashes",
         "01-02-2024|03-04-2024|05-06-2024|07-08-2024|09-10-2024|11-12-2024",
         doubt=("day.*first", "month.*first")),
    date("nothing decides, short years", "1/2/24|3/4/24|5/6/24|7/8/24|9/10/24|11/12/24",
         doubt=("day.*first", "month.*first")),
    date("nothing decides, with a time",
         "01/02/2024 14:30|03/04/2024 06:05|05/06/2024 12:00|07/08/2024 09:15"
         "|11/12/2024 18:00|10/11/2024 07:45",
         doubt=("day.*first", "month.*first")),
    date("nothing decides, the user says day first",
         "01/02/2024|03/04/2024|05/06/2024|07/08/2024|09/10/2024|11/12/2024",
         "2024-02-01", "2024-04-03", override={"order": "day-first"}),
    date("nothing decides, the user says month first",
         "01/02/2024|03/04/2024|05/06/2024|07/08/2024|09/10/2024|11/12/2024",
         "2024-01-02", "2024-03-04", override={"order": "month-first"}),
    date("the same day and month: a later table could differ",
         "01/01/2024|02/02/2024|03/03/2024|04/04/2024|05/05/2024|06/06/2024",
         doubt=("day.*first", "month.*first")),
    date("the day first, with points",
         "13.01.2024|02.01.2024|28.02.2024|05.06.2024|31.12.2023|01.02.2024",
         "2024-01-13", "2024-01-02", "2024-02-28"),
    date("the day first, without zeros", "13/1/2024|2/1/2024|28/2/2024|5/6/2024"
         "|1/2/2024|31/12/2023",
         "2024-01-13", "2024-01-02", "2024-02-28"),
    date("the day first, short years", "13/01/24|02/01/24|28/02/24|05/06/99|01/02/24"
         "|31/12/23",
         "2024-01-13", "2024-01-02", "2024-02-28", "1999-06-05"),
    date("the month first, with a time",
         "1/13/2024 2:30 PM|1/2/2024 6:05 AM|2/28/2024 12:00 AM|6/5/2024 11:59 PM"
         "|3/4/2024 9:15 AM|12/31/2023 6:30 PM",
         "2024-01-13T14:30:00", "2024-01-02T06:05:00", "2024-02-28T00:00:00"),
    date("ISO among others, and one cell decides",
         "2024-03-01|13/01/2024|02/01/2024|2023-12-31|28/02/2024|2022-06-05",
         "2024-03-01", "2024-01-13", "2024-01-02", "2023-12-31"),
    date("ISO among others, and nothing decides",
         "2024-03-01|03/01/2024|02/01/2024|2023-12-31|08/02/2024|2022-06-05",
         doubt=("day.*first", "month.*first")),
    date("several writings, each clear",
         "2024-03-01|Jan 13, 2024|2 January 2024|2023-12-31|28-Feb-2024|June 5, 2022",
         "2024-03-01", "2024-01-13", "2024-01-02", "2023-12-31"),
    text("both orders in one column",
         "13/01/2024|01/14/2024|15/01/2024|01/16/2024|17/01/2024|01/18/2024",
         otherwise=("date", "id", "category"), doubt="date|day|month",
         also=Also("date", 3, "01/14/2024|01/16/2024|01/18/2024")),
    date("one cell in the other order",
         [*[f"{13 + i % 15}/0{1 + i % 9}/2024" for i in range(150)], "01/20/2024"],
         "2024-01-13", "2024-02-14", n_missing=1, n_lost=1, doubt="01/20/2024"),
    date("a day that is not", [*["13/01/2024", "28/02/2024", "07/03/2024"] * 50,
         "31/02/2024"], "2024-01-13", "2024-02-28", "2024-03-07",
         n_missing=1, n_lost=1, doubt="31/02/2024"),
    date("a word among dates",
         [*[f"2024-01-{1 + i % 28:02}" for i in range(150)], "soon"],
         "2024-01-01", "2024-01-02", n_missing=1, n_lost=1, doubt="soon"),
    date("eight digits, as the user says",
         "20240301|20231231|20240229|19990105|20100715|20240302",
         "2024-03-01", "2023-12-31", override={"kind": "date"}),
    number("years are numbers", "2018|2017|2016|2018|2015|2014", 2018, 2017),
    date("months and years with a slash", "03/2024|12/2023|02/2024|01/1999|07/2010"
         "|04/2024",
         "2024-03-01", "2023-12-01", "2024-02-01"),
    category("quarters", "Q1 2024|Q2 2024|Q1 2024|Q3 2023|Q2 2024|Q1 2024",
             "Q1 2024", "Q2 2024", otherwise="date"),
    category("months and days without a year", "03-01|12-31|03-01|02-28|12-31|03-01",
             "03-01", "12-31"),
]  # fmt: skip

TIMES = [
    duration("times of day", "14:30|09:05|23:59|00:00|12:15|06:45",
             52200, 32700, 86340, 0, 44100, 24300),
    duration("times of day with seconds",
             "14:30:15|09:05:00|23:59:59|00:00:00|12:15:30|06:45:10",
             52215, 32700, 86399, 0, 44130),
    duration("times of day, am and pm", "2:30 PM|9:05 AM|11:59 PM|12:00 AM|12:15 PM"
             "|6:45 AM",
             52200, 32700, 86340, 0, 44100),
    duration("times of day, am and pm without a blank",
             "2:30pm|9:05am|11:59pm|12:00am|12:15pm"
             "|6:45am", 52200, 32700, 86340, 0, 44100),
    duration("times of day and missing", "14:30||23:59|n/a|12:15|06:45",
             52200, None, 86340, None, n_missing=2),
    duration("hours beyond a day", "30:15:00|09:05:00|123:59:59|00:00:30|48:00:00"
             "|25:00:01",
             108900, 32700, 446399, 30, 172800),
    duration("hours, minutes, fractions of a second",
             "1:30:15.5|0:45:00.25|2:00:00.0|0:00:30.125|5:12:07.75|0:59:59.5",
             5415.5, 2700.25, 7200, 30.125),
    duration("letters", "2h 30m|45m|1h|3h 5m|20m|10h 15m",
             9000, 2700, 3600, 11100, 1200, 36900),
    duration("letters without blanks", "2h30m|45m|1h|3h05m|20m|10h15m",
             9000, 2700, 3600, 11100, 1200, 36900),
    duration("words", "2 hours 30 minutes|45 minutes|1 hour|3 hours|20 minutes|2 hours",
             9000, 2700, 3600, 10800, 1200),
    duration("several units", "90 min|2 h|45 s|1.5 h|30 min|10 s",
             5400, 7200, 45, 5400, 1800, 10),
    duration("days and hours", "1 day|2 days|12 hours|3 days|6 hours|1 day 6 hours",
             86400, 172800, 43200, 259200, 21600, 108000),
    duration("as a data frame writes them", "1 days 02:00:00|0 days 00:30:00"
             "|10 days 12:15:30|2 days 00:00:00|0 days 23:59:59|0 days 06:45:10",
             93600, 1800, 908130, 172800, 86399),
    duration("ISO", "PT1H30M|PT45M|P1D|PT2H|P2DT12H|PT30S",
             5400, 2700, 86400, 7200, 216000, 30),
    duration("days, as the user says", "3|14|15|92|65|35", 3, 14, 15,
             override={"kind": "duration"}),
    number("minutes with one unit", "90 min|45 min|120 min|30 min|15 min|60 min",
           otherwise="duration", also="number"),
    number("hours with one unit", "1.5 h|2 h|0.75 h|8 h|3 h|12 h",
           otherwise="duration", also="number"),
    number("milliseconds", "12.5 ms|340 ms|7 ms|1,250 ms|99 ms|15 ms",
           otherwise="duration", also="number"),
    number("days with one unit", "3 days|14 days|1 days|30 days|7 days|21 days",
           otherwise="duration", also="number"),
    duration("a runner's times: minutes or hours",
             "42:15|39:58|75:30|58:07|44:44|61:20", ANY, doubt="minute|hour"),
    duration("a slip among times",
             [*[f"{i % 24:02}:{i % 60:02}" for i in range(150)], "noon"],
             0, 3660, n_missing=1, n_lost=1, doubt="noon"),
    text("hours that no day has", "14:75|09:99|23:61|10:88|12:77|06:65",
         otherwise=("id", "category")),
    identity("what looks like times and is none",
             [f"00:1B:44:11:3A:{i}" for i in range(10, 30)]),
    column("text", "opening hours", "9:00-17:00|10:00-18:00|8:30-16:30|12:00-20:00"
           "|11:00-19:00|7:00-15:00",
           otherwise=("category", "id")),
]  # fmt: skip
