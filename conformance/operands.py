"""What a configuration is run on, of either kind.

May import: `conformance.case`, `conformance.call`, `conformance.fills`, `conformance.call_fills`.
"""

from __future__ import annotations

from collections.abc import Mapping

from conformance.call import Call, Configuration
from conformance.call_fills import draw_call
from conformance.fills import Operands, draw


def operands_of(case: Configuration, reductions: Mapping[str, int] | None = None) -> Operands:
    """The operands of a configuration.

    Args:
        case: the configuration.
        reductions: of the fills of a convolution; see `fills.draw`.

    Example:
        >>> from conformance.tokens import parse
        >>> operands_of(parse("max_pool1d input=1x3 kernel_size=2 ints seed3")).arrays["input"].shape
        (1, 3)
    """
    return draw_call(case) if isinstance(case, Call) else draw(case, reductions)
