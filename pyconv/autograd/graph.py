"""torch.autograd.graph: the nodes of the graph, and hooks on what they keep for the backward pass.

May import: the standard library, `pyconv.autograd`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from pyconv.autograd.node import GradientEdge, Node, node_of
from pyconv.autograd.packing import pop_saving_hooks, push_saving_hooks, refuse_saving_hooks
from pyconv.autograd.traced import Traced

__all__ = [
    "GradientEdge",
    "Node",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "save_on_cpu",
    "saved_tensors_hooks",
]


class saved_tensors_hooks:
    """Have functions pack what nodes keep inside a `with` block, and unpack it when a backward pass asks for it.

    Of several blocks the innermost counts.

    Args:
        pack_hook: called with each tensor that is kept; what it returns is kept instead.
        unpack_hook: called with that, once for each time that the tensor is asked for; returns a tensor.

    Example:
        >>> import pyconv
        >>> x = pyconv.tensor([3.0], requires_grad=True)
        >>> with saved_tensors_hooks(lambda t: t.tolist(), pyconv.tensor):
        ...     y = x * x
        >>> y.backward()
        >>> x.grad
        tensor([6.])
    """

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def __enter__(self) -> None:
        push_saving_hooks(self.pack_hook, self.unpack_hook)

    def __exit__(self, *_: object) -> None:
        pop_saving_hooks()


class save_on_cpu(saved_tensors_hooks):
    """Have nodes keep copies inside a `with` block, which in torch are on the CPU.

    Args:
        pin_memory: as torch has it; not used.
        device_type: likewise.

    Example:
        >>> import pyconv
        >>> x = pyconv.tensor([3.0], requires_grad=True)
        >>> with save_on_cpu():
        ...     y = x * x
        >>> y.backward()
        >>> x.grad
        tensor([6.])
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:  # noqa: ARG002
        super().__init__(lambda tensor: tensor.cpu(), lambda tensor: tensor)


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Refuse hooks on what is kept inside a `with` block.

    Args:
        error_message: of the RuntimeError.

    Example:
        >>> with disable_saved_tensors_hooks("not here"), save_on_cpu():
        ...     pass
        Traceback (most recent call last):
        RuntimeError: not here
    """
    before = refuse_saving_hooks(error_message)
    try:
        yield
    finally:
        refuse_saving_hooks(before)


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """The place of a tensor in the graph.

    Raises:
        RuntimeError: it requires no gradient.

    Example:
        >>> import pyconv
        >>> get_gradient_edge(pyconv.ones(1, requires_grad=True) * 2).node.name()
        'MulBackward0'
    """
    node = node_of(tensor)
    if node is None:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    return GradientEdge(node, tensor._output)


def increment_version(tensor: Any) -> None:
    """Count a change in place, of a tensor or of each of several, that was made behind the graph's back.

    Raises:
        RuntimeError: it is no tensor.

    Example:
        >>> import pyconv
        >>> x = pyconv.ones(1)
        >>> increment_version(x)
        >>> x._version
        1
    """
    values = (tensor,) if isinstance(tensor, Traced) else tensor
    if not isinstance(values, Iterable):
        raise RuntimeError("increment_version expect a Iterable[Tensor] as input")
    for value in values:
        value._counter.count += 1
