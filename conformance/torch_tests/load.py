"""A test file as a module.

May import: the standard library, `conformance.torch_tests`.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from conformance.torch_tests.absent import stand_in, yield_names, yielding

_FROM = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


def load(path: Path, most: int = 500) -> ModuleType:
    """Import a test file, again for each name that pyconv lacks, with an absent one in its place.

    Args:
        path: of the file, in torch's folder `test`, or one below it.
        most: how many names may be lacking.

    Raises:
        Exception: what the file raises, other than for a lacking name.
    """
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    for _ in range(most):
        try:
            with yielding():
                return import_module(path.stem)
        except (AttributeError, ImportError) as error:  # noqa: PERF203
            place = lacking(error)
            if place is None:
                raise
            owner, name = place
            if isinstance(error, AttributeError):  # the file may have changed what the kit lists for it
                sys.modules.pop("torch.testing._internal.common_nn", None)
            if isinstance(owner, ModuleType) and torchs_name(owner) != owner.__name__:
                yield_names(owner)
                continue
            made = getattr(owner, f"get_{name}", None)  # what later versions of the test kit make when asked
            setattr(owner, name, stand_in(f"{torchs_name(owner)}.{name}") if made is None else made())
    raise ImportError(f"{path} uses more than {most} names that are lacking")


def lacking(error: BaseException) -> tuple[ModuleType | type, str] | None:
    """The module or class of the library's, and the name that it lacks, if that is what an error says.

    Example:
        >>> import pyconv
        >>> try:
        ...     pyconv.cuda.nvtx
        ... except AttributeError as error:
        ...     print(lacking(error)[1])
        nvtx
    """
    owner: object = None
    if isinstance(error, AttributeError) and error.name is not None:
        owner, name = error.obj, error.name
    elif isinstance(error, ImportError) and (found := _FROM.search(str(error))):
        owner, name = sys.modules.get(found[2]), found[1]
    if not isinstance(owner, (ModuleType, type)):
        owner = None if owner is None else type(owner)
    if owner is None or not torchs_name(owner).startswith("torch"):
        return None
    return owner, name


def torchs_name(owner: ModuleType | type) -> str:
    """A module or class by torch's name for it.

    Example:
        >>> import pyconv
        >>> torchs_name(pyconv.cuda), torchs_name(pyconv.Tensor), torchs_name(pyconv.nn.Conv2d)
        ('torch.cuda', 'torch.Tensor', 'torch.nn.modules.conv.Conv2d')
    """
    name = owner.__name__ if isinstance(owner, ModuleType) else f"{owner.__module__}.{owner.__qualname__}"
    name = "pyconv.Tensor" if name == "pyconv.tensor.tensor.Tensor" else name
    root, _, rest = name.partition(".")
    return ".".join(["torch", *[rest][: bool(rest)]]) if root == "pyconv" else name
