"""The scaling of a loss so that small gradients survive half precision: torch.amp.GradScaler.

May import: `pyconv.autograd`, `pyconv.dtypes`, `pyconv.optim`, `pyconv.tensor`.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable
from enum import Enum
from typing import Any

from pyconv import dtypes
from pyconv.autograd import no_grad
from pyconv.tensor import Tensor
from pyconv.tensor.creation import full

__all__ = ["GradScaler", "OptState"]

_NO_SCALE = "This may indicate your script did not use scaler.scale(loss or outputs) earlier in the iteration."
_BAD_SCALE = (
    "new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with requires_grad=False."
)


class OptState(Enum):
    """What was done to an optimizer since the last update."""

    READY = 0
    UNSCALED = 1
    STEPPED = 2


def _fresh() -> dict[str, Any]:
    return {"stage": OptState.READY, "found_inf_per_device": {}}


class GradScaler:
    """Scales losses, unscales the gradients before an optimizer's step, leaves the step out where one is not finite.

    The scale grows while all gradients are finite and shrinks when one is not. Without CUDA the scaler of the kind
    'cuda' warns and has no effect.

    Args:
        device: the kind of device.
        init_scale: the first scale.
        growth_factor: what the scale is multiplied by after `growth_interval` updates with finite gradients.
        backoff_factor: what the scale is multiplied by after an update with gradients that are not finite.
        growth_interval: see `growth_factor`.
        enabled: False for one that has no effect.

    Raises:
        AssertionError: `growth_factor` is not above, or `backoff_factor` not below 1.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(1))
        >>> optimizer = pyconv.optim.SGD([w], lr=0.5)
        >>> scaler = GradScaler("cpu", init_scale=8.0)
        >>> scaler.scale(w.sum()).backward()
        >>> w.grad
        tensor([8.])
        >>> scaler.step(optimizer)
        >>> scaler.update()
        >>> w.tolist()
        [0.5]
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        self._device = device
        self._enabled = enabled
        if enabled and device == "cuda":
            warnings.warn("torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.", stacklevel=2)
            self._enabled = False
        if not self._enabled:
            return
        if growth_factor <= 1.0:
            raise AssertionError("The growth factor must be > 1.0.")
        if backoff_factor >= 1.0:
            raise AssertionError("The backoff factor must be < 1.0.")
        self._init_scale = init_scale
        self._scale: Tensor | None = None
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._init_growth_tracker = 0
        self._growth_tracker: Tensor | None = None
        self._per_optimizer_states: dict[int, dict[str, Any]] = defaultdict(_fresh)

    def _checked(self, caller: str) -> tuple[Tensor, Tensor]:
        if self._scale is None:
            raise AssertionError(f"Attempted {caller} but _scale is None.  {_NO_SCALE}")
        if self._growth_tracker is None:
            raise AssertionError(f"Attempted {caller} but _growth_tracker is None.  {_NO_SCALE}")
        return self._scale, self._growth_tracker

    def scale(self, outputs: Any) -> Any:
        """Multiply by the scale.

        Args:
            outputs: a tensor, or an iterable of such, nested at will.

        Raises:
            ValueError: it is neither.
        """
        if not self._enabled:
            return outputs
        if isinstance(outputs, Tensor):
            if self._scale is None:
                self._scale = full((), self._init_scale, dtype=dtypes.float32)
                self._growth_tracker = full((), self._init_growth_tracker, dtype=dtypes.int32)
            return outputs * self._scale
        if isinstance(outputs, Iterable):
            scaled = map(self.scale, outputs)
            return type(outputs)(scaled) if isinstance(outputs, (list, tuple)) else scaled
        raise ValueError("outputs must be a Tensor or an iterable of Tensors")

    def _unscale_grads(self, optimizer: Any, inverse: Tensor | None, allow_fp16: bool) -> dict[Any, Tensor]:
        """Multiply an optimizer's gradients; by device, a tensor that is 1 where one of them is not finite."""
        found: dict[Any, Tensor] = {}
        with no_grad():
            for param in (param for group in optimizer.param_groups for param in group["params"]):
                if not isinstance(param, Tensor):
                    raise AssertionError(f"expected param to be torch.Tensor, got {type(param).__name__}")
                if param.grad is None:
                    continue
                if not allow_fp16 and param.grad.dtype is dtypes.float16:
                    raise ValueError("Attempting to unscale FP16 gradients.")
                state = found.setdefault(param.grad.device, full((), 0.0, dtype=dtypes.float32))
                if not param.grad.isfinite().all():
                    state.fill_(1.0)
                if inverse is not None:
                    param.grad.mul_(inverse)
        return found

    def unscale_(self, optimizer: Any) -> None:
        """Divide an optimizer's gradients by the scale, once between updates, so as to clip them before `step`.

        Raises:
            RuntimeError: they were divided, or the optimizer has stepped.
            ValueError: a gradient is float16.
        """
        if not self._enabled:
            return
        scale, _ = self._checked("unscale_")
        state = self._per_optimizer_states[id(optimizer)]
        if state["stage"] is OptState.UNSCALED:
            raise RuntimeError("unscale_() has already been called on this optimizer since the last update().")
        if state["stage"] is OptState.STEPPED:
            raise RuntimeError("unscale_() is being called after step().")
        inverse = scale.double().reciprocal().float()
        state["found_inf_per_device"] = self._unscale_grads(optimizer, inverse, False)
        state["stage"] = OptState.UNSCALED

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """Divide the gradients if that was not done, and let the optimizer step if all of them are finite.

        Args:
            optimizer: one.
            args: for its `step`.
            kwargs: for its `step`; no closure.

        Returns:
            What its `step` returns; None where it was left out.

        Raises:
            RuntimeError: there is a closure, or it has stepped since the last update.
        """
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("Closure use is not currently supported if GradScaler is enabled.")
        self._checked("step")
        state = self._per_optimizer_states[id(optimizer)]
        if state["stage"] is OptState.STEPPED:
            raise RuntimeError("step() has already been called since the last update().")
        if state["stage"] is OptState.READY:
            self.unscale_(optimizer)
        if not state["found_inf_per_device"]:
            raise AssertionError("No inf checks were recorded for this optimizer.")
        finite = not any(found.item() for found in state["found_inf_per_device"].values())
        result = optimizer.step(*args, **kwargs) if finite else None
        state["stage"] = OptState.STEPPED
        return result

    def update(self, new_scale: float | Tensor | None = None) -> None:
        """Let the scale grow or shrink after the steps of all optimizers, or set it.

        Args:
            new_scale: None for growing and shrinking.

        Raises:
            AssertionError: nothing was scaled or unscaled before, or `new_scale` is no single number.
        """
        if not self._enabled:
            return
        scale, tracker = self._checked("update")
        if new_scale is not None:
            _set(scale, new_scale, self._device)
        else:
            states = self._per_optimizer_states.values()
            found = [value for state in states for value in state["found_inf_per_device"].values()]
            if not found:
                raise AssertionError("No inf checks were recorded prior to update.")
            self._adapt(scale, tracker, any(value.item() for value in found))
        self._per_optimizer_states = defaultdict(_fresh)

    def _adapt(self, scale: Tensor, tracker: Tensor, overflowed: bool) -> None:
        if overflowed:
            scale.mul_(self._backoff_factor)
            tracker.fill_(0)
        elif tracker.item() + 1 == self._growth_interval:
            grown = scale * self._growth_factor
            if grown.isfinite().item():
                scale.copy_(grown)
            tracker.fill_(0)
        else:
            tracker.add_(1)

    def get_scale(self) -> float:
        """The scale; 1 for one that has no effect."""
        if not self._enabled:
            return 1.0
        return self._init_scale if self._scale is None else float(self._scale.item())

    def get_growth_factor(self) -> float:
        """What the scale is multiplied by when it grows."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """Set what the scale is multiplied by when it grows."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """What the scale is multiplied by when it shrinks."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor: float) -> None:
        """Set what the scale is multiplied by when it shrinks."""
        self._backoff_factor = new_factor

    def get_growth_interval(self) -> int:
        """After how many updates with finite gradients the scale grows."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """Set after how many updates with finite gradients the scale grows."""
        self._growth_interval = new_interval

    def _get_growth_tracker(self) -> int:
        if not self._enabled:
            return 0
        return self._init_growth_tracker if self._growth_tracker is None else int(self._growth_tracker.item())

    def is_enabled(self) -> bool:
        """Whether it has an effect."""
        return self._enabled

    def state_dict(self) -> dict[str, Any]:
        """The scale, the factors and the count; nothing for one that has no effect."""
        if not self._enabled:
            return {}
        return {
            "scale": self.get_scale(),
            "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor,
            "growth_interval": self._growth_interval,
            "_growth_tracker": self._get_growth_tracker(),
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take what `state_dict` gave.

        Raises:
            RuntimeError: it is empty.
        """
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler."
            )
        self._init_scale = state_dict["scale"]
        self._init_growth_tracker = state_dict["_growth_tracker"]
        if self._scale is not None and self._growth_tracker is not None:
            self._scale.fill_(state_dict["scale"])
            self._growth_tracker.fill_(state_dict["_growth_tracker"])
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if self._enabled:
            if self._per_optimizer_states:
                raise AssertionError(
                    "A GradScaler instance may only be pickled at the beginning of an iteration, or at the end after "
                    "scaler.update()."
                )
            state |= {"_init_scale": self.get_scale(), "_init_growth_tracker": self._get_growth_tracker()}
            state |= {"_scale": None, "_growth_tracker": None}
        return state


def _set(scale: Tensor, value: float | Tensor, device: str) -> None:
    if isinstance(value, float):
        scale.fill_(value)
        return
    if value.device.type != device or value.numel() != 1 or value.requires_grad:
        raise AssertionError(_BAD_SCALE)
    scale.copy_(value)
