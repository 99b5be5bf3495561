"""Faults of the modules: what they say of themselves, and the weights that they begin with.

May import: the standard library, `conformance.case`, `conformance.adapters.call`, `base.py`.
"""

from __future__ import annotations

import math
from typing import Any

from conformance.adapters.call import make_module
from conformance.case import Case
from conformance.faults.base import Faulty, wrong_library

Facts = dict[str, Any]


class Telling(Faulty):
    """Real torch whose facts a subclass bends, where there are any.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.tokens import parse
        >>> Telling(TorchAdapter()).facts(parse("unfold n1 c1 h3x3 k2 module"))["repr"]
        'Unfold(kernel_size=2, dilation=1, padding=0, stride=1)'
    """

    def facts(self, case: Case) -> Facts | None:
        """See `Adapter.facts`."""
        facts = super().facts(case)
        return None if facts is None else self.bent(case, facts)

    def bent(self, case: Case, facts: Facts) -> Facts:  # noqa: ARG002
        """The facts as this library tells them."""
        return facts


@wrong_library("module")
class ReprWithoutBias(Telling):
    """A module without a bias does not say so."""

    def bent(self, case: Case, facts: Facts) -> Facts:  # noqa: ARG002
        """See `Telling.bent`."""
        return facts | {"repr": facts["repr"].replace(", bias=False", "")}


@wrong_library("module")
class ReprWithEveryPadding(Telling):
    """A module says padding=(0, 0) too, which torch leaves out."""

    def bent(self, case: Case, facts: Facts) -> Facts:
        """See `Telling.bent`."""
        padding = facts["attributes"]["padding"]
        if not case.is_convolution or "padding=(" in facts["repr"]:
            return facts
        return facts | {"repr": facts["repr"].replace("stride=", f"padding={padding}, stride=")}


@wrong_library("module")
class MissingAttribute(Telling):
    """A module has no output_padding."""

    def bent(self, case: Case, facts: Facts) -> Facts:  # noqa: ARG002
        """See `Telling.bent`."""
        kept = {name: value for name, value in facts["attributes"].items() if name != "output_padding"}
        return facts | {"attributes": kept}


@wrong_library("module")
class SizesNotExpanded(Telling):
    """A module keeps a kernel size that is an int as an int."""

    def bent(self, case: Case, facts: Facts) -> Facts:
        """See `Telling.bent`."""
        kept = {"kernel_size": repr(case.kernel)} if isinstance(case.kernel, int) else {}
        return facts | {"attributes": facts["attributes"] | kept}


@wrong_library("module")
class PaddingWordReplaced(Telling):
    """A module has numbers for padding='valid', where torch keeps the word."""

    def bent(self, case: Case, facts: Facts) -> Facts:
        """See `Telling.bent`."""
        numbers = {"padding": repr(case.axes(0))} if case.padding == "valid" else {}
        return facts | {"attributes": facts["attributes"] | numbers}


@wrong_library("module")
class StateBiasFirst(Telling):
    """The state_dict has the bias before the weight."""

    def bent(self, case: Case, facts: Facts) -> Facts:  # noqa: ARG002
        """See `Telling.bent`."""
        return facts | {"state_dict": dict(reversed(facts["state_dict"].items()))}


class Drawing(Telling):
    """Real torch whose modules begin with weights that a subclass draws.

    Example:
        >>> issubclass(Drawing, Telling)
        True
    """

    def bent(self, case: Case, facts: Facts) -> Facts:
        """See `Telling.bent`."""
        if not case.is_convolution or facts["state_dict"]["weight"].size == 0:
            return facts
        module = make_module(self.torch.library, case)
        self.torch.library.default_generator.manual_seed(case.seed)
        self.redraw(self.torch.library.nn.init, module.weight, module.bias, 1 / math.sqrt(module.weight[0].numel()))
        return facts | {"state_dict": {name: self.torch.array(value) for name, value in module.state_dict().items()}}

    def redraw(self, init: Any, weight: Any, bias: Any, bound: float) -> None:
        """Fills weight and bias; `bound` is the end of both ranges in torch."""
        raise NotImplementedError


@wrong_library("module")
class WeightsNormal(Drawing):
    """The initial weights are normal deviates of the right variance."""

    def redraw(self, init: Any, weight: Any, bias: Any, bound: float) -> None:
        """See `Drawing.redraw`."""
        init.normal_(weight, 0.0, bound / math.sqrt(3))
        if bias is not None:
            init.uniform_(bias, -bound, bound)


@wrong_library("module")
class BiasDrawnFirst(Drawing):
    """The initial bias is drawn before the weight."""

    def redraw(self, init: Any, weight: Any, bias: Any, bound: float) -> None:
        """See `Drawing.redraw`."""
        if bias is not None:
            init.uniform_(bias, -bound, bound)
        init.kaiming_uniform_(weight, a=math.sqrt(5))


@wrong_library("module")
class BiasBeginsAtZero(Drawing):
    """The initial bias is zero."""

    def redraw(self, init: Any, weight: Any, bias: Any, bound: float) -> None:  # noqa: ARG002
        """See `Drawing.redraw`."""
        init.kaiming_uniform_(weight, a=math.sqrt(5))
        if bias is not None:
            init.zeros_(bias)
