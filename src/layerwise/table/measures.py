"""Which measures belong together, and how many of one make another.

A column may write 500 g beside 1.5 kg. Both are masses: their ratio is known, so
that all cells can be read in one measure. 5 kg beside 5 cm is no such column.

    family      measures
    mass        mg g kg t oz lb
    length      mm cm m km in ft mi
    bytes       B kB MB GB TB, KiB MiB GiB
    ...
"""

__all__ = ["ratio", "same_measure"]

_FAMILIES: tuple[dict[str, float], ...] = (
    {"µg": 1e-6, "mcg": 1e-6, "mg": 1e-3, "g": 1.0, "gr": 1.0, "gram": 1.0}
    | {"kg": 1e3, "kgs": 1e3, "kilo": 1e3, "kilogram": 1e3, "t": 1e6, "ton": 1e6}
    | {"tonne": 1e6, "oz": 28.349523125, "ounce": 28.349523125}
    | {"lb": 453.59237, "lbs": 453.59237, "pound": 453.59237, "st": 6350.29318},
    {"nm": 1e-9, "µm": 1e-6, "mm": 1e-3, "cm": 1e-2, "dm": 1e-1, "m": 1.0}
    | {"meter": 1.0, "metre": 1.0, "km": 1e3, "kilometer": 1e3, "kilometre": 1e3}
    | {"in": 0.0254, "inch": 0.0254, "inches": 0.0254, "ft": 0.3048, "foot": 0.3048}
    | {"feet": 0.3048, "yd": 0.9144, "yard": 0.9144, "mi": 1609.344, "mile": 1609.344},
    {"B": 1.0, "byte": 1.0, "bytes": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9}
    | {"TB": 1e12, "PB": 1e15, "kb": 1e3, "Kb": 1e3, "mb": 1e6, "Mb": 1e6, "gb": 1e9}
    | {"Gb": 1e9, "tb": 1e12, "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30}
    | {"TiB": 2.0**40},
    {"bps": 1.0, "kbps": 1e3, "Mbps": 1e6, "Gbps": 1e9, "kbit/s": 1e3}
    | {"Mbit/s": 1e6, "Gbit/s": 1e9},
    {"µl": 1e-6, "ml": 1e-3, "mL": 1e-3, "cl": 1e-2, "dl": 1e-1, "l": 1.0, "L": 1.0}
    | {"liter": 1.0, "litre": 1.0, "hl": 1e2, "gal": 3.785411784, "qt": 0.946352946}
    | {"pt": 0.473176473, "fl oz": 0.0295735295625},
    {"mW": 1e-3, "W": 1.0, "kW": 1e3, "MW": 1e6, "GW": 1e9},
    {"Wh": 1.0, "kWh": 1e3, "MWh": 1e6, "GWh": 1e9},
    {"J": 1.0, "kJ": 1e3, "MJ": 1e6, "cal": 4.184, "kcal": 4184.0},
    {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
    {"mV": 1e-3, "V": 1.0, "kV": 1e3},
    {"µA": 1e-6, "mA": 1e-3, "A": 1.0, "kA": 1e3},
    {"mAh": 1e-3, "Ah": 1.0},
    {"Pa": 1.0, "hPa": 1e2, "kPa": 1e3, "MPa": 1e6, "mbar": 1e2, "bar": 1e5}
    | {"psi": 6894.757293168, "atm": 101325.0},
    {"m/s": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "kph": 1 / 3.6, "mph": 0.44704}
    | {"kn": 1852 / 3600, "kt": 1852 / 3600},
    {"mm²": 1e-6, "cm²": 1e-4, "m²": 1.0, "m2": 1.0, "sqm": 1.0, "qm": 1.0}
    | {"ha": 1e4, "km²": 1e6, "km2": 1e6, "sq ft": 0.09290304, "sqft": 0.09290304}
    | {"ft²": 0.09290304, "ft2": 0.09290304, "acre": 4046.8564224},
    {"mm³": 1e-9, "cm³": 1e-6, "ccm": 1e-6, "cc": 1e-6, "dm³": 1e-3, "m³": 1.0}
    | {"m3": 1.0},
    {"%": 1.0, "‰": 0.1, "percent": 1.0, "pct": 1.0},
    {"mg/dl": 10.0, "mg/dL": 10.0, "g/l": 1000.0, "g/L": 1000.0, "mg/l": 1.0}
    | {"mg/L": 1.0},
    {"ppb": 1e-3, "ppm": 1.0},
)


def ratio(measure: str, base: str) -> float | None:
    """Say how many of one measure another is.

    Args:
        measure: How a cell's measure is written.
        base: The measure that all cells are to be read in.

    Returns:
        The factor, or None when the two do not belong together.

    Example:
        >>> ratio("kg", "g"), ratio("kg", "cm"), ratio("rooms", "room")
        (1000.0, None, 1.0)
    """
    if same_measure(measure, base):
        return 1.0
    one, other = measure.rstrip("."), base.rstrip(".")
    for family in _FAMILIES:
        first, second = _size(one, family), _size(other, family)
        if first is not None and second is not None:
            return first / second
    return None


def same_measure(measure: str, other: str) -> bool:
    """Tell whether two texts are one measure: room and rooms, KG and kg.

    Example:
        >>> same_measure("rooms", "Room"), same_measure("mB", "MB")
        (True, False)
    """
    one, two = _singular(measure), _singular(other)
    is_short = min(len(one), len(two)) <= 2  # mW is no MW
    return one == two or (not is_short and one.lower() == two.lower())


def _size(measure: str, family: dict[str, float]) -> float | None:
    if measure in family:
        return family[measure]
    return family.get(_singular(measure).lower()) if len(measure) > 3 else None


def _singular(measure: str) -> str:
    bare = measure.rstrip(".")
    return bare[:-1] if len(bare) > 3 and bare.endswith("s") else bare
