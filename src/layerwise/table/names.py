"""What the name of a column says of its cells, where digits do not say enough.

name                            cells          they are
zip, postcode, PLZ              98122          codes of places, no amounts
phone, fax                      4155550134     numbers to call
isbn, ean, ssn                  9780306406157  names of things
latitude, longitude             47.6062        degrees, left as numbers
"""

import re

import polars as pl

__all__ = ["coded_name", "is_coded", "is_postal", "place_name"]

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")
_POSTAL = {"zip", "zipcode", "zipcodes", "postcode", "postalcode", "plz", "pincode"}
_POSTAL |= {"postleitzahl", "codepostal", "cep", "postal", "zips"}
_PHONES = {"phone", "telephone", "tel", "mobile", "fax", "phonenumber", "telefon"}
_PHONES |= {"telefono", "telefone", "cellphone", "whatsapp"}
_BOOKS = {"isbn", "ean", "gtin", "upc", "ssn", "imei", "issn", "iban", "barcode"}
_CODES: tuple[tuple[set[str], str, str], ...] = (
    (_POSTAL, r"^\d{4,6}(?:\.0+)?$", "postal codes"),
    (_PHONES, r"^\+?\d{7,15}(?:\.0+)?$", "numbers to call"),
    (_BOOKS, r"^\d{8,18}(?:\.0+)?$", "names of things"),
)
_LATITUDE = {"lat", "latitude"}
_LONGITUDE = {"lon", "lng", "long", "longitude"}


def coded_name(name: str, cells: pl.Series) -> str | None:
    """Say why integers are codes, where the column's name tells.

    Args:
        name: The column.
        cells: Its cells, text or typed; none of them but integers.

    Returns:
        The reason, or None.

    Example:
        >>> coded_name("zip_code", pl.Series(["98122", "98101"]))
        'its name says that its cells are postal codes, which are no amounts'
        >>> coded_name("sales", pl.Series(["98122", "98101"]))
    """
    words = _words(name)
    for known, shape, what in _CODES:
        if words & known and cells.cast(pl.String).str.contains(shape).all():
            return f"its name says that its cells are {what}, which are no amounts"
    return None


def is_coded(name: str) -> bool:
    """Tell whether a column is called like codes of any sort.

    Example:
        >>> is_coded("phone"), is_coded("price")
        (True, False)
    """
    return any(_words(name) & known for known, _, _ in _CODES)


def is_postal(name: str) -> bool:
    """Tell whether a column is called like a postal code.

    Example:
        >>> is_postal("zipCode"), is_postal("gzip size")
        (True, False)
    """
    return bool(_words(name) & _POSTAL)


def place_name(name: str, least: float, most: float) -> str:
    """Say that numbers are degrees on the map, where name and range tell.

    Example:
        >>> place_name("latitude", 40.7, 47.6), place_name("latitude", 0, 500)
        (', degrees of latitude', '')
    """
    words = _words(name)
    if words & _LATITUDE and least >= -90 and most <= 90:
        return ", degrees of latitude"
    if words & _LONGITUDE and least >= -180 and most <= 180:
        return ", degrees of longitude"
    return ""


def _words(name: str) -> set[str]:
    """The words of a name, and each two neighbors as one: zip code is zipcode."""
    words = [word.lower() for word in _WORDS.findall(name[:200])]
    pairs = [a + b for a, b in zip(words, words[1:], strict=False)]
    return {*words, *pairs}
