"""Each different text of a long column gets a number, in the order of their coming.

    red, blue, red, green    0, 1, 0, 2

Polars does the same when it makes a Categorical, in four times the time where
many texts differ. Here their hashes are looked up, all texts of a chunk at once,
and every text is then held against the one that its number stands for: what is
returned is proven, whatever the hashes are.
"""

import secrets
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.table.distinct import new_categories

__all__ = ["TextNumbers"]

SLOTS = 2**12
# So many slots for each text: few hashes then find their slot taken.
SLOTS_PER_TEXT = 4
MANY_SLOTS = 2**20


class TextNumbers:
    """Different texts with their numbers.

    Attributes:
        texts: The texts, each at the place of its number.

    Example:
        >>> numbers = TextNumbers()
        >>> numbers.number(pl.Series(["red", "blue", None, "red"])).to_list()
        [0, 1, None, 0]
        >>> numbers.texts.to_list()
        ['red', 'blue']
    """

    def __init__(self) -> None:
        """Begin without any."""
        self.texts = pl.Series(dtype=pl.String)
        self._hashes = np.empty(0, np.uint64)
        # Nobody who writes a file can know which texts collide.
        self._seed = secrets.randbits(63)
        self._clear(SLOTS)

    def number(self, cells: pl.Series) -> pl.Series | None:
        """Return the numbers of texts, which are known from then on.

        Args:
            cells: A column of texts.

        Returns:
            UInt32, null where the cell is; None when two texts have the same hash.
        """
        is_there = cells.is_not_null()
        is_full = not cells.null_count()
        there = cells if is_full else cells.filter(is_there)
        # 0 stands for an empty slot.
        hashes = there.hash(self._seed).to_numpy() | np.uint64(1)
        numbers = self._numbers.take(self._slots(hashes))
        others = np.flatnonzero(~self._are(numbers, there))
        if len(others):
            numbers[others] = self._search(hashes[others], there.gather(others))
            if not self._are(numbers[others], there.gather(others)).all():
                return None
        found = pl.Series(numbers)
        if is_full:
            return found
        places = is_there.cum_sum() - 1
        return found.gather(places.set(~is_there, None))

    def written(self, numbers: pl.Series) -> pl.Series:
        """Return the texts that numbers stand for.

        Example:
            >>> known = TextNumbers()
            >>> known.written(known.number(pl.Series(["a", None]))).to_list()
            ['a', None]
        """
        return self.texts.gather(numbers)

    def kept_once(self, numbers: pl.Series) -> pl.Series:
        """Return numbers as a column whose texts are kept once each.

        Example:
            >>> known = TextNumbers()
            >>> known.kept_once(known.number(pl.Series(["a", "b", "a"]))).to_list()
            ['a', 'b', 'a']
        """
        dtype = pl.Categorical(new_categories())
        kept = self.texts.cast(dtype)  # must live: categories end with their last user
        codes = kept.to_physical()
        if not (codes.to_numpy() == np.arange(len(codes))).all():
            numbers = codes.gather(numbers)
        # In one piece, NumPy takes them as they are, whenever they are asked for.
        return numbers.rechunk().cat.to(kept.dtype)

    def _are(self, numbers: NDArray[np.uint32], texts: pl.Series) -> NDArray[np.bool_]:
        """Tell which texts are those that the numbers stand for."""
        if not len(self.texts):
            return np.zeros(len(texts), bool)
        return (self.texts.gather(pl.Series(numbers)) == texts).to_numpy()

    def _search(
        self, hashes: NDArray[np.uint64], texts: pl.Series
    ) -> NDArray[np.uint32]:
        """Return the numbers of texts whose slot may be another's; new ones get one."""
        numbers, is_known = self._find(hashes)
        new = np.flatnonzero(~is_known)
        if len(new):
            self._add(hashes[new], texts.gather(new))
            numbers[new], _ = self._find(hashes[new])
        return numbers

    def _clear(self, n_slots: int) -> None:
        self._keys = np.zeros(n_slots, np.uint64)
        self._numbers = np.zeros(n_slots, np.uint32)

    def _slots(self, hashes: NDArray[np.uint64]) -> NDArray[Any]:
        slots = hashes >> np.uint64(1)
        slots &= np.uint64(len(self._keys) - 1)
        return slots.view(np.int64)

    def _find(
        self, hashes: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
        """Return the number of each hash, and whether it has one."""
        slots = self._slots(hashes)
        keys = self._keys.take(slots)
        numbers = self._numbers.take(slots)
        is_known = keys == hashes
        others = np.flatnonzero(~is_known)
        while len(others := others[keys[others] != 0]):  # another's slot: try the next
            slots[others] = (slots[others] + 1) & (len(self._keys) - 1)
            keys[others] = self._keys.take(slots[others])
            is_own = keys[others] == hashes[others]
            own, others = others[is_own], others[~is_own]
            numbers[own], is_known[own] = self._numbers.take(slots[own]), True
        return numbers, is_known

    def _add(self, hashes: NDArray[np.uint64], texts: pl.Series) -> None:
        """Give new texts the next numbers, in their order."""
        new = pl.DataFrame({"hash": hashes, "text": texts})
        new = new.unique("hash", keep="first", maintain_order=True)
        first = len(self.texts)
        self.texts = pl.concat([self.texts, new["text"]], rechunk=True)
        self._hashes = np.concatenate([self._hashes, new["hash"].to_numpy()])
        n_slots = len(self._keys)
        while n_slots < SLOTS_PER_TEXT * len(self._hashes):
            # All texts move then: a few slots more spare half of the moves.
            n_slots, first = (4 if n_slots < MANY_SLOTS else 2) * n_slots, 0
        if n_slots > len(self._keys):
            self._clear(n_slots)
        self._put(self._hashes[first:], np.arange(first, len(self._hashes)))

    def _put(self, hashes: NDArray[np.uint64], numbers: NDArray[Any]) -> None:
        """Put hashes, all of them different, into empty slots."""
        slots = self._slots(hashes)
        while len(hashes):
            is_free = self._keys[slots] == 0
            self._keys[slots[is_free]] = hashes[is_free]
            # Where several took one slot, the last has it.
            is_in = self._keys[slots] == hashes
            self._numbers[slots[is_in]] = numbers[is_in]
            hashes, numbers = hashes[~is_in], numbers[~is_in]
            slots = (slots[~is_in] + 1) & (len(self._keys) - 1)
