"""torch's modules for a test file: pyconv's, torch's own test kit from its source, absent ones for the rest.

May import: the standard library, `pyconv.swap`, `conformance.torch_tests.absent`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ContextDecorator, contextmanager, suppress
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location, spec_from_loader
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from conformance.torch_tests.absent import Absent, AbsentModule, LackingError, is_yielding
from pyconv.dtypes import dtype
from pyconv.swap import as_torch

KIT = (
    "torch.testing",
    "torch.torch_version",
    "torch._vendor",
    "torch.utils._import_utils",
    "torch.utils._pytree",
)
"""The modules, with what is below them, that are the installed torch's source: its test kit and what this needs."""

DTYPES = [
    "float4_e2m1fn_x2",
    "float8_e4m3fnuz",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
    "qint32",
    "qint8",
    "quint2x4",
    "quint4x2",
    "quint8",
]
"""dtypes that pyconv lacks."""


class AbsentDtype(dtype):
    """A dtype that pyconv lacks: it can be listed, no tensor has it."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> AbsentDtype:
        return self


_LAYOUTS = ("jagged", "sparse_bsc", "sparse_bsr", "sparse_coo", "sparse_csc", "sparse_csr")


def _no(*args: object, **kwargs: object) -> bool:  # noqa: ARG001
    return False


def _nothing(*args: object, **kwargs: object) -> None:  # noqa: ARG001
    return None


def _itself(function: object = None, **options: object) -> object:  # noqa: ARG001
    return function if callable(function) else _itself


def _no_swapping(value: bool) -> None:
    """Leave it that parameters are not swapped.

    Raises:
        LackingError: they are to be.
    """
    if value:
        raise LackingError("torch.__future__.set_swap_module_params_on_conversion")


def _assert_metadata_eq(assert_equal: Any, one: Any, other: Any, **options: object) -> None:  # noqa: ARG001
    """Whether two tensors are alike in all but their elements and where these are."""
    for name in ("dtype", "shape", "requires_grad", "is_leaf"):
        assert_equal(getattr(one, name), getattr(other, name))
    assert_equal(one.stride(), other.stride())


class _Unchanged(ContextDecorator):
    """Settings that change nothing: a context and a decorator."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        pass

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass


def _python_type(dtype: Any) -> type:
    """The Python type of a dtype's numbers."""
    if str(dtype) == "torch.bool":
        return bool
    return complex if dtype.is_complex else float if dtype.is_floating_point else int


GIVEN: Mapping[str, Mapping[str, object]] = {
    "torch": {
        **{name: Absent(f"torch.{name}") for name in _LAYOUTS},
        **{name: AbsentDtype(name, "u", 1, name, name) for name in DTYPES},
    },
    "torch._C": {
        "__path__": [],
        "_DisableFuncTorch": _Unchanged,
        "_TorchFunctionState": SimpleNamespace(ENABLED=None),
        "_get_privateuse1_backend_name": lambda: "privateuseone",
        "_get_torch_function_state": _nothing,
        "_len_torch_function_stack": lambda: 0,
        "has_lapack": True,
    },
    "torch.cuda": {"is_tf32_supported": _no},
    "torch.compiler": {"set_stance": _Unchanged},
    "torch._dynamo": {
        "config": SimpleNamespace(suppress_errors=False, compiled_autograd=False),
        "disable": _itself,
        "is_compiling": _no,
        "reset": _nothing,
    },
    "torch._inductor": {"config": SimpleNamespace(patch=_Unchanged)},
    "torch._inductor.utils": {"GPU_TYPES": ["cuda"]},
    "torch._library.opaque_object": {"is_opaque_type": _no},
    "torch._logging.scribe": {"open_source_signpost": _nothing},
    "torch._prims_common": {"dtype_to_type": _python_type},
    "torch._subclasses.meta_utils": {"assert_metadata_eq": _assert_metadata_eq},
    "torch._utils": {"_element_size": lambda dtype: dtype.itemsize, "_is_privateuse1_backend_available": _no},
    "torch._utils_internal": {"get_writable_path": lambda path: path},
    "torch.__future__": {
        "get_swap_module_params_on_conversion": _no,
        "set_swap_module_params_on_conversion": _no_swapping,
    },
    "torch.cpu": {
        "_is_amx_fp16_supported": _no,
        "_is_avx2_supported": _no,
        "_is_avx512_supported": _no,
        "get_capabilities": dict,
    },
    "torch.hpu": {"is_available": _no},
    "torch.mps": {"is_available": _no},
    "torch.sparse": {
        "check_sparse_tensor_invariants": SimpleNamespace(is_enabled=_no, enable=_nothing, disable=_nothing),
    },
    "torch.utils._mode_utils": {"no_dispatch": _Unchanged},
    "torch.version": {"cuda": None, "hip": None, "xpu": None, "debug": False},
    "torch.xpu": {"is_available": _no, "device_count": lambda: 0},
}
"""What the test kit asks of modules, and pyconv lacks: no such device, no such compiler."""

NOT_THERE = ("torch._foreach_copy", "torch._foreach_zero", "torch.copy", "torch.zero")
"""What the test kit looks for and does not find in torch either."""


class _Given(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = AbsentModule(spec.name)
        module.__dict__.update(GIVEN.get(spec.name, {}))
        return module

    def exec_module(self, module: ModuleType) -> None:
        pass


class Finder(MetaPathFinder):
    """Finds the test kit in torch's source, the library's modules by its finder, and absent ones where it has none.

    Args:
        folder: of the installed torch.
        library: the finder of the library's modules.
    """

    def __init__(self, folder: Path, library: MetaPathFinder) -> None:
        self.folder = folder
        self.library = library

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith("torch."):
            return None
        if any(f"{fullname}.".startswith(f"{kit}.") for kit in KIT):
            return _source(fullname, self.folder.joinpath(*fullname.split(".")[1:]))
        try:
            return self.library.find_spec(fullname, path, target)
        except ModuleNotFoundError:
            if fullname in NOT_THERE or (not is_yielding() and fullname not in GIVEN):
                raise
            return spec_from_loader(fullname, _Given(), is_package=True)


def _source(name: str, path: Path) -> ModuleSpec | None:
    if (path / "__init__.py").is_file():
        return spec_from_file_location(name, path / "__init__.py", submodule_search_locations=[str(path)])
    return spec_from_file_location(name, path.with_suffix(".py"))


def add_names(module: ModuleType, values: Mapping[str, object]) -> None:
    """Give a module the names that it lacks.

    Example:
        >>> module = ModuleType("m")
        >>> module.there = 1
        >>> add_names(module, {"there": 2, "lacking": 3})
        >>> module.there, module.lacking
        (1, 3)
    """
    module.__dict__.update({name: value for name, value in values.items() if not hasattr(module, name)})


@contextmanager
def in_torchs_place() -> Iterator[None]:
    """Have `import torch` find pyconv, with torch's test kit, inside a `with` block.

    Raises:
        ModuleNotFoundError: torch is not installed.
    """
    found = find_spec("torch")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("torch is not installed", name="torch")
    with as_torch():
        library = next(finder for finder in sys.meta_path if type(finder).__module__ == "pyconv.swap.finder")
        import_module("torch")
        finder = Finder(Path(found.origin).parent, library)
        sys.meta_path.insert(0, finder)
        try:
            for name, values in GIVEN.items():
                with suppress(ModuleNotFoundError):
                    add_names(import_module(name), values)
            yield
        finally:
            sys.meta_path.remove(finder)
