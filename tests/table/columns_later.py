"""Columns that were written after the code could read all the others.

Nobody fitted the code to these before it met them: they tell how far what was
built for the other columns reaches.
"""

from expected import (
    ANY,
    Also,
    category,
    constant,
    date,
    duration,
    identity,
    number,
    numbers_to,
    text,
    yes_no,
)

NAMES = ("text", "id", "category")

NUMBERS = [
    number("baht", "฿1,200.50|฿900|฿75.25|฿10,000|฿33|฿18", 1200.5, 900, 75.25, 10000),
    number("crowns of Norway", "NOK 1 200,50|NOK 900,00|NOK 75,25|NOK 10 000,00|NOK 33"
           "|NOK 18,00", 1200.5, 900, 75.25, 10000),
    number("dollars of Canada", "C$1,200.50|C$900|C$75.25|C$10,000|C$33|C$18",
           1200.5, 900, 75.25),
    number("a minus before A$", "A$1,200|-A$900|A$75|A$10,000|-A$33|A$18",
           1200, -900, 75),
    number("cents", "99¢|50¢|25¢|75¢|10¢|5¢", 99, 50, 25),
    number("losses in two ways", "($1,234.56)|-$12.00|$5.00|($3.50)|$9.99|$1.00",
           -1234.56, -12, 5, -3.5),
    number("euros in a word",
           "100 euros|250 euros|75 euros|1,200 euros|33 euros|18 euros",
           100, 250, 75, 1200),
    number("credit and debit", "1,250.00 CR|900.00 DR|10.00 CR|64.00 DR|128.00 CR"
           "|320.00 DR", 1250, -900, otherwise=NAMES, doubt="CR|DR|number"),
    number("per mille", "5‰|7.5‰|12‰|3‰|9‰|1‰", 5, 7.5, 12),
    number("percent in a word", "50 percent|75 percent|12.5 percent|33 percent"
           "|8 percent|91 percent", 50, 75, 12.5),
    number("percent with a comma", "12,5%|7,25%|100,0%|3,1%|0,5%|9%", 12.5, 7.25, 100),
    number("percent in parentheses", "(5.2%)|3.1%|(0.5%)|12%|1%|(7%)", -5.2, 3.1, -0.5),
    number("pounds",
           "150 lbs|182.5 lbs|99 lbs|201 lbs|133 lbs|178 lbs", 150, 182.5, 99),
    number("loudness",
           "-70 dBm|-65 dBm|-80 dBm|-55 dBm|-90 dBm|-72 dBm", -70, -65, -80),
    number("inches", '5.5"|6.1"|4.7"|6.7"|5.8"|6.4"', 5.5, 6.1, 4.7),
    number("kilobits", "1,250 kbps|900 kbps|10,000 kbps|64 kbps|128 kbps|320 kbps",
           1250, 900, 10000, 64),
    number("times as much", "2x|3.5x|10x|1.2x|4x|7x", 2, 3.5, 10),
    number("millions in a word", "1.2 million|850 million|3 million|75 million"
           "|2.25 million|9 million"),
    number("bn and mn", "1.2bn|850mn|3bn|75mn|2.25bn|900mn", 1.2e9, 850e6, 3e9, 75e6),
    number("a large K", "10K|2.5K|300K|7K|1K|45K", 10000, 2500, 300000),
    number("k and more", "10k+|5k+|300k+|7k+|1k+|45k+", 10000, 5000, 300000),
    number("about so many", "~10|~25|~300|~7|~1|~45", 10, 25, 300, otherwise=NAMES,
           doubt="~|number"),
    number("ranks", "#1|#5|#12|#33|#7|#100", 1, 5, 12, otherwise=NAMES),
    number("places in a race", "1st|2nd|3rd|21st|12th|33rd", 1, 2, 3, otherwise=NAMES),
    number("a minus, blanks, a comma", "-1 234,56|-12 500,25|7,00|-850,10|9,5|-3",
           -1234.56, -12500.25, 7),
    number("powers and points", "1.5E+10|2.25E-05|3|1e2|7.0|8.125",
           1.5e10, 2.25e-5, 3, 100),
    number("digits of another width", "１２|３４|５６|７８|９０|１１", 12, 34,
           otherwise=NAMES),
    number("no answer", "3|no answer|15|92|no answer|35|41|8|19|27|51|63|70|81",
           3, None, 15, 92, None, n_missing=2, doubt="no answer"),
    number("refused", [*numbers_to(60), *["refused"] * 3], 10, 11, n_missing=3,
           doubt="refused"),
    number("99999 stands for nothing", [*numbers_to(60), *["99999"] * 4], 10, 11,
           doubt="99999"),
    number("minus 1 stands for nothing",
           "-1|25|33|41|-1|29|-1|52|47|38|-1|60|44|31|36|-1",
           ANY, 25, 33, 41, doubt="-1", name="age"),
    number("two words after 300 numbers", [*numbers_to(300), "n.b.", "ibid"], 10, 11,
           n_missing=2, n_lost=2, doubt=r"ibid|n\.b\."),
    text("three words in a hundred",
         [*map(str, range(100, 198)), "apple", "pear", "plum"],
         otherwise=NAMES, also=Also("number", 3)),
    number("ten codes in many rows", [str(i % 10) for i in range(400)], 0, 1, 2,
           also="category"),
    number("a name that ends like an id", [str(3 * i) for i in range(50)], 0, 3, 6,
           name="paid"),
    number("a name that begins like a code", "12345|23456|34567|12345|45678|56789",
           12345, 23456, name="zipper_size"),
    constant("one number, and words for nothing", "5|5|?|5|NA|5",
             otherwise=("number", "category")),
]  # fmt: skip

WORDS = [
    yes_no("in Danish", "ja|nej|nej|ja|ja|nej", 1, 0, 0, 1),
    yes_no("in Greek", "ναι|όχι|όχι|ναι|ναι|όχι", 1, 0, 0, 1),
    yes_no("in Hebrew", "כן|לא|לא|כן|כן|לא", 1, 0, 0, 1),
    yes_no("in Korean", "예|아니오|아니오|예|예|아니오", 1, 0, 0, 1),
    yes_no("ticks and crosses", "✓|✗|✗|✓|✓|✗", 1, 0, 0, 1, otherwise="category",
           also="yes/no"),
    yes_no("open and closed", "open|closed|closed|open|open|closed", 1, 0, 0, 1,
           otherwise="category", also="yes/no"),
    category("two towns", "Paris|Rome|Rome|Paris|Paris|Rome", "Paris", "Rome",
             also="yes/no"),
    category("who smokes", "never|former|current|never|former|never",
             "never", "former", "current"),
    category("stars in words", "1 star|2 stars|5 stars|1 star|2 stars|3 stars",
             "1 star", "2 stars", otherwise=("number", "ordered")),
    category("tiers", "Tier 1|Tier 2|Tier 3|Tier 1|Tier 2|Tier 3", "Tier 1", "Tier 2"),
    category("priorities", "P1|P2|P3|P1|P2|P3|P4|P4", "P1", "P2"),
    category("urgent or not", "low|normal|high|critical|low|normal|high|critical",
             "low", "normal", also="ordered"),
    category("French levels", "faible|moyen|élevé|faible|moyen|élevé",
             "faible", "moyen", also="ordered"),
    category("diseases", "E11.9|I10|E11.9|J45|I10|E11.9", "E11.9", "I10"),
    category("industries with a zero", "0111|0112|0111|2111|0112|0111", "0111", "0112",
             also="number"),
    category("states called OR and NE", "OR|NE|IN|OR|NE|IN|OR|NE", "OR", "NE",
             n_missing=0),
    category("Canadian postal codes", "K1A 0B1|M5V 3L9|K1A 0B1|H2X 1Y4|M5V 3L9|K1A 0B1",
             "K1A 0B1", name="postal_code"),
    category("salaries in ranges", "$50K-$60K|$60K-$70K|$50K-$60K|$80K-$90K|$60K-$70K"
             "|$50K-$60K", "$50K-$60K", "$60K-$70K"),
    text("shares in ranges", "5%-10%|10%-15%|15%-20%|20%-25%|25%-30%|30%-35%",
         otherwise=NAMES),
    text("openings of a lens", "f/1.8|f/2.8|f/4|f/5.6|f/8|f/11",
         otherwise=(*NAMES, "number")),
    identity("papers", "10.1000/182|10.1000/183|10.1016/j.1|10.1038/nature1"
             "|10.1109/5.771073|10.1126/science.1", otherwise="text"),
    identity("keys of a database", numbers_to(20, "507f1f77bcf86cd7994390{}")),
    identity("parcels", numbers_to(20, "1Z999AA101234567{}")),
    identity("numbers of orders", [str(10**12 + i) for i in range(50)],
             name="order_id"),
]  # fmt: skip

TIMES = [
    date("slashes and seconds", "2024/03/01 14:30:15|2023/12/31 00:05:00"
         "|2024/02/29 23:59:59|1999/01/05 06:00:00|2010/07/15 12:00:00"
         "|2011/01/01 01:01:01", "2024-03-01T14:30:15", "2023-12-31T00:05:00"),
    date("digits and a T", "20240301T143015|20231231T000500|20240229T235959"
         "|19990105T060000|20100715T120000|20110101T010101", "2024-03-01T14:30:15",
         otherwise=NAMES),
    date("digits and a blank", "20240301 143015|20231231 000500|20240229 235959"
         "|19990105 060000|20100715 120000|20110101 010101", "2024-03-01T14:30:15",
         "2023-12-31T00:05:00"),
    date("the month first, with dashes", "01-13-2024|01-02-2024|02-28-2024|06-05-2024"
         "|12-31-2023|03-04-2024", "2024-01-13", "2024-01-02"),
    date("the day first, points and a time", "13.01.2024 14:30|02.01.2024 06:05"
         "|28.02.2024 00:00|05.06.2024 23:59|31.12.2023 18:00|01.02.2024 07:45",
         "2024-01-13T14:30:00", "2024-01-02T06:05:00"),
    date("in Italian", "7 gennaio 2018|4 agosto 2018|31 maggio 2017|25 dicembre 2016"
         "|1 febbraio 2018|4 luglio 2015", "2018-01-07", "2018-08-04", "2017-05-31"),
    date("in Portuguese", "7 de janeiro de 2018|4 de agosto de 2018|31 de maio de 2017"
         "|25 de dezembro de 2016|1 de fevereiro de 2018|4 de julho de 2015",
         "2018-01-07", "2018-08-04"),
    date("in Dutch", "7 januari 2018|4 augustus 2018|31 mei 2017|25 december 2016"
         "|1 maart 2018|4 juli 2015", "2018-01-07", "2018-08-04", "2017-05-31",
         "2016-12-25", "2018-03-01"),
    date("as a C program has it", "Sun Jan  7 14:30:00 2018|Sat Aug  4 06:05:00 2018"
         "|Wed May 31 00:00:00 2017|Sun Dec 25 12:00:00 2016|Thu Mar  1 09:15:30 2018"
         "|Sat Jul  4 23:59:59 2015", "2018-01-07T14:30:00"),
    date("three words among a hundred dates",
         [*[f"2024-{1 + i // 28:02}-{1 + i % 28:02}" for i in range(98)],
          "apple", "pear", "plum"], otherwise=NAMES, also="date"),
    duration("letters and words", "1h 5min|20min|3h 40min|2h|45min|1h 59min",
             3900, 1200, 13200, 7200, 2700),
    duration("one and several", "1 min|5 mins|1 hr|2 hrs|30 mins|3 hrs",
             60, 300, 3600, 7200),
    duration("laps, minutes and seconds",
             "0:59.523|1:01.112|1:02.001|0:58.999|2:30.500|1:07.250",
             59.523, 61.112, 62.001, 58.999, 150.5, 67.25),
    duration("weeks", "2 weeks|3 weeks|1 week|10 weeks|4 weeks|6 weeks",
             1209600, 1814400, 604800, otherwise="number"),
    duration("less than nothing", "-1:30:00|0:45:00|2:00:00|-0:15:00|1:00:00|0:30:00",
             -5400, 2700, 7200, -900),
]  # fmt: skip
