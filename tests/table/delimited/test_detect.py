"""Delimiter, quote, escape and comments are found without being told."""

import pytest

from layerwise.table.delimited.detect import find_dialect
from layerwise.table.delimited.dialect import ONE_COLUMN, Dialect

SINGLE = Dialect(ONE_COLUMN, is_single=True)


@pytest.mark.parametrize(
    ("sample", "dialect"),
    [
        ("a,b\n1,2\n", Dialect(",")),
        ("a;b\n1;2\n", Dialect(";")),
        ("a\tb\n1\t2\n", Dialect("\t")),
        ("a|b\n1|2\n", Dialect("|")),
        ("a;b\n1,5;2,5\n3,5;4,5\n", Dialect(";")),
        ('a,b\n"x;y;z","u"\n"v;w;w",3\n', Dialect(",")),
        ('"a";"b"\n"x,y";"u,v"\n"x,y";"u,v"\n', Dialect(";")),
        ("a,b\nx\u2028y,1\n", Dialect(",")),
        # rare delimiters, where the file is clearly so
        ("x y z\n1 2 3\n4 5 6\n", Dialect(" ")),
        ("name:age\nbob:3\nann:4\n", Dialect(":")),
        ("a^b\nx^y\n", Dialect("^")),
        ("a~b\nx, z~y\n", Dialect("~")),
        # one column
        ("a\n1\n", SINGLE),
        ("t\n10:30\n11:30\n", SINGLE),
        ("n\n1 234\n2 345\n", SINGLE),
        ("where\n12 Main Street\n13 High Street\n", SINGLE),
        ("when\n2020-01-01 10:00\n2020-01-02 11:00\n", SINGLE),
        ("name\nhello, you\nfoo\nx, y\n", SINGLE),
        ("unit price\n1,5\n2,5\n", SINGLE),
        # quotes
        ("a,b\n'x,y',1\n'z,z',2\n", Dialect(",", "'")),
        ("it's,b\ndon't,1\n", Dialect(",")),
        ('a\tb\n"x\ty\nz\t5"\n', Dialect("\t", "")),
        # escapes
        ('a,b\n"x \\"y\\"",1\n', Dialect(",", escape="\\")),
        ('a,b\n"C:\\",1\n"D:\\",2\n', Dialect(",")),
        ("a,b\nx\\,y,1\nz,2\n", Dialect(",", escape="\\")),
        # comments
        ("# x\na;b\n1;2\n# y\n", Dialect(";", comment="#")),
        ("// x\na,b\n1,2\n", Dialect(",", comment="//")),
        ("% x\na,b\n1,2\n", Dialect(",", comment="%")),
        ("-- x\na,b\n1,2\n", Dialect(",", comment="--")),
        ("# x\na\n1\n", Dialect(ONE_COLUMN, comment="#", is_single=True)),
        ("#,name\n1,bob\n", Dialect(",")),
        ("tag,n\n#a,1\n#b,2\n", Dialect(",")),
        ("tag\n#a\n#b\n", SINGLE),
        ("a,b\n--,2\n-3,4\n", Dialect(",")),
        ('a,b\n"x\n# y",2\n', Dialect(",")),
    ],
)
def test_dialect_is_found(sample, dialect):
    assert find_dialect(sample) == dialect


def test_the_delimiters_to_choose_from_can_be_few():
    assert find_dialect("a,b;c\n1,5;2\n", ";").delimiter == ";"


def test_a_row_cut_at_the_end_of_the_sample_does_not_count():
    rows = 'a,b\n"x",1\n' + '"y",2\n' * 300
    assert find_dialect(rows + '"z') == Dialect(",")


def test_uneven_rows_are_shown_to_clevercsv():
    sample = "a;b;c;d\n1;2\n3;4;5\n6\n7;8;9;1;2\n8;1;1;1;1;1\n"
    assert find_dialect(sample).delimiter == ";"
