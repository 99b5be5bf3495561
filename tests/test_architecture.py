"""The import layers of the package, and what importing it loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pyconv

PACKAGE = Path(pyconv.__file__).parent

# Each line imports only lines above it; packages on one line do not import each other.
LAYERS = (
    ("pyconv.lazy", "pyconv.meta", "pyconv.naming", "pyconv.size", "pyconv.warned"),
    ("pyconv.geometry", "pyconv.dtypes", "pyconv.return_types"),
    ("pyconv.kernels", "pyconv.autograd", "pyconv.limits", "pyconv.random", "pyconv.printing"),
    ("pyconv.ops", "pyconv.signatures"),
    ("pyconv.functions",),
    ("pyconv.tensor",),
    (
        "pyconv.nn.functional",
        "pyconv.nn.init",
        "pyconv.nn.grad",
        "pyconv.nn.parameter",
        "pyconv.nn.utils.rnn",
        "pyconv.signal",
    ),
    ("pyconv.autograd.functional",),
    ("pyconv.nn.modules",),
    ("pyconv.nn",),
    ("pyconv.optim", "pyconv.serialization", "pyconv.jit", "pyconv.megengine"),
    ("pyconv.hub", "pyconv.amp"),
    ("pyconv.utils",),
    ("pyconv.swap",),
    ("pyconv",),
)
RANK = {package: rank for rank, line in enumerate(LAYERS) for package in line}
ALLOWED_LAZILY = {"ml_dtypes", "threadpoolctl"}


def package_of(module):
    """The layer's package that a module belongs to."""
    return max((name for name in RANK if module == name or module.startswith(f"{name}.")), key=len)


def module_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """Every module that a file names in an import, `from package import module` made whole."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = (PACKAGE.parent / whole.replace(".", "/")).with_suffix(".py").exists()
                is_package = (PACKAGE.parent / whole.replace(".", "/") / "__init__.py").exists()
                yield whole if is_module or is_package else node.module


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_file_imports_only_the_layers_above_it(path):
    own = package_of(module_of(path))
    for name in imports(path):
        if name == "pyconv" or name.startswith("pyconv."):
            other = package_of(name)
            assert other == own or RANK[other] < RANK[own], f"{module_of(path)} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_file_imports_numpy_and_the_standard_library_alone(path):
    allowed = {"numpy", "pyconv", *sys.stdlib_module_names, *ALLOWED_LAZILY}
    assert {name.partition(".")[0] for name in imports(path)} <= allowed


def loaded_by(statement):
    """The top-level modules in memory after a statement, in a fresh interpreter."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; {statement}; print(*{{m.partition('.')[0] for m in sys.modules}})"
    ran = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_importing_the_package_loads_numpy_and_the_standard_library_alone():
    numpy = loaded_by("import numpy.random")
    assert loaded_by("import pyconv") - numpy <= {"pyconv", *sys.stdlib_module_names}


def test_the_layer_check_sees_an_upward_import(tmp_path):
    file = tmp_path / "kernel.py"
    file.write_text("from pyconv.nn import functional\n", encoding="utf-8")
    assert list(imports(file)) == ["pyconv.nn.functional"]
    assert RANK[package_of("pyconv.nn.functional")] > RANK[package_of("pyconv.kernels.conv.plan")]
