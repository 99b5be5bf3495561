"""Evenly spaced values: what their functions refuse to write to, and complex ends."""

import numpy as np
import pytest

import pyconv as torch

SPACED = (torch.linspace, torch.logspace)


@pytest.mark.parametrize("shape", [(10,), (2, 5)])
@pytest.mark.parametrize(
    "write",
    [
        lambda out: torch.linspace(1, 10, 10, out=out),
        lambda out: torch.logspace(1, 10, 10, out=out),
        lambda out: torch.arange(10, out=out),
    ],
)
def test_memory_that_elements_share(write, shape):
    out = torch.zeros(1).expand(shape)
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor refers to a single"):
        write(out)
    assert not out.any()


def test_a_given_tensor_keeps_its_shape():
    out = torch.zeros(3, 2).t()
    assert torch.arange(6, out=out) is out
    assert out.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("ends", [(0, 1j), (0j, 1), (torch.tensor(0), torch.tensor(1j))])
@pytest.mark.parametrize("make", SPACED)
def test_complex_ends_of_a_real_dtype(make, ends):
    with pytest.raises(RuntimeError) as raised:
        make(*ends, 5, dtype=torch.float64)
    said = "inferred dtype c10::complex<float> can't be safely cast to passed dtype Double"
    assert str(raised.value) == f"torch.{make.__name__}(): {said}"


@pytest.mark.parametrize(
    ("dtype", "name"), [(torch.float32, "float"), (torch.float64, "double"), (torch.int64, "int64_t")]
)
@pytest.mark.parametrize("make", SPACED)
def test_complex_ends_into_a_real_tensor(make, dtype, name):
    with pytest.raises(RuntimeError, match=f"^value cannot be converted to type {name} without overflow$"):
        make(0, 1j, 3, out=torch.zeros(3, dtype=dtype))
    assert torch.linspace(0, 2 + 0j, 3, out=torch.zeros(3, dtype=dtype)).tolist() == [0, 1, 2]


def test_complex_ends():
    np.testing.assert_array_equal(torch.linspace(0, 1j, 3).numpy(), np.array([0, 0.5j, 1j], np.complex64))
    assert torch.linspace(0, 1j, 0, out=torch.zeros(0)).shape == (0,)


def test_complex_numbers_are_not_counted():
    with pytest.raises(NotImplementedError, match="\"arange_cpu\" not implemented for 'ComplexFloat'"):
        torch.arange(4, dtype=torch.complex64)
