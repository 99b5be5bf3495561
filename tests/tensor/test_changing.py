"""torch's functions that change their first argument."""

import pytest

import pyconv

NAMES = pyconv._HOMES["tensor.changing"]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_the_method_of_its_name(name):
    function = getattr(pyconv, name)
    assert function is getattr(pyconv, name)
    assert function.__name__ == name
    with pytest.raises(TypeError, match=rf"^{name}\(\): argument 'input' \(position 1\) must be Tensor, not str$"):
        function("x")


def test_the_tensor_itself_is_returned_and_recorded():
    x = pyconv.tensor([0.0, 1.0], requires_grad=True)
    y = x * 2
    assert pyconv.clamp_(y, max=1.0) is y
    assert pyconv.neg_(input=y) is y
    assert y.tolist() == [-0.0, -1.0]
    (g,) = pyconv.autograd.grad(y.sum(), x)
    assert g.tolist() == [-2.0, 0.0]
    assert pyconv.relu_(y.detach()).tolist() == [0.0, 0.0]
