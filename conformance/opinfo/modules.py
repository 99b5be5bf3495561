"""The inputs of torch's `module_db`.

May import: `conformance.adapters`, `conformance.checks` and its neighbours; torch's test material when it is
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from inspect import signature
from typing import Any

from conformance.adapters import TorchStyle
from conformance.checks.difference import Difference
from conformance.fills import Array
from conformance.opinfo.convert import Converter, answer
from conformance.opinfo.ops import SEED, Sample, compare_raised, judged, seeded, shared_dtypes, unexpected, witness_of

Given = tuple[list[Any], dict[str, Any]]
Facts = dict[str, Any]


def class_of(library: Any, info: Any) -> Any:
    """The library's class of an entry, or None where it has none."""
    return getattr(library.nn, info.module_cls.__name__, None)


def samples(info: Any, convert: Converter, dtype: str | None = None, number: int | None = None) -> Iterator[Sample]:
    """The results of an entry's inputs in training and in evaluation, each in a fresh module of the same seed.

    What a fresh module has: the repr, the keys of the state_dict, the initial values bit for bit, those of a lazy
    module once it has seen its input. What a call gives, after torch's state was loaded: the output, the gradients of
    inputs and parameters, the state after it.

    Args:
        info: an entry of `module_db`.
        convert: between torch and the library.
        dtype: only the dtype of this token.
        number: only the sample of this number; those in training come first.
    """
    for kind, token in shared_dtypes(info.dtypes, dtype):
        made = [
            (given, training)
            for training in (True, False)
            for given in seeded(partial(info.module_inputs_func, info, "cpu", kind, True, training))
        ]
        for place, (given, training) in enumerate(made):
            if number in (None, place) and given.forward_input is not None:
                input = _Input(info, kind, _given(given.constructor_input), _given(given.forward_input), training)
                yield _sample(input, convert, Sample(info.name, token, place, "sample"))


def errors(info: Any, convert: Converter, number: int | None = None) -> Iterator[Sample]:
    """The results of an entry's error inputs: both raise, the same type and text."""
    if info.module_error_inputs_func is None:
        return
    torch = convert.torch.library
    given = seeded(partial(info.module_error_inputs_func, info, "cpu", torch.float32, False, False))
    for place, error in enumerate(given):
        if number in (None, place):
            sample = error.module_error_input
            theirs = partial(_attempt, class_of(torch, info), lambda value: value, sample)
            ours = partial(_attempt, class_of(convert.candidate.library, info), convert.there, sample)
            yield compare_raised(Sample(info.name, "any", place, "error"), theirs, ours)


def _attempt(kind: Any, there: Callable[[Any], Any], sample: Any) -> None:
    """Make the module, and call it where the input has something to call it with."""
    args, kwargs = there(_given(sample.constructor_input))
    module = kind(*args, **kwargs)
    if sample.forward_input is not None:
        args, kwargs = there(_given(sample.forward_input))
        module(*args, **kwargs)


def _given(sample: Any) -> Given:
    return [*sample.args], {**sample.kwargs}


@dataclass(frozen=True)
class _Input:
    """One of torch's inputs of a module.

    Attributes:
        info: the entry.
        dtype: torch's, that parameters have.
        made: the constructor's arguments.
        forward: the call's.
        training: whether the module is in training.
    """

    info: Any
    dtype: Any
    made: Given
    forward: Given
    training: bool


def _sample(input: _Input, convert: Converter, label: Sample) -> Sample:
    torch, candidate = convert.torch, convert.candidate

    def witness(single: bool) -> dict[str, Array]:
        module, _ = _make(torch, input, lambda value: value)
        module.to(convert.witness(input.dtype, single=single))
        return _answer(torch, module, convert.witness(input.forward, single=single))

    try:
        module, facts = _make(torch, input, lambda value: value)
        state = {name: value.clone() for name, value in module.state_dict().items()}
        torch.library.manual_seed(SEED)
        before = torch.library.get_rng_state()
        expected = _answer(torch, module, input.forward)
    except Exception:  # whatever torch cannot do with its own input is no matter of the library
        return replace(label, skipped=True)
    drawn = not torch.library.equal(before, torch.library.get_rng_state())
    try:
        module, found = _make(candidate, input, convert.there)
        module.load_state_dict(convert.there(state))
        got = _answer(candidate, module, convert.there(input.forward))
    except Exception as error:  # a library may raise anything
        return replace(label, differences=(unexpected(error),))

    def moved(way: int) -> dict[str, Array]:
        module, _ = _make(torch, input, lambda value: value)
        module.load_state_dict(convert.neighbouring(state, way))
        return _answer(torch, module, convert.neighbouring(input.forward, way))

    see = None if drawn else partial(witness_of, witness, label.dtype)
    return replace(label, differences=(*_facts(facts, found), *judged(expected, got, see, moved)))


def _make(adapter: TorchStyle, input: _Input, there: Callable[[Any], Any]) -> tuple[Any, Facts]:
    """A fresh module of the library's, lazy ones filled, and what can be read off it.

    The dtype is given to the constructor where torch's takes one; elsewhere what the module holds is cast.
    """
    args, kwargs = there(input.made)
    adapter.library.manual_seed(SEED)
    takes = "dtype" in signature(input.info.module_cls).parameters
    module = class_of(adapter.library, input.info)(*args, **kwargs, **({"dtype": there(input.dtype)} if takes else {}))
    facts: Facts = {"repr": repr(module)}
    if not takes and module.state_dict():
        module.to(there(input.dtype))
    if hasattr(module, "initialize_parameters"):
        module.eval()
        args, kwargs = there(input.forward)
        module(*args, **kwargs)
        facts["repr after a call"] = repr(module)
    module.train(input.training)
    return module, facts | {f"state_dict {name}": array for name, array in _state(adapter, module).items()}


def _answer(adapter: TorchStyle, module: Any, forward: Given) -> dict[str, Array]:
    """What a call of the module gives under the seed, and the state after it."""
    adapter.library.manual_seed(SEED)
    found = answer(adapter, module, *forward, module)
    return found | {f"state {name}": array for name, array in _state(adapter, module).items()}


def _state(adapter: TorchStyle, module: Any) -> dict[str, Array]:
    return {name: adapter.array(value).copy() for name, value in module.state_dict().items()}


def _facts(expected: Facts, got: Facts) -> Iterator[Difference]:
    if list(expected) != list(got):
        yield Difference("module", "state_dict keys", ", ".join(expected), ", ".join(got))
    for name in [name for name in expected if name in got]:
        theirs, ours = expected[name], got[name]
        if isinstance(theirs, str):
            if theirs != ours:
                yield Difference("module", name, theirs, ours)
        elif (theirs.dtype, theirs.shape) != (ours.dtype, ours.shape) or theirs.tobytes() != ours.tobytes():
            told = (f"{value.dtype} {value.shape} {value.ravel()[:3]}" for value in (theirs, ours))
            yield Difference("module", name, *told)
