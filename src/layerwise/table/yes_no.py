"""Which two words are no and yes.

In the pairs below nobody doubts which word is yes. Any other two words, such as
male and female, are a category of two, until the user says which counts as 1.

    cells                     no         yes
    No, Yes                   no         yes
    nein, ja                  nein       ja
    f, t                      f          t
    inactive, active          inactive   active
    Y, yes, n, NO             no         yes     (several spellings of one pair)
"""

from dataclasses import dataclass

import polars as pl

from layerwise.errors import ParameterError
from layerwise.table.missing import AMONG_VALUES, check_missing, present
from layerwise.table.numbers import Numbers

__all__ = ["LONGEST_PAIR", "PAIRS", "YesNoRule", "known_pair"]

# No before yes. A word may stand in several pairs, but on one side only, so
# that a mixture of spellings has one meaning.
PAIRS: tuple[tuple[str, str], ...] = (
    *(("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("off", "on")),
    # German, Dutch, the languages of the North
    *(
        ("nein", "ja"),
        ("falsch", "wahr"),
        ("n", "j"),
        ("nee", "ja"),
        ("onwaar", "waar"),
    ),
    *(("nej", "ja"), ("nei", "ja"), ("nei", "já"), ("ei", "kyllä"), ("usann", "sann")),
    # Romance languages
    *(("non", "oui"), ("faux", "vrai"), ("n", "o"), ("no", "si"), ("no", "sí")),
    *(("no", "sì"), ("falso", "verdadero"), ("falso", "vero"), ("n", "s")),
    *(("não", "sim"), ("nao", "sim"), ("falso", "verdadeiro"), ("nu", "da")),
    *(("fals", "adevărat"), ("f", "v")),
    # Slavic languages, and others
    *(("nie", "tak"), ("ne", "ano"), ("nie", "áno"), ("ne", "da"), ("нет", "да")),
    *(("net", "da"), ("ні", "так"), ("не", "да"), ("ложь", "истина")),
    *(("hayır", "evet"), ("hayir", "evet"), ("nem", "igen"), ("όχι", "ναι")),
    *(("tidak", "ya"), ("không", "có"), ("いいえ", "はい"), ("否", "是")),
    *(("아니오", "예"), ("아니요", "예"), ("لا", "نعم"), ("לא", "כן"), ("नहीं", "हाँ")),
    # Two states of a thing
    *(("disabled", "enabled"), ("inactive", "active"), ("deactivated", "activated")),
    *(("negative", "positive"), ("neg", "pos"), ("fail", "pass"), ("failed", "passed")),
    *(("absent", "present"), ("unchecked", "checked"), ("failure", "success")),
    *(("lost", "won"), ("loss", "win"), ("lose", "win"), ("invalid", "valid")),
    *(("incorrect", "correct"), ("rejected", "accepted"), ("rejected", "approved")),
    *(("denied", "approved"), ("unpaid", "paid"), ("unverified", "verified")),
    *(("unsubscribed", "subscribed"), ("unavailable", "available"), ("0", "1")),
)
# What programs and people write for the same two: any of them counts, where
# the column's own pair is one of these.
NO = ("no", "false", "n", "f", "off", "0", "0.0")
YES = ("yes", "true", "y", "t", "on", "1", "1.0")
_CORE = PAIRS[:5]
LONGEST_PAIR = max(len(word.encode()) for pair in PAIRS for word in pair)
LONGEST_WORD = 200


@dataclass(frozen=True)
class YesNoRule:
    """Which word of a column is no, and which is yes.

    Attributes:
        no: The word for 0, in lower case and without blanks around it.
        yes: The word for 1.
        missing: Texts of this column that mean "no value", besides the usual.

    Example:
        >>> YesNoRule("nein", "ja").read(pl.Series(["Ja", "nein"])).values.to_list()
        [1.0, 0.0]
    """

    no: str = "no"
    yes: str = "yes"
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two words that are one, or none; a rule may come from a file."""
        words = (self.no, self.yes)
        is_long = max(map(len, words)) > LONGEST_WORD
        if not all(words) or len({*words}) < 2 or is_long:
            raise ParameterError(
                "No and yes are two different words, each of up to "
                f"{LONGEST_WORD} characters. Got {self.no[:20]!r} and "
                f"{self.yes[:20]!r}."
            )
        check_missing(self.missing)

    @property
    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Every word that counts as no, and every word that counts as yes.

        A table that comes typed later says true where a text said yes: the
        common spellings count too, unless the column's own words are others.
        """
        if (self.no, self.yes) not in PAIRS:
            return (self.no,), (self.yes,)
        return (
            tuple(dict.fromkeys((self.no, *(w for w in NO if w != self.yes)))),
            tuple(dict.fromkeys((self.yes, *(w for w in YES if w != self.no)))),
        )

    def read(self, texts: pl.Series) -> Numbers:
        """Read yes as 1 and no as 0.

        Args:
            texts: The cells as text.

        Returns:
            The numbers, and which cells are neither.
        """
        cells = present(texts, AMONG_VALUES, self.missing).str.to_lowercase()
        no, yes = self.words
        values = cells.replace_strict(
            [*no, *yes],
            [0.0] * len(no) + [1.0] * len(yes),
            default=None,
            return_dtype=pl.Float64,
        )
        return Numbers(values, values.is_null() & cells.is_not_null())


def known_pair(words: set[str]) -> YesNoRule | None:
    """Find which of some words is no and which is yes.

    Args:
        words: The different words of a column, in lower case.

    Returns:
        The rule, or None where only the user can know, or where there are other
        words as well. 0 and 1 alone are numbers.

    Example:
        >>> known_pair({"oui", "non"})
        YesNoRule(no='non', yes='oui', missing=())
        >>> known_pair({"male", "female"}) is None
        True
    """
    for no, yes in PAIRS[:-1]:
        if words == {no, yes}:
            return YesNoRule(no, yes)
    is_no, is_yes = words & {*NO}, words & {*YES}
    is_mixture = is_no and is_yes and is_no | is_yes == words
    if not is_mixture or not words - {"0", "1", "0.0", "1.0"}:
        return None
    # Several spellings: the rule is the first pair that the column has whole.
    whole = [pair for pair in _CORE if words >= {*pair}]
    return YesNoRule(*whole[0]) if whole else YesNoRule()
