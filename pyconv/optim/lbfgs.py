"""L-BFGS.

May import: `pyconv.autograd`, `pyconv.tensor`, `pyconv.functions`, `pyconv.optim.optimizer`, `pyconv.optim.options`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from pyconv import functions
from pyconv.autograd.mode import enable_grad, no_grad
from pyconv.optim.line_search import Point, strong_wolfe
from pyconv.optim.optimizer import Optimizer
from pyconv.optim.options import check_lr, plain
from pyconv.tensor.creation import zeros_like

Closure = Callable[[], Any]


class LBFGS(Optimizer):
    """Quasi-Newton steps, the curvature estimated from the last gradients (D. C. Liu, J. Nocedal, 1989).

    All parameters are in one group.

    Args:
        params: the parameters.
        lr: the learning rate.
        max_iter: how many steps one call of `step` takes at most.
        max_eval: how often it calls the closure at most; None is 5/4 of `max_iter`.
        tolerance_grad: the largest element of the gradient at which it stops.
        tolerance_change: the change of the loss or of the parameters at which it stops.
        history_size: how many gradients count.
        line_search_fn: None, or 'strong_wolfe'.

    Raises:
        ValueError: the learning rate is negative, or there are several groups.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = LBFGS([w], line_search_fn="strong_wolfe")
        >>> def closure():
        ...     optimizer.zero_grad()
        ...     loss = ((w - 3) ** 2).sum()
        ...     loss.backward()
        ...     return loss
        >>> optimizer.step(closure)
        tensor(8., grad_fn=<SumBackward0>)
        >>> w.detach()
        tensor([3., 3.])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        check_lr(lr)
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]["params"]

    @no_grad()
    def step(self, closure: Closure) -> Any:  # type: ignore[override]
        """Take up to `max_iter` steps.

        Args:
            closure: computes the loss anew, with gradients, and returns it.

        Returns:
            What the closure returned first.

        Raises:
            RuntimeError: there is no such line search.
        """
        closure = enable_grad()(closure)
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        found = closure()
        loss = float(plain(found))
        state["func_evals"] += 1
        grad = self._flat_grad()
        if grad.abs().max() <= self.param_groups[0]["tolerance_grad"]:
            return found
        memory = _Memory(**{field.name: state.get(field.name) for field in fields(_Memory)})
        self._iterate(closure, state, memory, loss, grad)
        state.update(vars(memory))
        return found

    def _iterate(self, closure: Closure, state: dict[str, Any], memory: _Memory, loss: float, grad: Any) -> None:
        group = self.param_groups[0]
        max_iter, least = group["max_iter"], group["tolerance_change"]
        evaluations = 1
        for i in range(1, max_iter + 1):
            state["n_iter"] += 1
            first = state["n_iter"] == 1
            if first:
                memory.begin(grad)
            else:
                memory.turn(grad, state.setdefault("al", [None] * group["history_size"]))
            memory.keep(loss, grad)
            lr = plain(group["lr"])
            memory.t = min(1.0, 1.0 / grad.abs().sum()) * lr if first else lr
            slope = grad.dot(memory.d)
            if slope > -least:
                return
            here = Point(0, loss, grad, slope)
            if group["line_search_fn"] is not None:
                there, used = self._search(closure, here, memory, group["max_eval"] - evaluations)
            else:
                there, used = self._move(closure, here, memory, i == max_iter)
            loss, grad, memory.t = there.loss, there.grad, there.t
            evaluations += used
            state["func_evals"] += used
            if i == max_iter or evaluations >= group["max_eval"] or grad.abs().max() <= group["tolerance_grad"]:
                return
            if memory.d.mul(memory.t).abs().max() <= least or abs(loss - memory.prev_loss) < least:
                return

    def _search(self, closure: Closure, here: Point, memory: _Memory, budget: int) -> tuple[Point, int]:
        """Go to where the line search leads."""
        if self.param_groups[0]["line_search_fn"] != "strong_wolfe":
            raise RuntimeError("only 'strong_wolfe' is supported")
        start = [param.clone() for param in self._params]

        def evaluate(t: Any) -> Point:
            self._add(t, memory.d)
            loss = float(plain(closure()))
            grad = self._flat_grad()
            for param, value in zip(self._params, start, strict=True):
                param.copy_(value)
            return Point(t, loss, grad, grad.dot(memory.d))

        there, used = strong_wolfe(evaluate, here, memory.t, memory.d.abs().max(), budget)
        self._add(there.t, memory.d)
        return there, used

    def _move(self, closure: Closure, here: Point, memory: _Memory, last: bool) -> tuple[Point, int]:
        """Go by the learning rate; the last step is not evaluated."""
        self._add(memory.t, memory.d)
        if last:
            return Point(memory.t, here.loss, here.grad, here.slope), 0
        loss = float(plain(closure()))
        return Point(memory.t, loss, self._flat_grad(), here.slope), 1

    def _flat_grad(self) -> Any:
        """The gradients of all parameters one after another, a complex one as its parts."""
        flat = []
        for param in self._params:
            grad = zeros_like(param) if param.grad is None else param.grad
            flat.append((functions.view_as_real(grad) if grad.is_complex() else grad).reshape(-1))
        return functions.cat(flat, 0)

    def _add(self, t: Any, direction: Any) -> None:
        """Move all parameters along a direction."""
        begin = 0
        for param in self._params:
            part = functions.view_as_real(param) if param.is_complex() else param
            part.add_(direction[begin : begin + part.numel()].view_as(part), alpha=plain(t))
            begin += part.numel()


@dataclass
class _Memory:
    """What the estimate of the curvature is made of, by the names of the state."""

    d: Any
    t: Any
    old_dirs: list[Any]
    old_stps: list[Any]
    ro: list[Any]
    H_diag: Any
    prev_flat_grad: Any
    prev_loss: Any

    def begin(self, grad: Any) -> None:
        """Turn straight down, with nothing known."""
        self.d = grad.neg()
        self.old_dirs, self.old_stps, self.ro = [], [], []
        self.H_diag = 1

    def turn(self, grad: Any, al: list[Any]) -> None:
        """Take up the last step, and turn to where the estimate points; `al` is room for the first loop."""
        self._take_up(grad.sub(self.prev_flat_grad), self.d.mul(self.t), len(al))
        known = len(self.old_dirs)
        direction = grad.neg()
        for i in reversed(range(known)):
            al[i] = self.old_stps[i].dot(direction) * self.ro[i]
            direction.add_(self.old_dirs[i], alpha=-plain(al[i]))
        direction = direction.mul(self.H_diag)
        for i in range(known):
            back = self.old_dirs[i].dot(direction) * self.ro[i]
            direction.add_(self.old_stps[i], alpha=plain(al[i] - back))
        self.d = direction

    def _take_up(self, change: Any, step: Any, room: int) -> None:
        product = change.dot(step)
        if product > 1e-10:
            kept = (self.old_dirs, self.old_stps, self.ro)
            for values, value in zip(kept, (change, step, 1.0 / product), strict=True):
                if len(values) == room:
                    values.pop(0)
                values.append(value)
            self.H_diag = product / change.dot(change)

    def keep(self, loss: float, grad: Any) -> None:
        """Keep the gradient and the loss for the next turn."""
        if self.prev_flat_grad is None:
            self.prev_flat_grad = grad.clone()
        else:
            self.prev_flat_grad.copy_(grad)
        self.prev_loss = loss
