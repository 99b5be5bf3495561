"""The generator behind every random number: torch's mt19937 and the ways to draw from it, on ndarrays.

The same seed gives the numbers that torch 2.13 gives, bit for bit, with these limits:

- Normals of float32 and narrower from 16 elements up, and the sums that end a uniform or a normal, follow
  torch's x86-64 kernels (AVX2 and later). Elsewhere torch has other last bits; these are the same everywhere.
- float64 normals, and normals of fewer than 16 elements, call the C library's log, log1p, sin and cos, as
  torch does; their last bit is that library's.
- Bernoulli draws come from mt19937. A torch built with MKL's random streams draws `bernoulli_(p)` from
  those on Intel processors; the released 2.13.0 package does not contain them.
- Normals made of uniform numbers by `erfinv`, the older way to a truncated normal: torch takes MKL's, whose last
  bit is the processor's. Those with AVX-512 and those without differ among themselves in 7 of 1,000 float32
  values. These are rounded as MKL rounds them with AVX2, but for one in 8,000. `nn.init` does not use it.
- `permutation(n)` follows torch below n = 2**32 // 20, where torch changes to another shuffle.

May import: NumPy, the standard library, `pyconv.dtypes`, `pyconv.size` and the lower files of `pyconv.random`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pyconv.random import checks, draw
from pyconv.random.engine import STATE_SIZE, Engine
from pyconv.size import device as _device

if TYPE_CHECKING:
    import numpy.typing as npt

Array = np.ndarray[Any, Any]
Shape = int | Sequence[int]

_DEFAULT_SEED = 67280421310721


def _of_tensors(state: Array) -> Any:
    """A state as the layer of tensors hands it out, which is imported when the first state is asked for."""
    import_module("pyconv.tensor.generators")
    return Generator.wrap_state(state)


class Generator:
    """A source of random numbers with a state of its own.

    Args:
        device: `'cpu'`, the only one.

    Raises:
        RuntimeError: another device.

    Example:
        >>> Generator().manual_seed(0).rand(3)
        array([0.4962566 , 0.7682218 , 0.08847743], dtype=float32)
    """

    wrap_state: ClassVar[Callable[[Array], Any]] = staticmethod(_of_tensors)
    """What a state is handed out as; the layer of tensors makes it a tensor."""

    def __init__(self, device: Any = "cpu") -> None:
        checks.check_device(str(device))
        self.device = _device("cpu")
        self.engine = Engine(_DEFAULT_SEED)

    def manual_seed(self, seed: int) -> Generator:
        """Start again from `seed`, of which the low 32 bits count.

        Args:
            seed: from -2**63 to 2**64 - 1; a negative one counts as `seed + 2**64`.

        Returns:
            The generator itself.

        Raises:
            RuntimeError: `seed` is not an int.
            TypeError: `seed` is a NumPy integer.
            ValueError: `seed` is out of range.

        Example:
            >>> Generator().manual_seed(-1).initial_seed() == 2**64 - 1
            True
        """
        self.engine.restart(checks.check_seed(seed))
        return self

    def seed(self) -> int:
        """Start again from a seed that the operating system chooses, and return it.

        Example:
            >>> generator = Generator()
            >>> generator.seed() == generator.initial_seed()
            True
        """
        self.engine.restart(int.from_bytes(os.urandom(8), "little"))
        return self.engine.seed

    def initial_seed(self) -> int:
        """The seed from which the generator last started.

        Example:
            >>> Generator().initial_seed()
            67280421310721
        """
        return self.engine.seed

    def get_state(self) -> Any:
        """The state in torch's layout.

        Returns:
            A new uint8 tensor of shape (5056,).

        Example:
            >>> generator = Generator().manual_seed(3)
            >>> state = generator.get_state()
            >>> first = generator.randn(2)
            >>> bool((generator.set_state(state).randn(2) == first).all())
            True
        """
        return type(self).wrap_state(self.engine.get_state())

    def set_state(self, new_state: Any) -> Generator:
        """Continue from a state that `get_state`, here or in torch, returned.

        Args:
            new_state: 5056 elements of uint8.

        Returns:
            The generator itself.

        Raises:
            TypeError: `new_state` is not a uint8 array.
            RuntimeError: it has another size, or is no state of this generator.

        Example:
            >>> Generator().set_state(Generator().manual_seed(8).get_state()).initial_seed()
            8
        """
        self.engine.set_state(checks.check_state(new_state, STATE_SIZE))
        return self

    def graphsafe_get_state(self) -> Generator:
        """A generator that shares the state, and so continues it.

        Example:
            >>> generator = Generator().manual_seed(1)
            >>> Generator().graphsafe_set_state(generator.graphsafe_get_state()).initial_seed()
            1
        """
        other = Generator()
        other.engine = self.engine
        return other

    def graphsafe_set_state(self, state: Generator) -> Generator:
        """Share the state of another generator from now on."""
        self.engine = state.engine
        return self

    def __reduce__(self) -> Any:
        return _rebuild, (self.engine.get_state().tobytes(),)

    def __repr__(self) -> str:
        return f"<torch._C.Generator object at {id(self):#x}>"

    def clone_state(self) -> Generator:
        """A new generator that continues where this one is.

        Example:
            >>> generator = Generator()
            >>> generator.clone_state().rand(1) == generator.rand(1)
            array([ True])
        """
        return Generator().set_state(self.engine.get_state())

    def uniform(self, shape: Shape, low: float = 0.0, high: float = 1.0, dtype: npt.DTypeLike = np.float32) -> Array:
        """A new array of what `fill_uniform` draws.

        Example:
            >>> Generator().manual_seed(0).uniform(2, -1.0, 1.0)
            array([-0.00748682,  0.5364436 ], dtype=float32)
        """
        return self.fill_uniform(np.empty(shape, dtype), low, high)

    def rand(self, shape: Shape, dtype: npt.DTypeLike = np.float32) -> Array:
        """What `torch.rand` gives: uniform on [0, 1), in both parts of a complex number.

        Example:
            >>> Generator().manual_seed(0).rand(1, np.complex64)
            array([0.4962566+0.7682218j], dtype=complex64)
        """
        return self.uniform(shape, dtype=dtype)

    def normal(self, shape: Shape, mean: float = 0.0, std: float = 1.0, dtype: npt.DTypeLike = np.float32) -> Array:
        """A new array of what `fill_normal` draws.

        Example:
            >>> Generator().manual_seed(0).normal(2, 10.0, 0.5)
            array([10.770498,  9.853286], dtype=float32)
        """
        return self.fill_normal(np.empty(shape, dtype), mean, std)

    def randn(self, shape: Shape, dtype: npt.DTypeLike = np.float32) -> Array:
        """What `torch.randn` gives: mean 0 and variance 1, shared between the parts of a complex number.

        Example:
            >>> Generator().manual_seed(0).randn(3)
            array([ 1.5409961, -0.2934289, -2.1787894], dtype=float32)
        """
        return self.normal(shape, dtype=dtype)

    def integers(self, low: int, high: int, shape: Shape, dtype: npt.DTypeLike = np.int64) -> Array:
        """Integers from `low` to `high - 1`, as `torch.randint` draws them.

        Args:
            low: lower bound, may be drawn.
            high: upper bound, never drawn.
            shape: shape of the result.
            dtype: any integer, boolean or real floating-point dtype.

        Returns:
            An array of that shape and dtype.

        Raises:
            RuntimeError: the range is empty, or exceeds what the dtype holds.
            ValueError: a bound exceeds 64 bits.

        Example:
            >>> Generator().manual_seed(0).integers(0, 10, 5)
            array([4, 9, 3, 0, 3])
        """
        return self.fill_integers(np.empty(shape, dtype), low, high)

    def fill_integers(self, array: Array, low: int, high: int) -> Array:
        """Overwrite `array` with what `torch.Tensor.random_(low, high)` draws, and return it.

        Raises:
            RuntimeError: the range is empty, or exceeds what the dtype holds.
            ValueError: a bound exceeds 64 bits.
        """
        draw.integers(self.engine, array, *checks.check_integer_range(array.dtype, low, high))
        return array

    def permutation(self, n: int) -> npt.NDArray[np.int64]:
        """The integers from 0 to `n - 1` in random order, as `torch.randperm` draws them.

        Raises:
            RuntimeError: `n` is negative.

        Example:
            >>> Generator().manual_seed(0).permutation(5)
            array([4, 0, 1, 3, 2])
        """
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
        return draw.permutation(self.engine, n)

    def bernoulli(self, p: Array | float, shape: Shape | None = None, dtype: npt.DTypeLike | None = None) -> Array:
        """A new array of what `fill_bernoulli` draws.

        Args:
            p: a number, or an array that broadcasts to `shape`.
            shape: shape of the result; that of `p` if not given.
            dtype: dtype of the result; that of `p`, or float32 for a number, if not given.

        Example:
            >>> Generator().manual_seed(0).bernoulli(0.5, 6)
            array([0., 0., 1., 0., 0., 0.], dtype=float32)
        """
        if dtype is None:
            dtype = p.dtype if isinstance(p, np.ndarray) else np.float32
        return self.fill_bernoulli(np.empty(np.shape(p) if shape is None else shape, dtype), p)

    def fill_uniform(self, array: Array, low: float = 0.0, high: float = 1.0) -> Array:
        """Overwrite `array` with what `torch.Tensor.uniform_(low, high)` draws, and return it.

        Args:
            array: any shape and strides; float16, bfloat16, float32, float64, complex64 or complex128.
            low: lower bound, may be drawn.
            high: upper bound, never drawn unless equal to `low`.

        Raises:
            RuntimeError: a bound or the range exceeds the dtype, or `low > high`.
            NotImplementedError: another dtype.

        Example:
            >>> Generator().manual_seed(0).fill_uniform(np.empty((2, 2), np.float32).T)
            array([[0.4962566 , 0.08847743],
                   [0.7682218 , 0.13203049]], dtype=float32)
        """
        if array.size or array.dtype.kind != "c":
            checks.check_uniform(draw.component_dtype(array.dtype), low, high)
        draw.uniform(self.engine, array, low, high)
        return array

    def fill_normal(self, array: Array, mean: float = 0.0, std: float = 1.0) -> Array:
        """Overwrite `array` with what `torch.Tensor.normal_(mean, std)` draws, and return it.

        Args:
            array: any shape and strides; float16, bfloat16, float32, float64, complex64 or complex128.
            mean: mean of the distribution; a complex number has it in both parts.
            std: standard deviation; a complex number's variance is shared between its parts.

        Raises:
            RuntimeError: `std` is negative or NaN.
            NotImplementedError: another dtype.

        Example:
            >>> Generator().manual_seed(0).fill_normal(np.empty(2, np.float32))
            array([ 1.5409961, -0.2934289], dtype=float32)
        """
        checks.check_normal(draw.component_dtype(array.dtype), array.size, std)
        if array.size:
            draw.normal(self.engine, array, mean, std)
        return array

    def fill_bernoulli(self, array: Array, p: Array | float = 0.5) -> Array:
        """Overwrite `array` with what `torch.Tensor.bernoulli_(p)` draws, and return it.

        Args:
            array: any shape and strides; any real dtype or bool.
            p: probability of a one, as a number or as an array of floats that broadcasts to the shape of
                `array`. As in torch a number, a float64 array and a float32 array draw differently.

        Raises:
            RuntimeError: a probability outside [0, 1].
            NotImplementedError: a dtype that torch does not draw.

        Example:
            >>> Generator().manual_seed(0).fill_bernoulli(np.empty(6, np.int64), np.full(6, 0.5, np.float32))
            array([1, 0, 1, 1, 1, 0])
        """
        checks.check_bernoulli(array, p)
        draw.bernoulli(self.engine, array, p)
        return array


def _rebuild(state: bytes) -> Generator:
    """The inverse of pickling."""
    return Generator().set_state(np.frombuffer(state, np.uint8))
