"""The inputs of torch's `module_db`.

May import: NumPy, `conformance.adapters`, `conformance.checks` and its neighbours; torch's test material when it is
asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters import TorchStyle
from conformance.checks.difference import Difference, Raised
from conformance.fills import Array
from conformance.opinfo.compare import compare
from conformance.opinfo.convert import Converter, answer
from conformance.opinfo.ops import SEED, TOKENS, Sample, compare_raised

Given = tuple[list[Any], dict[str, Any]]


def class_of(library: Any, info: Any) -> Any:
    """The library's class of an entry, or None where it has none."""
    return getattr(library.nn, info.module_cls.__name__, None)


def samples(info: Any, convert: Converter, dtype: str | None) -> Iterator[Sample]:
    """The results of an entry's inputs in training and in evaluation, each in a fresh module of the same seed.

    The repr, the state_dict, bit for bit before the call, the output and the gradients of inputs and parameters.

    Args:
        info: an entry of `module_db`.
        convert: between torch and the library.
        dtype: only the dtype of this token.
    """
    for kind in info.dtypes:
        token = TOKENS.get(str(kind).removeprefix("torch."))
        if token is None or dtype not in (None, token):
            continue
        makes = info.module_inputs_func
        inputs = [(given, training) for training in (True, False) for given in makes(info, "cpu", kind, True, training)]
        for number, (given, training) in enumerate(inputs):
            label = Sample(info.name, token, number, "sample")
            made = _given(given.constructor_input, dtype=kind)
            if given.forward_input is not None:
                yield _sample(info, convert, label, made, _given(given.forward_input), training)


def errors(info: Any, convert: Converter) -> Iterator[Sample]:
    """The results of an entry's error inputs: both raise, the same type and text."""
    if info.module_error_inputs_func is None:
        return
    torch = convert.torch.library
    given = info.module_error_inputs_func(info, "cpu", torch.float32, False, False)
    for number, error in enumerate(given):
        sample = error.module_error_input
        made, forward = _given(sample.constructor_input), sample.forward_input

        def attempt(adapter: TorchStyle, there: Any, made: Given = made, forward: Any = forward) -> None:
            kind = class_of(adapter.library, info)
            args, kwargs = there(made)
            module = kind(*args, **kwargs)
            if forward is not None:
                args, kwargs = there(_given(forward))
                module(*args, **kwargs)

        label = Sample(info.name, "any", number, "error")
        calls = (lambda: attempt(convert.torch, lambda value: value), lambda: attempt(convert.candidate, convert.there))
        yield compare_raised(label, *calls)


def _given(sample: Any, **more: Any) -> Given:
    return [*sample.args], {**sample.kwargs, **more}


def _sample(info: Any, convert: Converter, label: Sample, made: Given, forward: Given, training: bool) -> Sample:
    try:
        theirs, expected = _run(convert.torch, info.module_cls, made, forward, training)
    except Exception:  # whatever torch cannot do with its own input is no matter of the library
        return replace(label, skipped=True)
    there = convert.there(made), convert.there(forward)
    try:
        ours, got = _run(convert.candidate, class_of(convert.candidate.library, info), *there, training)
    except Exception as error:  # a library may raise anything
        told = Difference("outcome", "error", "no error", str(Raised(type(error).__name__, str(error))))
        return replace(label, differences=(told,))
    _, wide = _run(convert.torch, info.module_cls, made, forward, training, convert)
    return replace(label, differences=(*_facts(theirs, ours), *compare(expected, got, wide)))


def _run(
    adapter: TorchStyle, kind: Any, made: Given, forward: Given, training: bool, wide: Converter | None = None
) -> tuple[dict[str, Any], dict[str, Array]]:
    """What can be read off a fresh module, and its answer; with `wide` in double precision."""
    adapter.library.manual_seed(SEED)
    module = kind(*made[0], **made[1])
    module.train(training)
    if wide is not None:
        module, forward = module.to(wide.wide(made[1]["dtype"])), wide.wide(forward)
    facts: dict[str, Any] = {"repr": repr(module)}
    if not hasattr(module, "initialize_parameters"):
        facts |= {f"state_dict {name}": adapter.array(value) for name, value in module.state_dict().items()}
    return facts, answer(adapter, module, *forward, module)


def _facts(expected: dict[str, Any], got: dict[str, Any]) -> Iterator[Difference]:
    if list(expected) != list(got):
        yield Difference("module", "state_dict keys", ", ".join(expected), ", ".join(got))
    for name in [name for name in expected if name in got]:
        theirs, ours = expected[name], got[name]
        same = theirs == ours if name == "repr" else theirs.tobytes() == ours.tobytes()
        if not same:
            told = (str(value) if name == "repr" else str(np.asarray(value).ravel()[:3]) for value in (theirs, ours))
            yield Difference("module", name, *told)
