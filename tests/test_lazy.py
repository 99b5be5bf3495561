"""Names that are imported when they are first asked for."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import pyconv
from pyconv.lazy import Later, family

PACKAGES = ("pyconv", "pyconv.nn", "pyconv.nn.functional", "pyconv.nn.modules", "pyconv.functions", "pyconv.autograd")


def fresh(statement):
    """What a statement prints in a new interpreter."""
    code = f"import sys; sys.path[:0] = {sys.path!r}; {statement}"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_of_a_table_is_in_its_module(package):
    for home, names in importlib.import_module(package)._HOMES.items():
        module = importlib.import_module(home if home.startswith("pyconv.") else f"{package}.{home}")
        assert [name for name in names if not hasattr(module, name)] == [], home


@pytest.mark.parametrize("package", PACKAGES[2:5])
def test_every_public_name_of_a_module_is_in_the_table(package):
    tables = importlib.import_module(package)._HOMES
    folder = Path(importlib.import_module(package).__file__).parent
    for path in folder.glob("*.py"):
        module = importlib.import_module(f"{package}.{path.stem}") if path.stem != "__init__" else None
        if path.stem in tables and path.stem != "module":
            assert set(getattr(module, "__all__", tables[path.stem])) <= set(tables[path.stem]), path.stem


def test_importing_the_package_leaves_the_tensor_for_later():
    loaded = fresh("import pyconv; print(*(name for name in sys.modules if name.startswith('pyconv')))").split()
    assert "pyconv.tensor.tensor" not in loaded
    assert len(loaded) < 10


def test_a_function_is_seen_where_a_module_has_its_name():
    statement = "import pyconv.nn.functional.pad, pyconv.nn.functional as F; print(callable(F.pad), callable(F.fold))"
    assert fresh(statement) == "True True"


def test_a_module_of_a_package_is_an_attribute_of_it():
    assert fresh("import pyconv; print(pyconv.nn.modules.batchnorm.__name__)") == "pyconv.nn.modules.batchnorm"


def test_what_nobody_has_is_an_attribute_error_in_torchs_words():
    for module, name in ((pyconv, "torch"), (pyconv.nn, "torch.nn"), (pyconv.nn.functional, "torch.nn.functional")):
        with pytest.raises(AttributeError, match=f"^module '{name}' has no attribute 'frobnicate'$"):
            getattr(module, "frobnicate")  # noqa: B009


def test_dir_lists_what_has_not_been_asked_for():
    assert fresh("import pyconv; print('relu' in dir(pyconv), 'Conv2d' in dir(pyconv.nn))") == "True True"


def test_a_family_is_imported_when_something_of_it_is_called():
    statement = (
        "from pyconv.lazy import family; made = family('colorsys'); f = made.rgb_to_hsv; "
        "print('colorsys' in sys.modules, f(0, 0, 0), 'colorsys' in sys.modules)"
    )
    assert fresh(statement) == "False (0.0, 0.0, 0) True"
    assert family("math").gcd(4, 6) == 2


def test_an_attribute_for_later_is_made_once():
    made = []

    class Owner:
        method = Later(lambda: made.append(1) or (lambda self: self))

    owner = Owner()
    assert owner.method() is owner
    assert owner.method() is owner
    assert made == [1]
