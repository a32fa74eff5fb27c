"""Addresses of databases, and rows that become columns."""

from decimal import Decimal

import pytest

from layerwise.errors import ReadError
from layerwise.table.sources.database import (
    from_rows,
    is_postgres,
    refuse_other_addresses,
    shown_address,
    sqlite_path,
)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:s3cret@host/shop", "postgresql://host/shop"),
        ("postgres://ann:p@ss@host:1/shop?x=s3cret", "postgres://host:1/shop"),
        ("postgresql://host?password=s3cret", "postgresql://host"),
        ("postgresql+psycopg://:s3cret@/shop", "postgresql+psycopg:///shop"),
        ("POSTGRESQL://ann:s3cret@host", "POSTGRESQL://host"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address, shown):
    assert is_postgres(address)
    assert shown_address(address) == shown


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:///shop.db", "shop.db"),
        ("sqlite:////data/my%20shop.db?mode=rw", "/data/my shop.db"),
        ("SQLite:///a/b.db", "a/b.db"),
        ("shop.db", None),
        ("postgresql://host/shop", None),
    ],
)
def test_the_path_of_an_sqlite_address(address, path):
    assert sqlite_path(address) == path


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_an_address_without_a_file_is_refused(address):
    with pytest.raises(ReadError) as caught:
        sqlite_path(address)
    assert str(caught.value) == (
        f"{address!r} names no file. Write sqlite:///shop.db, or "
        "sqlite:////data/shop.db for an absolute path."
    )


@pytest.mark.parametrize("path", ["shop.csv", "C:/shop.csv", "a b://c", "./x:/y"])
def test_a_path_is_no_address(path):
    assert not is_postgres(path)
    refuse_other_addresses(path)


def test_exact_decimals_become_the_nearest_numbers():
    rows = [
        (Decimal("0.1"), Decimal(2**70), Decimal("NaN")),
        (None, Decimal("3.00"), Decimal("2.5")),
    ]
    frame, notes = from_rows(["x", "n", "gaps"], rows, 1000)
    assert frame["x"].to_list() == [0.1, None]
    assert frame["n"].cast(str).to_list() == [str(2**70), "3"]
    assert frame["gaps"].to_list() == [None, 2.5]
    assert notes == ()
