"""What is planted in a table is found before training, and nothing else is said.

Each planted table is made of the same honest columns and one thing that should
make a person doubt. Honest tables are silent.
"""

import numpy as np
import pytest

from layerwise.table import infer_target, look, read, split, target_column
from layerwise.table.doubts.search import find_doubts

N = 1_000


def random(seed):
    return np.random.Generator(np.random.Philox(key=seed))


def honest(seed, n=N):
    """Columns that tell something of a target, and the part of it they tell."""
    r = random(seed)
    age = r.integers(18, 80, n)
    income = np.round(np.exp(r.normal(10, 0.5, n)), 2)
    city = r.choice(["Bonn", "Cairo", "Lima", "Oslo"], n)
    told = 0.03 * age + np.log(income) + 0.5 * (city == "Lima")
    told = (told - told.mean()) / told.std()
    return {"age": age, "income": income, "city": city}, told


def regression(seed, n=N):
    columns, told = honest(seed, n)
    noise = random(seed + 1_000).normal(0, 1, n)
    return columns, np.round(np.exp(6 + 0.7 * told + 0.7 * noise), 2)


def binary(seed, n=N, share=0.4):
    columns, told = honest(seed, n)
    noisy = told + random(seed + 1_000).normal(0, 1.5, n)
    return columns, (noisy > np.quantile(noisy, 1 - share)).astype(int)


def words(ids, *names):
    return np.array(names)[ids]


def doubts_in(columns, target, valid_fraction=0.2, is_random=True):
    table = read(columns)
    cells = target_column(table, target)
    asked = infer_target(target, cells)
    y = asked.encode(cells)
    rows = split(len(y), valid_fraction, 0, labels=y if asked.classes else None)
    readings = look(table, drop=[target])
    return find_doubts(table, readings, asked, y, *rows, is_random)


def found_in(columns, target, **options):
    return [(d.code, d.columns) for d in doubts_in(columns, target, **options)]


def a_copy_of_the_target():
    columns, y = regression(1)
    return {**columns, "booked": y, "paid": y}, "paid", [("leak", ("booked",))]


def its_logarithm():
    columns, y = regression(2)
    return (
        {**columns, "magnitude": np.log(y), "paid": y},
        "paid",
        [("leak", ("magnitude",))],
    )


def the_target_with_noise():
    columns, y = regression(3)
    noisy = 0.9 * y + random(30).normal(0, 0.01 * y.std(), N)
    return {**columns, "booked": noisy, "paid": y}, "paid", [("leak", ("booked",))]


def the_target_rounded_and_dressed():
    columns, y = regression(4)
    dressed = [f"${round(value, -1):,.0f}" for value in y]
    return {**columns, "invoice": dressed, "paid": y}, "paid", [("leak", ("invoice",))]


def a_falling_function_of_the_target():
    columns, y = regression(5)
    return {**columns, "left": 1 / y, "paid": y}, "paid", [("leak", ("left",))]


def a_mean_of_the_target_by_customer():
    # Each customer buys three times and pays the same each time.
    columns, y = regression(6)
    customer = random(60).integers(0, N // 3, N)
    y = y[customer]
    return (
        {**columns, "usual": np.round(y, 1), "paid": y},
        "paid",
        [("leak", ("usual",))],
    )


def the_class_in_other_words():
    columns, y = binary(7)
    return (
        {**columns, "state": words(y, "A7", "Q3"), "left": words(y, "no", "yes")},
        ("left"),
        [("leak", ("state",))],
    )


def the_class_with_one_in_a_hundred_wrong():
    columns, y = binary(8)
    wrong = random(80).permutation(N) < N // 100
    return (
        {**columns, "flag": np.where(wrong, 1 - y, y), "left": y},
        "left",
        [("leak", ("flag",))],
    )


def a_code_of_each_of_many_classes():
    columns, told = honest(9)
    y = np.digitize(told + random(90).normal(0, 1, N), [-1, 0, 1])
    return (
        {
            **columns,
            "code": np.array([4071, 1012, 9555, 3])[y],
            "kind": words(y, "cup", "fork", "knife", "spoon"),
        },
        "kind",
        [("leak", ("code",))],
    )


def missing_exactly_when_yes():
    columns, y = binary(10)
    weight = np.where(y == 1, np.nan, random(100).normal(70, 9, N))
    return {**columns, "weight": weight, "died": y}, "died", [("leak", ("weight",))]


def a_date_for_one_class_only():
    columns, y = binary(11)
    day = random(110).integers(1, 29, N)
    closed = [f"2023-05-{d:02}" if yes else "" for d, yes in zip(day, y, strict=True)]
    return {**columns, "closed": closed, "left": y}, "left", [("leak", ("closed",))]


def a_text_that_holds_the_class():
    columns, y = binary(12)
    r = random(120)
    names = r.choice(["Ann", "Bob", "Cem", "Dee", "Eve", "Fay"], (N, 3))
    note = [
        f"{' '.join(three)} {i}: {'refund sent' if yes else 'as usual'}"
        for i, (three, yes) in enumerate(zip(names, y, strict=True))
    ]
    return {**columns, "note": note, "returned": y}, "returned", [("leak", ("note",))]


def a_score_that_the_class_was_cut_from():
    columns, told = honest(13)
    score = told + random(130).normal(0, 1, N)
    return (
        {**columns, "score": score, "left": (score > 0.4).astype(int)},
        "left",
        [("leak", ("score",))],
    )


def a_leak_of_a_rare_class():
    n = 30_000
    columns, y = binary(14, n, share=0.005)
    blocked = np.where(y == 1, random(140).random(n) < 0.99, random(141).random(n) < 0)
    return (
        {**columns, "blocked": blocked.astype(int), "fraud": y},
        "fraud",
        [("leak", ("blocked",))],
    )


def most_of_the_target_under_its_name():
    columns, y = regression(15)
    old = np.round(y * np.exp(random(150).normal(0, 0.25, N)), 2)
    return (
        {**columns, "old_price": old, "price": y},
        "price",
        [("target-like name", ("old_price",))],
    )


def a_number_of_the_row():
    columns, y = binary(16)
    order = random(160).permutation(N) + 501
    return {**columns, "nummer": order, "left": y}, "left", [("id", ("nummer",))]


def a_number_that_rises_with_gaps():
    columns, y = regression(17)
    ticket = np.cumsum(random(170).integers(1, 40, N)) + 10_000
    return {"ticket": ticket, **columns, "paid": y}, "paid", [("id", ("ticket",))]


def rows_that_repeat():
    columns, y = regression(18)
    again = np.concatenate([np.arange(N), random(180).integers(0, N, N // 10)])
    again = again[random(181).permutation(len(again))]
    repeated = {name: cells[again] for name, cells in columns.items()}
    return (
        {**repeated, "paid": y[again]},
        "paid",
        [
            ("duplicates across the split", ()),
            ("duplicates", ()),
        ],
    )


def equal_rows_of_different_classes():
    columns, y = binary(19)
    again = np.concatenate([np.arange(N), np.arange(N // 10)])
    repeated = {name: cells[again] for name, cells in columns.items()}
    left = np.concatenate([y, 1 - y[: N // 10]])
    return (
        {**repeated, "left": left},
        "left",
        [
            ("duplicates across the split", ()),
            ("contradictions", ()),
        ],
    )


def a_class_of_eight_rows():
    columns, told = honest(20)
    y = (told + random(200).normal(0, 1, N) > 0).astype(int)
    y[random(201).permutation(N)[:8]] = 2
    return (
        {**columns, "kind": words(y, "cup", "fork", "sieve")},
        "kind",
        [("few rows in a class", ("kind",))],
    )


def days_of(n, seed=None):
    """Return n days from 2021 on as texts, in order or shuffled, and their places."""
    day = np.sort(random(7).integers(0, 730, n))
    if seed is not None:
        day = day[random(seed).permutation(n)]
    return (np.datetime64("2021-01-01") + day).astype(str), day


def rows_in_the_order_of_a_date():
    columns, y = regression(21)
    dates, day = days_of(N)
    return (
        {"stay": dates, **columns, "paid": np.round(y * np.exp(day / 400), 2)},
        ("paid"),
        [("date split", ("stay",))],
    )


def a_target_that_rises_with_the_date():
    # Almost a leak, yet what is known beforehand: the split is what misleads.
    columns, _ = regression(26)
    dates, day = days_of(N)
    level = np.round(100 + day + random(260).normal(0, 5, N), 2)
    return (
        {"stay": dates, **columns, "level": level},
        "level",
        [("leak", ("stay",)), ("date split", ("stay",))],
    )


def the_target_in_many_columns():
    columns, y = regression(27)
    copies = {f"copy{i}": np.round(y * (i + 1), 3) for i in range(6)}
    return (
        {**columns, **copies, "paid": y},
        "paid",
        [("leak", tuple(copies))],
    )


def rows_that_say_when_they_happened():
    columns, told = honest(22)
    dates, day = days_of(N, seed=220)
    y = (told + day / 200 + random(221).normal(0, 1, N) > 1.8).astype(int)
    return (
        {"order_date": dates, **columns, "returned": y},
        "returned",
        [("date split", ("order_date",))],
    )


def seconds_since_1970():
    columns, y = regression(23)
    seconds = 1_600_000_000 + np.cumsum(random(230).integers(60, 9_000, N))
    trend = np.exp(np.linspace(0, 2, N))
    return (
        {"timestamp": seconds, **columns, "paid": np.round(y * trend, 2)},
        "paid",
        [("date split", ("timestamp",))],
    )


def columns_that_are_almost_all_missing():
    columns, y = binary(24)
    rare = np.where(random(240).random(N) < 0.03, random(241).normal(0, 1, N), np.nan)
    remark = np.where(random(242).random(N) < 0.04, "late", "")
    return (
        {**columns, "rare": rare, "remark": remark, "left": y},
        "left",
        [("almost all missing", ("rare", "remark"))],
    )


def two_things_at_once():
    columns, y = binary(25)
    return (
        {"nr": np.arange(N), **columns, "state": y * 3, "left": y},
        "left",
        [
            ("leak", ("state",)),
            ("id", ("nr",)),
        ],
    )


PLANTED = [
    *(a_copy_of_the_target, its_logarithm, the_target_with_noise),
    *(the_target_rounded_and_dressed, a_falling_function_of_the_target),
    *(a_mean_of_the_target_by_customer, the_class_in_other_words),
    *(the_class_with_one_in_a_hundred_wrong, a_code_of_each_of_many_classes),
    *(missing_exactly_when_yes, a_date_for_one_class_only),
    *(a_text_that_holds_the_class, a_score_that_the_class_was_cut_from),
    *(a_leak_of_a_rare_class, most_of_the_target_under_its_name),
    *(a_number_of_the_row, a_number_that_rises_with_gaps, rows_that_repeat),
    *(equal_rows_of_different_classes, a_class_of_eight_rows),
    *(rows_in_the_order_of_a_date, rows_that_say_when_they_happened),
    *(a_target_that_rises_with_the_date, the_target_in_many_columns),
    *(seconds_since_1970, columns_that_are_almost_all_missing, two_things_at_once),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.__name__)
def test_what_is_planted_is_found_and_nothing_else(planted):
    columns, target, expected = planted()
    assert found_in(columns, target) == expected
    # Without rows held out, nothing can be wrong with how they were chosen.
    about_split = ("duplicates across the split", "date split")
    expected = [one for one in expected if one[0] not in about_split]
    assert found_in(columns, target, valid_fraction=0) == expected


def test_many_leaks_are_one_sentence():
    columns, target, _ = the_target_in_many_columns()
    (found,) = doubts_in(columns, target)
    assert found.sentence == (
        "Each of 6 columns alone predicts 'paid' almost perfectly (rank correlation "
        "0.9999 or more): 'copy0', 'copy1', 'copy2', 'copy3', 'copy4' and 1 more. If "
        "they are known only afterwards, leave them out with --drop."
    )


def honest_regression():
    columns, y = regression(50)
    return {**columns, "paid": y}, "paid"


def honest_classes():
    columns, y = binary(51)
    return {**columns, "left": words(y, "no", "yes")}, "left"


def a_strong_column():
    """As strong as the weight of a diamond for its price."""
    columns, y = regression(52)
    carat = y * np.exp(random(520).normal(0, 0.22, N))
    return {**columns, "carat": carat, "price": y}, "price"


def a_strong_column_of_three_species():
    """As strong as the petals of irises: 7 of 150 rows are between two species."""
    y = np.repeat([0, 1, 2], 50)
    width = np.array([0.2, 1.3, 2.0])[y] + random(530).normal(0, 0.236, 150)
    return {
        "petal": np.round(width, 1),
        "sepal": np.round(random(531).normal(5.8, 0.8, 150), 2),
        "species": words(y, "setosa", "versicolor", "virginica"),
    }, "species"


def a_survey_of_few_answers():
    r = random(54)
    answers = {f"q{j}": r.choice(["yes", "no"], N, p=[0.8, 0.2]) for j in range(6)}
    y = r.random(N) < np.where(answers["q0"] == "yes", 0.6, 0.3)
    return {**answers, "buys": y.astype(int)}, "buys"


def a_date_about_something_else():
    """People hired long ago earn more: no reason to hold the youngest out."""
    columns, y = regression(55)
    dates, day = days_of(N, seed=550)
    return {
        "date_first_hired": dates,
        **columns,
        "paid": np.round(y * np.exp(-day / 400), 2),
    }, "paid"


def a_date_along_which_nothing_changes():
    columns, y = regression(56)
    return {"date": days_of(N)[0], **columns, "paid": y}, "paid"


def rows_sorted_by_a_measure():
    columns, y = regression(57)
    height = np.sort(random(570).normal(170, 9, N))
    return {"height": height, **columns, "paid": y}, "paid"


def large_numbers_that_rarely_repeat():
    columns, y = binary(58)
    return {**columns, "salary": random(580).integers(20_000, 900_000, N)} | {
        "left": y
    }, "left"


def one_column_that_says_it_all():
    """A straight line is what the user wants to see, not a leak."""
    x = np.arange(200)
    return {"x": x, "y": 2.5 * x + 0.125}, "y"


def a_dozen_rows():
    return {"a": np.arange(12), "b": [1, 2, 3] * 4, "y": [0, 0, 1] * 4}, "y"


HONEST = [
    *(honest_regression, honest_classes, a_strong_column),
    *(a_strong_column_of_three_species, a_survey_of_few_answers),
    *(a_date_about_something_else, a_date_along_which_nothing_changes),
    *(rows_sorted_by_a_measure, large_numbers_that_rarely_repeat),
    *(one_column_that_says_it_all, a_dozen_rows),
]


@pytest.mark.parametrize("made", HONEST, ids=lambda one: one.__name__)
@pytest.mark.parametrize("valid_fraction", [0.2, 0])
def test_an_honest_table_is_silent(made, valid_fraction):
    assert found_in(*made(), valid_fraction=valid_fraction) == []


def only_sentence(planted):
    """Return the sentence with its score, which depends on the random numbers, named.

    What the score should be, other tests say.
    """
    columns, target, _ = planted()
    (doubt,) = doubts_in(columns, target)
    ((measure, score), *_) = doubt.evidence
    return doubt.sentence.replace(f"{measure} {score:.4g} on", f"{measure} SCORE on")


def test_sentences_of_leaks():
    assert only_sentence(a_copy_of_the_target) == (
        "Column 'booked' alone predicts 'paid' almost perfectly (rank correlation "
        "SCORE on 1,000 rows held out): if it is known only afterwards, leave it out "
        "with --drop booked."
    )
    assert only_sentence(the_class_in_other_words) == (
        "Column 'state' alone predicts 'left' almost perfectly (AUC SCORE on 1,000 "
        "rows held out, 0.5 by guessing): if it is known only afterwards, leave it out "
        "with --drop state."
    )
    columns, _, _ = a_code_of_each_of_many_classes()
    most = np.unique(columns["kind"], return_counts=True)[1].max() / N
    assert only_sentence(a_code_of_each_of_many_classes) == (
        "Column 'code' alone predicts 'kind' almost perfectly (accuracy SCORE on 1,000 "
        f"rows held out, {most:.3g} by guessing): if it is known only afterwards, "
        "leave it out with --drop code."
    )
    assert only_sentence(missing_exactly_when_yes) == (
        "Whether column 'weight' is missing alone predicts 'died' almost perfectly "
        "(AUC SCORE on 1,000 rows held out, 0.5 by guessing): if it is known only "
        "afterwards, leave it out with --drop weight."
    )


def test_sentences_about_columns():
    assert only_sentence(most_of_the_target_under_its_name) == (
        "Column 'old_price' is named like the target 'price' and tells most of it "
        "(rank correlation SCORE on 1,000 rows held out): if it is made from the "
        "target, leave it out with --drop old_price."
    )
    assert only_sentence(a_number_of_the_row) == (
        "Column 'nummer' looks like a number of the row (1,000 different whole numbers "
        "in 1,000 rows, from 501 to 1500), which says nothing about new rows: leave it "
        "out with --drop nummer."
    )
    assert only_sentence(a_number_that_rises_with_gaps) == (
        "Column 'ticket' looks like a number of the row (1,000 different whole numbers "
        "in 1,000 rows, in their order), which says nothing about new rows: leave it "
        "out with --drop ticket."
    )
    columns, _, _ = columns_that_are_almost_all_missing()
    least = min(np.isnan(columns["rare"]).sum(), (columns["remark"] == "").sum())
    assert only_sentence(columns_that_are_almost_all_missing) == (
        f"2 columns are missing in {least} of 1,000 rows or more, so they can tell of "
        "few: 'rare', 'remark'. Fill them, or leave them out with --drop."
    )


def test_sentences_about_dates():
    assert only_sentence(rows_in_the_order_of_a_date) == (
        "The rows follow 'stay', and 'paid' changes along it (rank correlation SCORE "
        "on 1,000 rows held out): rows held out at random lie between training rows, "
        "and their score says little about later ones. Hold the last rows out with "
        "--valid-by stay."
    )
    assert only_sentence(rows_that_say_when_they_happened) == (
        "The rows have their time in 'order_date', and 'returned' changes along it "
        "(AUC SCORE on 1,000 rows held out, 0.5 by guessing): rows held out at random "
        "lie between training rows, and their score says little about later ones. Hold "
        "the last rows out with --valid-by order_date."
    )


def test_one_column_that_is_almost_all_missing():
    columns, y = binary(24)
    columns["x, y"] = np.where(np.arange(N) % 40 == 0, random(3).normal(0, 1, N), None)
    (doubt,) = doubts_in({**columns, "left": y}, "left")
    assert doubt.sentence == (
        "Column 'x, y' is missing in 975 of 1,000 rows, so it can tell of few: fill "
        "it, or leave it out with --drop '\"x, y\"'."
    )
    assert doubt.evidence == (("missing", 975), ("rows", N))


def test_a_name_that_steers_a_terminal_is_no_command():
    columns, y = binary(7)
    doubt = doubts_in({**columns, "\x1b[2J": y, "left": y}, "left")[0]
    assert doubt.sentence.endswith("only afterwards, leave it out.")


def test_rows_held_out_by_a_date_are_not_doubted():
    columns, target, _ = rows_in_the_order_of_a_date()
    assert found_in(columns, target, is_random=False) == []


def test_an_id_by_name_may_repeat_now_and_then():
    columns, y = binary(16)
    number = random(161).permutation(10 * N)[:N] * 7
    number[:5] = number[5:10]
    assert found_in({**columns, "customer_id": number, "left": y}, "left") == [
        ("id", ("customer_id",))
    ]
    assert found_in({**columns, "salary": number, "left": y}, "left") == []


def test_the_same_table_gives_the_same_doubts():
    columns, target, _ = a_text_that_holds_the_class()
    assert doubts_in(columns, target) == doubts_in(columns, target)
