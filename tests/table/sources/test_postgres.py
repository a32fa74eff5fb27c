"""A query on a real PostgreSQL server, where one is installed."""

import datetime
import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from layerwise.errors import MissingPackageError, ReadError
from layerwise.table.read import read
from layerwise.table.schema import look
from layerwise.table.sources.postgres import read_postgres

PASSWORD = "p@ss word/7"
WRITTEN = "p%40ss%20word%2F7"
ENDLESS = (
    "with recursive t(n) as (select 1 union all select n + 1 from t) select * from t"
)


def _programs() -> Path:
    """Return the folder with initdb, or skip."""
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    found = shutil.which("initdb")
    for place in [str(Path(found).parent)] * bool(found) + places:
        if (Path(place) / "initdb").exists() and (Path(place) / "postgres").exists():
            return Path(place)
    pytest.skip("PostgreSQL's initdb is not here (Debian: the package postgresql)")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server of its own, and return its address without user."""
    programs = _programs()
    # The server does not run as root.
    users = ("postgres", "nobody")
    names = {one.pw_name for one in pwd.getpwall()}
    user = next((u for u in users if u in names), None) if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        if user:
            shutil.chown(folder, user)
            shutil.chown(secret, user)
        made = [
            *(programs / "initdb", "-D", data, "-U", "ann", "-A", "scram-sha-256"),
            *("--pwfile", secret, "-E", "UTF8", "--locale", "C"),
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(made, check=True, user=user, cwd="/", **quiet)
        port = 20_000 + os.getpid() % 20_000
        process = subprocess.Popen(
            [
                *(programs / "postgres", "-D", data, "-k", folder, "-p", str(port)),
                *("-h", "127.0.0.1", "-F"),
            ],
            user=user,
            cwd="/",
            **quiet,
        )
        place = f"127.0.0.1:{port}/postgres"
        try:
            _fill(f"postgresql://ann:{WRITTEN}@{place}")
            yield place
        finally:
            process.terminate()
            process.wait(30)


def _fill(address: str) -> None:
    for _ in range(100):
        try:
            connection = psycopg.connect(address)
            break
        except psycopg.OperationalError:
            time.sleep(0.1)
    else:
        pytest.skip("the PostgreSQL server did not start")
    with connection:
        connection.execute(
            "create table customers (id bigint, age int, price numeric(12, 2), "
            "exact numeric, job text, active boolean, born date, seen timestamptz, "
            "tags jsonb, words text[])"
        )
        connection.execute(
            "insert into customers values "
            "(1, 31, 0.1, 12345678901234567890, 'clerk', true, '1990-02-03', "
            "'2024-05-06 07:08:09+00', '{\"a\": [1]}', '{x,y}'), "
            "(2, null, 19.99, 2, 'Zürich 日本', false, null, null, null, null)"
        )
        connection.execute(
            "create view grown as select * from customers where age > 18"
        )


@pytest.fixture
def address(server) -> str:
    """Return the address with the user and the password."""
    return f"postgresql://ann:{WRITTEN}@{server}"


def test_a_query_gives_typed_columns(address, server):
    table = read(address, sql="select * from customers order by id")
    assert table.source == f"postgresql://{server}"
    assert table.notes == ()
    assert table.frame.row(0) == (
        *(1, 31, 0.1, 12345678901234567890, "clerk", True),
        datetime.date(1990, 2, 3),
        datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.UTC),
        *('{"a": [1]}', '["x", "y"]'),
    )
    assert table.frame.row(1)[:6] == (2, None, 19.99, 2, "Zürich 日本", False)
    kinds = {reading.name: reading.kind for reading in look(table)}
    assert (kinds["age"], kinds["active"]) == ("number", "yes/no")


def test_views_and_joins_and_repeated_names(address):
    table = read(
        address, sql="select a.id, b.id from grown a join customers b using (id)"
    )
    assert table.frame.rows() == [(1, 1)]
    assert table.columns == ("id", "id_2")
    assert table.notes == ("1 column name was empty or repeated, and became 'id_2'.",)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            "select * from custmers",
            "there is no table 'custmers', but 'customers', 'grown'. Did you mean "
            "'customers'?",
        ),
        (
            "select nothing from customers",
            'the query failed (column "nothing" does not exist).',
        ),
        (
            "select * from customers where id = 9",
            "the query gives no rows.",
        ),
        (
            None,
            "it is a PostgreSQL database with 'customers', 'grown'. Say which rows "
            "to read: sql='select * from customers'.",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(address, server, sql, message):
    with pytest.raises(ReadError) as caught:
        read(address, sql=sql)
    assert str(caught.value) == f"Could not read 'postgresql://{server}': {message}"


@pytest.mark.parametrize(
    "sql",
    [
        "delete from customers",
        "insert into customers (id) values (9)",
        "with gone as (delete from customers returning id) select * from gone",
        "select 1; delete from customers",
        "commit; delete from customers",
        "select setval('s', 1) from (select nextval('s')) t",
    ],
)
def test_a_query_that_writes_changes_nothing(address, sql):
    with psycopg.connect(address) as connection:
        connection.execute("create sequence if not exists s")
    with pytest.raises(ReadError, match=r"query (failed|would change)"):
        read(address, sql=sql)
    rows = read(
        address,
        sql="select count(*) as n, (select last_value from s) as s from customers",
    ).frame.rows()
    assert rows == [(2, 1)]


def test_a_slow_query_stops_on_the_server(address, server):
    started = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read(address, sql="select pg_sleep(60)", most_seconds=1.5)
    assert time.monotonic() - started < 10
    assert str(caught.value) == (
        f"Could not read 'postgresql://{server}': the query took more than 1.5 s. "
        "Pass a larger most_seconds."
    )
    with psycopg.connect(address) as connection:
        sql = "select count(*) from pg_stat_activity where query like '%%pg_sleep%%' "
        running = connection.execute(sql + "and pid <> pg_backend_pid()").fetchone()
    assert running == (0,)


def test_an_endless_query_stops_at_the_limit(address, server):
    with pytest.raises(ReadError) as caught:
        read(address, sql=ENDLESS, most_bytes=10**6)
    assert str(caught.value) == (
        f"Could not read 'postgresql://{server}': the query gives more than 120,000 "
        "rows, too many. Ask for fewer (limit 1000000), or pass a larger most_bytes."
    )


def test_no_message_shows_the_password(server):
    name = server.rpartition("/")[0]
    wrong = [
        f"postgresql://ann:wrong-secret@{server}",
        f"postgresql://ann:wrong-secret@{name}/nowhere",
        "postgresql://ann:wrong-secret@127.0.0.1:1/postgres",
        f"postgresql://{name}/postgres?user=ann&password=wrong-secret",
        "postgresql://ann:wrong-secret@[bad/postgres",
        "postgresql://ann:wrong-secret@host/postgres?wrong-secret",
    ]
    for address in wrong:
        with pytest.raises(ReadError) as caught:
            read(address, sql="select 1 as a")
        error: BaseException | None = caught.value
        while error is not None:
            assert "wrong-secret" not in f"{error!r}"
            error = error.__cause__
        assert "the server cannot be reached" in str(caught.value)


@pytest.mark.parametrize("password", ["half@secret", "half/secret", "a@half/secret"])
@pytest.mark.parametrize("rest", ["127.0.0.1:1/postgres", "127.0.0.1:1/p?user=a@b"])
def test_a_password_with_a_bare_mark_is_not_taken_for_a_server(password, rest):
    with pytest.raises(ReadError) as caught:
        read_postgres(f"postgresql://ann:{password}@{rest}", "select 1", 1000, 1.0)
    assert str(caught.value) == (
        "the server cannot be reached: there is an '@' or a '/' before the last '@' of "
        "its address. In a user and a password, write %40 and %2F for them."
    )


def test_an_at_in_the_options_is_no_password():
    address = "postgresql://127.0.0.1:1/postgres?user=ann@home&password=x"
    with pytest.raises(ReadError, match="Connection refused"):
        read_postgres(address, "select 1", 1000, 1.0)


def test_a_missing_driver_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingPackageError) as caught:
        read_postgres("postgresql://localhost/shop", "select 1", 1000, 1.0)
    assert str(caught.value) == (
        "Reading from PostgreSQL needs the package 'psycopg', which is not installed. "
        'Install it with: pip install "layerwise[postgres]"'
    )
