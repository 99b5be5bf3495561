"""The Mersenne Twister mt19937: seeding, 32- and 64-bit words, and the state in torch's binary layout.

M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random
number generator", ACM Transactions on Modeling and Computer Simulation 8(1), 1998.

May import: NumPy and the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

_WORDS = 624

_TWISTER = np.dtype(
    [
        ("seed", "u8"),
        ("left", "i4"),
        ("seeded", "i4"),
        ("next", "u8"),
        ("key", "u8", _WORDS),
        ("normal_x", "f8"),
        ("normal_y", "f8"),
        ("normal_rho", "f8"),
        ("normal_is_valid", "i4"),
    ],
    align=True,
)

if TYPE_CHECKING:
    import numpy.typing as npt
_STATE = np.dtype([("twister", _TWISTER), ("float_normal", "f4"), ("float_normal_is_valid", "?")], align=True)

STATE_SIZE = _STATE.itemsize


class Engine:
    """A stream of random words, and beside it the second normal of a pair until somebody asks for it."""

    def __init__(self, seed: int) -> None:
        self.restart(seed)

    def restart(self, seed: int) -> None:
        """Begin the stream of `seed`, of which the low 32 bits count, and forget the cached normal."""
        self._made: Any = None
        self.seed = seed
        self.cached_normal: float | None = None
        self._fresh = True

    @property
    def _twister(self) -> Any:
        """NumPy's generator, made when the first word is asked for: importing `numpy.random` takes its time."""
        if self._made is None:
            self._made = np.random.MT19937(0)
            np.random.RandomState(self._made).seed(self.seed & 0xFFFFFFFF)
        return self._made

    def random32(self, count: int) -> npt.NDArray[np.uint32]:
        """The next `count` words."""
        return self._words(count).astype(np.uint32)

    def random64(self, count: int) -> npt.NDArray[np.uint64]:
        """The next `count` pairs of words, the first of each pair in the high half."""
        words = self._words(2 * count)
        joined: npt.NDArray[np.uint64] = words[0::2] << np.uint64(32) | words[1::2]
        return joined

    def _words(self, count: int) -> npt.NDArray[np.uint64]:
        self._fresh = self._fresh and count == 0
        return self._twister.random_raw(count)

    def unit(self, count: int, real: np.dtype[Any]) -> npt.NDArray[Any]:
        """Uniform multiples of 2**-24 (float32) or of 2**-53 (float64) in [0, 1)."""
        bits: npt.NDArray[Any]
        if real == np.float32:
            short: npt.NDArray[np.float32] = self._bits24(count).astype(np.float32)
            short *= np.float32(2.0**-24)
            return short
        bits = (self.random64(count) & np.uint64(2**53 - 1)).view(np.int64)
        return bits.astype(np.float64) * 2.0**-53

    def centred(self, count: int) -> npt.NDArray[np.float32]:
        """What `unit` gives, times 2**24, less 2**23: integers from -2**23 to 2**23 - 1, which are exact."""
        bits = self._bits24(count)
        bits -= np.int32(2**23)
        return bits.astype(np.float32)

    def _bits24(self, count: int) -> npt.NDArray[np.int32]:
        """The low 24 bits of the next words."""
        bits = self.random32(count)
        bits &= np.uint32(2**24 - 1)
        return bits.view(np.int32)

    def get_state(self) -> npt.NDArray[np.uint8]:
        """The state, shape (5056,): of a stream not yet begun, torch says that it stands at word 0."""
        words: Any = self._twister.state["state"]
        record = np.zeros((), _STATE)
        twister = record["twister"]
        twister["seed"], twister["seeded"], twister["key"] = self.seed, 1, words["key"]
        twister["next"] = 0 if self._fresh else words["pos"]
        twister["left"] = 1 if self._fresh else _WORDS + 1 - words["pos"]
        if self.cached_normal is not None:
            twister["normal_y"], twister["normal_is_valid"] = self.cached_normal, 1
        return np.frombuffer(bytearray(record.tobytes()), np.uint8)

    def set_state(self, state: npt.NDArray[np.uint8]) -> None:
        """Continue from what `get_state` returned; a RuntimeError if these bytes are no state."""
        twister = np.frombuffer(state.tobytes(), _STATE)[0]["twister"]
        left, position = int(twister["left"]), int(twister["next"])
        fresh = (left, position) == (1, 0)
        underway = 0 < left <= _WORDS and left + position == _WORDS + 1
        if twister["seeded"] != 1 or not (fresh or underway):
            raise RuntimeError("Invalid mt19937 state")
        words: Any = {"key": twister["key"].astype(np.uint32), "pos": _WORDS if fresh else position}
        self._twister.state = {"bit_generator": "MT19937", "state": words}
        self.seed = int(twister["seed"])
        self.cached_normal = float(twister["normal_y"]) if twister["normal_is_valid"] else None
        self._fresh = fresh
