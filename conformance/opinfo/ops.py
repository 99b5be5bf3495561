"""The sample and error inputs of torch's `op_db`.

May import: `conformance.adapters`, `conformance.checks` and its neighbours; torch's test material when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

from conformance.adapters import TorchStyle
from conformance.case import DTYPES
from conformance.checks.difference import Difference, Raised
from conformance.fills import Array
from conformance.opinfo.compare import Witness, compare
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
"""Set before torch's table makes its inputs, and before each call, so that a sample is the same by itself."""

MASKED = ("nn_functional_scaled_dot_product_attention", "nn_functional_multi_head_attention_forward")
"""They draw which numbers to drop, the same in every precision, and go on to compute with the others."""


def function_of(library: Any, op: Any) -> Any:
    """The library's function of an entry, or what stands for it; None where nothing does.

    It is looked for by the entry's name: a function by its path (`nn.functional.pad`); else a method of tensors, or an
    attribute (`T`); else the method that does it in place (`uniform_`), which is done to a copy. What `torch.float`
    and its kin name in a library is a dtype; the entry means the method.

    Args:
        library: one with torch's API, torch itself too.
        op: an entry of `op_db`.
    """
    function = None if op.variant_test_name == "in_place" else _found(library, op.name)
    if function is None or isinstance(function, library.dtype):
        names = {name for kind in library.Tensor.__mro__[:-1] for name in vars(kind)}
        wanted = [op.name, f"{op.name}_"][op.variant_test_name == "in_place" :]
        name = next((name for name in wanted if name in names), op.name)
        function = getattr(library.Tensor, name) if name in names else None
    else:
        name = op.name
    if name.endswith("_") and not name.startswith("_") and function is not None:
        return lambda input, *args, **kwargs: function(input.clone(), *args, **kwargs)
    return function if function is None or callable(function) else attrgetter(op.name)


def _found(owner: Any, path: str) -> Any:
    try:
        return attrgetter(path)(owner)
    except AttributeError:
        return None


def samples(op: Any, convert: Converter, dtype: str | None = None, number: int | None = None) -> Iterator[Sample]:
    """The results of an entry's sample inputs, in every dtype that it has on the CPU and NumPy has too.

    Args:
        op: an entry of `op_db`.
        convert: between torch and the library.
        dtype: only the dtype of this token.
        number: only the sample of this number.
    """
    functions = [function_of(adapter.library, op) for adapter in (convert.torch, convert.candidate)]
    differentiable = op.supported_backward_dtypes("cpu")
    for kind, token in shared_dtypes(op.supported_dtypes("cpu"), dtype):
        makes = partial(op.sample_inputs, "cpu", kind, requires_grad=kind in differentiable)
        for place, sample in enumerate(seeded(makes)):
            if number in (None, place):
                yield _sample(functions, convert, Sample(op.formatted_name, token, place, "sample"), sample)


def shared_dtypes(kinds: Iterable[Any], dtype: str | None) -> list[tuple[Any, str]]:
    """Those of torch's dtypes that NumPy has too, with their tokens, or only the one of a token.

    Example:
        >>> shared_dtypes(["torch.float16", "torch.complex32", "torch.bool"], None)
        [('torch.bool', 'bool'), ('torch.float16', 'f16')]
    """
    named = [(kind, TOKENS.get(str(kind).removeprefix("torch."))) for kind in sorted(kinds, key=str)]
    return [(kind, token) for kind, token in named if token is not None and dtype in (None, token)]


def seeded(makes: Callable[[], Iterable[Any]]) -> list[Any]:
    """What torch's table makes, which it draws from three generators; all of it, before any call draws from them."""
    from torch.testing._internal.common_utils import set_rng_seed

    set_rng_seed(SEED)
    return list(makes())


def _sample(functions: list[Any], convert: Converter, label: Sample, sample: Any) -> Sample:
    torch, candidate = convert.torch, convert.candidate
    given = convert.leaves(([sample.input, *sample.args], dict(sample.kwargs)))

    def seeded_answer(adapter: TorchStyle, call: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Array]:
        adapter.library.manual_seed(SEED)
        return answer(adapter, call, args, kwargs)

    def witness(single: bool) -> dict[str, Array]:
        return seeded_answer(torch, functions[0], *convert.witness(given, single=single))

    try:
        before = torch.library.manual_seed(SEED).get_state()
        expected = answer(torch, functions[0], *given)
    except Exception:  # whatever torch cannot do with its own sample is no matter of the library
        return replace(label, skipped=True)
    drawn = not torch.library.equal(before, torch.library.get_rng_state())
    try:
        got = seeded_answer(candidate, functions[1], *convert.there(given))
    except Exception as error:  # a library may raise anything
        return replace(label, differences=(unexpected(error),))

    def moved(way: int) -> dict[str, Array]:
        return seeded_answer(torch, functions[0], *convert.neighbouring(given, way))

    if "empty" in label.entry:
        return replace(label, differences=tuple(compare(expected, got, Witness({}), values=False)))
    see = None if drawn and label.entry not in MASKED else partial(witness_of, witness, label.dtype)
    return replace(label, differences=tuple(judged(expected, got, see, moved)))


def judged(
    expected: dict[str, Array],
    got: dict[str, Array],
    see: Callable[[], Witness] | None,
    moved: Callable[[int], dict[str, Array]],
) -> list[Difference]:
    """What differs; values that do are held to torch's error, which is asked for then, as are neighbouring operands.

    Equal values are right whatever torch's error is.

    Args:
        expected: torch's answer.
        got: the library's.
        see: gives torch's in another precision; None where values are to be equal.
        moved: gives torch's to operands moved in one of several ways.
    """
    found = list(compare(expected, got, Witness({}), exact=True))
    if see is None or not _values_differ(found):
        return found
    witness = see()
    found = list(compare(expected, got, witness))
    if not _values_differ(found):
        return found
    try:
        answers = tuple(moved(way) for way in range(_WAYS))
    except Exception:  # what torch refuses says nothing of its error
        return found
    return list(compare(expected, got, replace(witness, moved=answers)))


def _values_differ(found: Iterable[Difference]) -> bool:
    return any(difference.check == "value" for difference in found)


_WAYS = 8


def unexpected(error: Exception) -> Difference:
    """What a library raised where torch answers."""
    return Difference("outcome", "error", "no error", str(Raised(type(error).__name__, str(error))))


def witness_of(run: Callable[[bool], dict[str, Array]], dtype: str) -> Witness:
    """Torch's answer in another precision; empty where torch has none.

    Args:
        run: gives the answer, in single precision or else in double.
        dtype: the token of the sample's own.
    """
    single = dtype in ("f64", "complex128")
    try:
        return Witness(run(single), single)
    except Exception:  # an operation without a form in that precision is compared with its own result
        return Witness({}, single)


def errors(op: Any, convert: Converter, number: int | None = None) -> Iterator[Sample]:
    """The results of an entry's error inputs: both raise, the same type and text."""
    if op.error_inputs_func is None:
        return
    functions = [function_of(adapter.library, op) for adapter in (convert.torch, convert.candidate)]
    for place, error in enumerate(seeded(partial(op.error_inputs, "cpu"))):
        if number in (None, place):
            given = [error.sample_input.input, *error.sample_input.args], dict(error.sample_input.kwargs)
            theirs = partial(_call, functions[0], lambda value: value, given)
            ours = partial(_call, functions[1], convert.there, given)
            yield compare_raised(Sample(op.formatted_name, "any", place, "error"), theirs, ours)


def _call(function: Any, there: Callable[[Any], Any], given: tuple[list[Any], dict[str, Any]]) -> Any:
    args, kwargs = there(given)
    return function(*args, **kwargs)


def compare_raised(label: Sample, theirs: Callable[[], Any], ours: Callable[[], Any]) -> Sample:
    """The sample with what differs between the exceptions of two calls; torch's not raising is a skip."""
    got = _raised(ours)  # first, for torch's own call may leave a sample's tensors changed
    expected = _raised(theirs)
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
