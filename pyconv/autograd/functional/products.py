"""Products of a vector with the Jacobian or the Hessian of a function.

Those from the right are derivatives of those from the left: a product that is linear in its vector is differentiated
with respect to it. May import: `pyconv.autograd`, `pyconv.functions`, `pyconv.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv.autograd import enable_grad, set_grad_enabled
from pyconv.autograd.functional.arguments import Tensors, as_tuple, finished, fresh, is_number, unpacked, vector
from pyconv.autograd.functional.strict import check, filled, gradients
from pyconv.autograd.mode import is_grad_enabled
from pyconv.tensor.creation import zeros_like

Function = Callable[..., Any]
_RETURNED = "outputs of the user-provided function"


def vjp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The product of a vector with the Jacobian of a function.

    Args:
        func: takes tensors, and gives one or a tuple of them.
        inputs: where the Jacobian is taken: a tensor, or a tuple of tensors.
        v: of the outputs' sizes; not needed where the output is one number.
        create_graph: whether the results can be differentiated.
        strict: refuse an input that no output depends on; otherwise its product is zero.

    Returns:
        What `func` gives, and the product, of the inputs' sizes.

    Raises:
        RuntimeError: `v` does not match, or an input is refused.
        TypeError: something is no tensor.

    Example:
        >>> import pyconv as torch
        >>> torch.autograd.functional.vjp(lambda x: x**2, torch.tensor([1.0, 3.0]), torch.tensor([1.0, 10.0]))
        (tensor([1., 9.]), tensor([ 2., 60.]))
    """
    with enable_grad():
        several, x = as_tuple(inputs, "inputs", "vjp")
        x = fresh(x, create_graph, True)
        several_outputs, y = as_tuple(func(*x), _RETURNED, "vjp")
        check(y, "outputs", strict)
        if v is not None:
            v = vector(v, y, several_outputs, create_graph, "vjp")
        elif not is_number(y):
            raise RuntimeError(
                "The vector v can only be None if the user-provided function returns a single Tensor with a single "
                "element."
            )
    with set_grad_enabled(create_graph or is_grad_enabled()):
        product = filled(gradients(y, x, v, create_graph), x, strict, create_graph, "back")
    return unpacked(finished(y, create_graph), several_outputs), unpacked(finished(product, create_graph), several)


def jvp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The product of the Jacobian of a function with a vector.

    Args:
        func: takes tensors, and gives one or a tuple of them.
        inputs: where the Jacobian is taken: a tensor, or a tuple of tensors.
        v: of the inputs' sizes; not needed where the input is one number.
        create_graph: whether the results can be differentiated.
        strict: refuse an output that depends on no input; otherwise its product is zero.

    Returns:
        What `func` gives, and the product, of the outputs' sizes.

    Raises:
        RuntimeError: `v` does not match, or an output is refused.
        TypeError: something is no tensor.

    Example:
        >>> import pyconv as torch
        >>> torch.autograd.functional.jvp(lambda x: x.sum(), torch.ones(3), torch.tensor([1.0, 2.0, 3.0]))
        (tensor(3.), tensor(6.))
    """
    with enable_grad():
        _, x, v = _at(inputs, v, create_graph, "jvp")
        several, y = as_tuple(func(*x), _RETURNED, "jvp")
        check(y, "outputs", strict)
        probes = tuple(zeros_like(part, requires_grad=True) for part in y)
        pulled = gradients(y, x, probes, True)
        check(pulled, "grad_inputs", strict)
    with set_grad_enabled(create_graph or is_grad_enabled()):
        product = filled(gradients(pulled, probes, v, create_graph), y, strict, create_graph, "back_trick")
    return unpacked(finished(y, create_graph), several), unpacked(finished(product, create_graph), several)


def vhp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The product of a vector with the Hessian of a function.

    Args:
        func: takes tensors, and gives one number.
        inputs: where the Hessian is taken: a tensor, or a tuple of tensors.
        v: of the inputs' sizes; not needed where the input is one number.
        create_graph: whether the results can be differentiated.
        strict: refuse an input that the gradient does not depend on; otherwise its product is zero.

    Returns:
        What `func` gives, and the product, of the inputs' sizes.

    Raises:
        RuntimeError: `v` does not match, `func` gives no number, or an input is refused.
        TypeError: something is no tensor.

    Example:
        >>> import pyconv as torch
        >>> torch.autograd.functional.vhp(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]), torch.ones(2))
        (tensor(9.), tensor([ 6., 12.]))
    """
    with enable_grad():
        several, x, v = _at(inputs, v, create_graph, "vhp")
        y, first = _gradient(func, x, strict, "vhp")
    with set_grad_enabled(create_graph or is_grad_enabled()):
        product = filled(gradients(first, x, v, create_graph), x, strict, create_graph, "double_back")
    return finished(y, create_graph)[0], unpacked(finished(product, create_graph), several)


def hvp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The product of the Hessian of a function with a vector; `vhp` gives the same and is quicker.

    Args:
        func: takes tensors, and gives one number.
        inputs: where the Hessian is taken: a tensor, or a tuple of tensors.
        v: of the inputs' sizes; not needed where the input is one number.
        create_graph: whether the results can be differentiated.
        strict: refuse an input that the gradient does not depend on; otherwise its product is zero.

    Returns:
        What `func` gives, and the product, of the inputs' sizes.

    Raises:
        RuntimeError: `v` does not match, `func` gives no number, or an input is refused.
        TypeError: something is no tensor.

    Example:
        >>> import pyconv as torch
        >>> torch.autograd.functional.hvp(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]), torch.ones(2))
        (tensor(9.), tensor([ 6., 12.]))
    """
    with enable_grad():
        several, x, v = _at(inputs, v, create_graph, "hvp")
        y, first = _gradient(func, x, strict, "hvp")
        probes = tuple(zeros_like(part, requires_grad=True) for part in x)
        second = gradients(first, x, probes, True)
    with set_grad_enabled(create_graph or is_grad_enabled()):
        product = filled(gradients(second, probes, v, create_graph), x, strict, create_graph, "double_back_trick")
    return finished(y, create_graph)[0], unpacked(finished(product, create_graph), several)


def _at(inputs: Any, v: Any, create_graph: bool, function: str) -> tuple[bool, Tensors, Tensors | None]:
    """The inputs and a vector of their sizes."""
    several, given = as_tuple(inputs, "inputs", function)
    x = fresh(given, create_graph, True)
    if v is not None:
        return several, x, vector(v, x, several, create_graph, function)
    if not is_number(x):
        raise RuntimeError(
            "The vector v can only be None if the input to the user-provided function is a single Tensor with a "
            "single element."
        )
    return several, x, None


def _gradient(func: Function, x: Tensors, strict: bool, function: str) -> tuple[Tensors, Tensors]:
    """The number that a function gives, and its gradient."""
    several, y = as_tuple(func(*x), _RETURNED, function)
    check(y, "outputs", strict)
    if several:
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if y[0].nelement() != 1:
        raise RuntimeError(f"The Tensor returned by the function given to {function} should contain a single element")
    first = gradients(y, x, None, True)
    check(first, "jacobian", strict)
    return y, first
