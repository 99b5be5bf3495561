"""A guess at the cause of a difference: what a library with one known fault would give, laid beside what came out.

- `scene.py`: what there is to explain, and when an explanation fits.
- `rewire.py`: torch with its operands or its result rearranged.
- `kernel.py`, `channels.py`, `borders.py`, `arguments.py`, `windows.py`, `gradients.py`, `layouts.py`,
  `precision.py`, `patterns.py`: the faults.

May import: NumPy and `conformance` below this package.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from conformance.adapters.base import Adapter, Maps
from conformance.case import Case
from conformance.diagnose import arguments, borders, channels, gradients, kernel, layouts, patterns, precision, windows
from conformance.diagnose.scene import Explanation, Hypothesis, Scene
from conformance.fills import Operands

HYPOTHESES: tuple[Hypothesis, ...] = (
    patterns.form,
    patterns.unwritten,
    channels.bias,
    kernel.flipped,
    borders.same_side,
    borders.modes,
    arguments.arguments,
    channels.groups,
    channels.fewer_channels,
    patterns.factors,
    borders.output_padding,
    borders.crops,
    borders.windows,
    borders.moved_input,
    borders.sizes,
    kernel.taps,
    borders.moved,
    kernel.transposed,
    channels.swapped_channels,
    windows.columns,
    windows.overlaps,
    patterns.repeated,
    patterns.mirrored,
    gradients.images,
    gradients.cotangent,
    layouts.layouts,
    precision.integers,
    precision.complex_parts,
    precision.narrower,
    precision.lost_bits,
    patterns.any_factor,
    patterns.zeros,
    patterns.slices,
)
"""The commoner and the more telling first."""
OF_ANY_MAPS: tuple[Hypothesis, ...] = (
    patterns.form,
    patterns.unwritten,
    patterns.factors,
    patterns.any_factor,
    patterns.zeros,
    patterns.slices,
)
"""Those that look at nothing but the two answers; they are for second derivatives too."""


def diagnose(case: Case, operands: Operands, torch: Adapter, expected: Maps, got: Maps) -> str | None:
    """What the maps that are not torch's look like, or None where they look like nothing that is known.

    Args:
        case: the configuration.
        operands: what both libraries were given.
        torch: the library that is right, to be asked for other configurations.
        expected: torch's maps, of `Adapter.run` or of `Adapter.second`.
        got: the candidate's.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.fills import draw
        >>> from conformance.tokens import parse
        >>> case, torch = parse("conv2d n1 c2 o2 h5x6 k3x3 bias"), TorchAdapter()
        >>> maps = torch.run(case, draw(case))
        >>> diagnose(case, draw(case), torch, maps, maps | {"output": -maps["output"]})
        "output looks like torch's with the opposite sign"
    """
    scene = Scene(case, operands, torch, expected, got)
    if not scene.wrong:
        return None
    found: dict[str, str] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for hypothesis in HYPOTHESES if "output" in expected else OF_ANY_MAPS:
            explained = _fitting(scene, hypothesis(scene))
            whole = [text for text, names in explained.items() if len(names) == len(scene.wrong)]
            if whole:
                return _sentence(scene.wrong, " or ".join(whole))
            for text, names in explained.items():
                found |= {name: text for name in names if name not in found}
    return _sentences(scene, found)


def _fitting(scene: Scene, explanations: Iterable[Explanation]) -> dict[str, list[str]]:
    """The texts that fit some maps, with the names of these."""
    fitting: dict[str, list[str]] = {}
    for explanation in explanations:
        for name in scene.fitting(explanation):
            names = fitting.setdefault(explanation.text, [])
            if name not in names:
                names.append(name)
    return fitting


def _sentences(scene: Scene, found: dict[str, str]) -> str | None:
    """A sentence for each text, about the maps that it explains."""
    if not found:
        return None
    texts = dict.fromkeys(found[name] for name in scene.wrong if name in found)
    parts = [_sentence([name for name in scene.wrong if found.get(name) == text], text) for text in texts]
    rest = [name for name in scene.wrong if name not in found]
    if rest:
        parts.append(f"no guess about {_listed(rest)}")
    return "; ".join(parts)


def _sentence(names: Iterable[str], text: str) -> str:
    listed = list(names)
    return f"{_listed(listed)} {'look' if len(listed) > 1 else 'looks'} like {text}"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
