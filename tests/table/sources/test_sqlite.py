"""A query on an SQLite file, for real; nothing in the file can be changed."""

import sqlite3
from pathlib import Path

import pytest

from layerwise.errors import ReadError
from layerwise.table.read import read


@pytest.fixture
def shop(tmp_path) -> Path:
    """Return a file with two tables and a view."""
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        create table customers (id integer primary key, name text, age, photo blob);
        insert into customers values (1, 'Ann', 31, x'00ff'), (2, 'Zoë', null, null),
                                     (3, 'Cid', 'unknown', x'01');
        create table orders (id integer, customer integer, price real);
        insert into orders values (10, 1, 9.5), (11, 1, 0.1), (12, 3, null);
        create view adults as select name, age from customers where age >= 18;
        create table "odd name" (a);
        """
    )
    connection.close()
    return path


def test_a_path_and_an_address_give_the_same_rows(shop, monkeypatch):
    sql = "select id, name from customers"
    by_path = read(shop, sql=sql)
    assert by_path.frame.rows() == [(1, "Ann"), (2, "Zoë"), (3, "Cid")]
    assert (by_path.source, by_path.notes) == ("shop.db", ())
    assert read(f"sqlite:///{shop}", sql=sql).frame.equals(by_path.frame)
    monkeypatch.chdir(shop.parent)
    assert read("sqlite:///shop.db", sql=sql).frame.equals(by_path.frame)


def test_types_follow_from_the_values(shop):
    frame = read(shop, sql="select * from customers").frame
    # SQLite keeps any value in any column; 31 and 'unknown' are one text column
    assert frame["age"].to_list() == ["31", None, "unknown"]
    assert frame["photo"].to_list() == [b"\x00\xff", None, b"\x01"]
    assert read(shop, sql="select price from orders").frame["price"].to_list() == [
        *(9.5, 0.1, None),
    ]


def test_joins_and_views_are_read_and_repeated_names_told_apart(shop):
    table = read(
        shop,
        sql="select * from orders o join customers c on c.id = o.customer order by 1",
    )
    assert table.n_rows == 3
    assert table.columns == ("id", "customer", "price", "id_2", "name", "age", "photo")
    assert table.notes == ("1 column name was empty or repeated, and became 'id_2'.",)
    assert read(shop, sql="select name from adults").frame.rows() == [
        ("Ann",),
        ("Cid",),
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "delete from customers",
        "insert into orders values (1, 2, 3)",
        "update customers set age = 1",
        "drop table orders",
        "create table t (a)",
        "pragma user_version = 3",
        "attach 'other.db' as other",
        "vacuum into 'copy.db'",
    ],
)
def test_a_query_that_writes_is_refused_and_changes_nothing(shop, sql, monkeypatch):
    monkeypatch.chdir(shop.parent)
    before = shop.read_bytes()
    with pytest.raises(ReadError) as caught:
        read(shop, sql=sql)
    assert str(caught.value) == (
        "Could not read 'shop.db': the query would change the database. Only queries "
        "that read are run."
    )
    assert shop.read_bytes() == before
    assert [path.name for path in shop.parent.iterdir()] == ["shop.db"]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            None,
            "it is an SQLite database with 'adults', 'customers', 'odd name', "
            "'orders'. Say which rows to read: sql='select * from adults'.",
        ),
        (
            "select * from custmers",
            "there is no table 'custmers', but 'adults', 'customers', 'odd name', "
            "'orders'. Did you mean 'customers'?",
        ),
        (
            "select nmae from customers",
            "there is no column 'nmae'. Did you mean 'name'?",
        ),
        (
            "selec * from customers",
            'the query failed (near "selec": syntax error).',
        ),
        ("", "the query gives no table. Write one that selects rows."),
        ("select 1; select 2", "there is more than one query. Pass a single one."),
        ("select * from customers where id = 9", "the query gives no rows."),
        ("select zeroblob(20000000) as a", "a cell is larger than 16 MiB."),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(shop, sql, message):
    with pytest.raises(ReadError) as caught:
        read(shop, sql=sql)
    assert str(caught.value) == f"Could not read 'shop.db': {message}"


def test_an_endless_query_stops_at_its_limits(shop):
    endless = (
        "with recursive t(n) as (select 1 union all select n + 1 from t) "
        "select n from t"
    )
    with pytest.raises(ReadError) as caught:
        read(shop, sql=endless, most_bytes=1_000_000)
    assert str(caught.value) == (
        "Could not read 'shop.db': the query gives more than 120,000 rows, too many. "
        "Ask for fewer (limit 1000000), or pass a larger most_bytes."
    )
    with pytest.raises(ReadError) as caught:
        read(
            shop,
            sql=endless.replace("select n from", "select max(n) from"),
            most_seconds=1,
        )
    assert str(caught.value) == (
        "Could not read 'shop.db': reading it took longer than 1 s. Pass a larger "
        "most_seconds."
    )


def test_damaged_and_empty_databases_are_refused(shop, tmp_path):
    raw = shop.read_bytes()
    bad = tmp_path / "bad.db"
    bad.write_bytes(raw[:100] + b"\xff" * (len(raw) - 100))
    with pytest.raises(ReadError, match=r"^Could not read 'bad.db': it is a damaged "):
        read(bad, sql="select * from customers")
    empty = tmp_path / "empty.db"
    connection = sqlite3.connect(empty)
    connection.executescript("create table t (a); drop table t")
    connection.close()
    with pytest.raises(ReadError) as caught:
        read(empty)
    assert str(caught.value) == (
        "Could not read 'empty.db': it is an SQLite database without tables."
    )
    with pytest.raises(ReadError) as caught:
        read("sqlite:///none.db", sql="select 1")
    assert str(caught.value) == "Could not read 'none.db': there is no such file."
