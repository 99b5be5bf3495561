"""backward and grad: gradients of known functions, arguments, refusals."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import backward, grad


def tensor(*values, dtype=pyconv.float64, requires_grad=True):
    return pyconv.tensor(list(values), dtype=dtype, requires_grad=requires_grad)


def test_a_leaf_accumulates_in_place_until_its_grad_is_removed():
    x = tensor(1.0, 2.0)
    (x * x).sum().backward()
    first = x.grad
    (x * 3).sum().backward()
    assert x.grad is first
    assert first.tolist() == [5.0, 7.0]
    x.grad = None
    (x * 3).sum().backward()
    assert x.grad is not first
    assert x.grad.tolist() == [3.0, 3.0]
    del x.grad
    assert x.grad is None


def test_derivatives_of_a_power_to_the_last():
    x = tensor(2.0)
    y, expected = x**4, [32.0, 48.0, 48.0, 24.0, 0.0]
    for value in expected:
        (y,) = grad(y, x, create_graph=True)
        assert y.tolist() == [value]
    assert not y.requires_grad


def test_an_hessian():
    x = tensor(1.0, 2.0, 3.0)
    (first,) = grad((x[0] * x[1] ** 2 + x[2] * x[0]), x, create_graph=True)
    rows = [grad(first[i], x, retain_graph=True, materialize_grads=True)[0].tolist() for i in range(3)]
    assert rows == [[0.0, 4.0, 1.0], [4.0, 2.0, 0.0], [1.0, 0.0, 0.0]]


def test_a_complex_gradient_is_that_of_the_steepest_ascent():
    """For L = |z|² = x² + y² the gradient is 2x + 2iy, as in torch."""
    z = tensor(3 + 4j, dtype=pyconv.complex128)
    (z * z.conj()).abs().sum().backward()
    np.testing.assert_allclose(z.grad._array, [6 + 8j])


def test_a_real_leaf_of_a_complex_result_has_a_real_gradient():
    x = tensor(1.0, 2.0)
    (x * (1 + 2j)).backward(tensor(1 + 1j, 2j, dtype=pyconv.complex128, requires_grad=False))
    assert x.grad.dtype is pyconv.float64
    assert x.grad.tolist() == [3.0, 4.0]


def test_gradients_have_the_dtype_and_shape_of_their_leaf():
    x, w = tensor(1.0, 2.0, dtype=pyconv.float32), tensor(3.0)
    b = pyconv.tensor(1.0, dtype=pyconv.float16, requires_grad=True)
    (x * w + b).sum().backward()
    assert [(t.grad.dtype, t.grad.shape) for t in (x, w, b)] == [
        (pyconv.float32, (2,)),
        (pyconv.float64, (1,)),
        (pyconv.float16, ()),
    ]
    assert [t.grad.tolist() for t in (x, w, b)] == [[3.0, 3.0], [3.0], 2.0]


def test_several_outputs_and_cotangents():
    x = tensor(1.0, 2.0)
    g = tensor(1.0, 3.0, requires_grad=False)
    backward([x * 2, x.sum()], [g, None])
    assert x.grad.tolist() == [3.0, 7.0]
    assert grad((x * 2, x.sum()), x, (g, None))[0].tolist() == [3.0, 7.0]


def test_a_cotangent_of_another_dtype_stays_in_the_graph():
    x, g = tensor(1.0, 2.0), tensor(1.0, 1.0, dtype=pyconv.float32)
    (found,) = grad(x * 2, [x], g, create_graph=True)
    (again,) = grad(found.sum(), [g])
    assert (again.dtype, again.tolist()) == (pyconv.float32, [2.0, 2.0])
    (x * 2).backward(g)
    assert x.grad.requires_grad is False


def test_a_cotangent_is_cast_to_the_dtype_of_its_output():
    x = tensor(1.0, dtype=pyconv.float32)
    (x * 2).backward(tensor(0.5, requires_grad=False))
    assert x.grad.dtype is pyconv.float32


def test_inputs_limit_where_gradients_go():
    x, y = tensor(2.0), tensor(3.0)
    middle = x * y
    (middle * middle).backward(inputs=[x, middle])
    assert x.grad.tolist() == [36.0]
    assert middle.grad.tolist() == [12.0]
    assert middle.retains_grad
    assert y.grad is None


def test_inputs_by_name():
    x, y = tensor(2.0), tensor(3.0)
    found = grad((x * y).sum(), {"x": x, "y": y})
    assert {key: value.tolist() for key, value in found.items()} == {"x": [3.0], "y": [2.0]}


def test_unused_inputs():
    x, y = tensor(2.0), tensor(3.0)
    assert grad(x * 1, [x, y], allow_unused=True)[1] is None
    zeros = grad(x * 1, [x, y], materialize_grads=True)[1]
    assert (zeros.tolist(), zeros.requires_grad) == ([0.0], False)
    assert grad(x * 1, [x, y], materialize_grads=True, create_graph=True)[1].requires_grad
    with pytest.raises(RuntimeError, match="The differentiated Tensor at index 1 appears to not have been used"):
        grad(x * 1, [x, y])
    with pytest.raises(ValueError, match="Expected allow_unused to be True or not passed"):
        grad(x * 1, [x, y], materialize_grads=True, allow_unused=False)


def test_a_dead_relu_gives_a_second_derivative_of_zero():
    x = tensor(-1.0, 0.0, 2.0)
    for y in (x.relu(), x.abs()):
        (first,) = grad(y.sum(), x, create_graph=True)
        assert grad(first.sum(), x)[0].tolist() == [0.0, 0.0, 0.0]


def test_a_leaf_that_stopped_asking_gets_nothing():
    x = tensor(1.0)
    y = x * 2
    x.requires_grad_(False)
    y.backward()
    assert x.grad is None


def call(f):
    return f(tensor(1.0, 2.0))


REFUSED = {
    "no scalar": (lambda x: (x * 2).backward(), "grad can be implicitly created only for scalar outputs"),
    "no gradient": (lambda x: x.detach().sum().backward(), "element 0 of tensors does not require grad"),
    "complex scalar": (
        lambda x: (x * 1j).sum().backward(),
        "created only for real scalar outputs but got torch.complex",
    ),
    "shape": (lambda x: (x * 2).backward(x.detach()[:1]), r"grad_output\[0\] has a shape of torch.Size\(\[1\]\)"),
    "dtype": (lambda x: (x * 2).backward(x.detach() * 1j), "For complex Tensors, both grad_output and output"),
    "too few": (lambda x: backward([x[0], x[1]], [x.detach()[0]]), "got 2 tensors and 1 gradients"),
    "no inputs": (lambda x: x.sum().backward(inputs=[]), r"`inputs` argument to `backward\(\)` cannot be empty"),
    "no inputs of grad": (lambda x: grad(x.sum(), []), r"`inputs` argument to `grad\(\)` cannot be empty"),
    "dead input": (lambda x: grad(x.sum(), x.detach()), "One of the differentiated Tensors does not require grad"),
    "dead input of backward": (lambda x: x.sum().backward(inputs=[x.detach()]), "can't retain_grad on Tensor"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    f, text = REFUSED[name]
    with pytest.raises(RuntimeError, match=text):
        call(f)


def test_old_names_of_arguments_warn():
    x = tensor(1.0)
    with pytest.warns(FutureWarning, match="`grad_variables` is deprecated"):
        backward(x * 2, grad_variables=tensor(1.0, requires_grad=False))
    assert x.grad.tolist() == [2.0]
    with (
        pytest.warns(FutureWarning, match="`grad_variables` is deprecated"),
        pytest.raises(RuntimeError, match="arguments both passed"),
    ):
        backward(x * 2, tensor(1.0), grad_variables=tensor(1.0))
    with pytest.warns(FutureWarning, match="only_inputs argument is deprecated"):
        grad(x * 2, x, only_inputs=False)
