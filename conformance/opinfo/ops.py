"""The sample and error inputs of torch's `op_db`.

May import: `conformance.adapters`, `conformance.checks` and its neighbours; torch's test material when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

from conformance.adapters import TorchStyle
from conformance.case import DTYPES
from conformance.checks.difference import Difference, Raised
from conformance.fills import Array
from conformance.opinfo.compare import compare
from conformance.opinfo.convert import Converter, answer

TOKENS = {name: token for token, name in DTYPES.items()} | {"bool": "bool"}


@dataclass(frozen=True)
class Sample:
    """One input of one entry, and what differs.

    Attributes:
        entry: the name of the op or module in torch's table.
        dtype: the token of the dtype; `any` of an error input.
        number: its place among the entry's inputs of that dtype.
        kind: `sample` or `error`.
        differences: what was found.
        skipped: whether torch itself could not do it.
    """

    entry: str
    dtype: str
    number: int
    kind: str
    differences: tuple[Difference, ...] = ()
    skipped: bool = False

    def __str__(self) -> str:
        return f"{self.entry} {self.dtype} {self.kind}{self.number}"


SEED = 42
"""That torch's table sets before an operation that draws numbers."""


def function_of(library: Any, op: Any) -> Any:
    """The library's function of an entry, or its method, or its attribute of a tensor; None where it has none.

    What `torch.float` and its kin name in a library is a dtype; the entry means the method. An operation in place is
    done to a copy, as torch's table does it.
    """
    function = _found(library, op.name)
    if function is None or isinstance(function, library.dtype):
        names = {name for kind in library.Tensor.__mro__[:-1] for name in vars(kind)}
        function = getattr(library.Tensor, op.name) if op.name in names else None
    if op.name.endswith("_") and not op.name.startswith("_") and function is not None:
        return lambda input, *args, **kwargs: function(input.clone(), *args, **kwargs)
    return function if function is None or callable(function) else attrgetter(op.name)


def _found(owner: Any, path: str) -> Any:
    try:
        return attrgetter(path)(owner)
    except AttributeError:
        return None


def samples(op: Any, convert: Converter, dtype: str | None) -> Iterator[Sample]:
    """The results of an entry's sample inputs, in every dtype that it has on the CPU and NumPy has too.

    Args:
        op: an entry of `op_db`.
        convert: between torch and the library.
        dtype: only the dtype of this token.
    """
    function = function_of(convert.candidate.library, op)
    differentiable = op.supported_backward_dtypes("cpu")
    for kind in sorted(op.supported_dtypes("cpu"), key=str):
        token = TOKENS.get(str(kind).removeprefix("torch."))
        if token is None or dtype not in (None, token):
            continue
        for number, sample in enumerate(op.sample_inputs("cpu", kind, requires_grad=kind in differentiable)):
            yield _sample(op, function, convert, Sample(op.formatted_name, token, number, "sample"), sample)


def _sample(op: Any, function: Any, convert: Converter, label: Sample, sample: Any) -> Sample:
    given = [sample.input, *sample.args], dict(sample.kwargs)
    try:
        expected = _seeded(convert.torch, op.op, given)
    except Exception:  # whatever torch cannot do with its own sample is no matter of the library
        return replace(label, skipped=True)
    wide = _wide(op, convert, given)
    try:
        got = _seeded(convert.candidate, function, convert.there(given))
    except Exception as error:  # a library may raise anything
        told = Difference("outcome", "error", "no error", str(Raised(type(error).__name__, str(error))))
        return replace(label, differences=(told,))
    return replace(label, differences=tuple(compare(expected, got, wide, values="empty" not in op.name)))


def _seeded(adapter: TorchStyle, function: Any, given: tuple[list[Any], dict[str, Any]]) -> dict[str, Array]:
    adapter.library.manual_seed(SEED)
    return answer(adapter, function, *given)


def _wide(op: Any, convert: Converter, given: tuple[list[Any], dict[str, Any]]) -> dict[str, Array]:
    """Torch's answer in double precision; none of what draws numbers, which draws others there."""
    if "rand" in op.name or "bernoulli" in op.name:
        return {}
    try:
        return _seeded(convert.torch, op.op, convert.wide(given))
    except Exception:  # an operation without a double-precision form is compared with its own result
        return {}


def errors(op: Any, convert: Converter) -> Iterator[Sample]:
    """The results of an entry's error inputs: both raise, the same type and text."""
    if op.error_inputs_func is None:
        return
    function = function_of(convert.candidate.library, op)
    for number, error in enumerate(op.error_inputs("cpu")):
        args, kwargs = [error.sample_input.input, *error.sample_input.args], dict(error.sample_input.kwargs)
        there = convert.there((args, kwargs))
        calls = (partial(op.op, *args, **kwargs), partial(function, *there[0], **there[1]))
        yield compare_raised(Sample(op.formatted_name, "any", number, "error"), *calls)


def compare_raised(label: Sample, theirs: Callable[[], Any], ours: Callable[[], Any]) -> Sample:
    """The sample with what differs between the exceptions of two calls; torch's not raising is a skip."""
    expected, got = _raised(theirs), _raised(ours)
    if expected is None:
        return replace(label, skipped=True)
    if expected == got:
        return label
    check = "outcome" if got is None else "error text" if expected.kind == got.kind else "error type"
    return replace(label, differences=(Difference(check, "error", str(expected), str(got or "no error")),))


def _raised(call: Callable[[], Any]) -> Raised | None:
    try:
        call()
    except Exception as error:  # what is raised is what is compared
        return Raised(type(error).__name__, str(error))
    return None
