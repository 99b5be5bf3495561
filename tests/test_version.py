"""What the version is, and that there is no accelerator."""

import pyconv


def test_there_is_no_accelerator():
    version = pyconv.version
    assert version.__version__ == pyconv.__version__
    assert version.cuda is version.hip is version.xpu is version.rocm is None
    assert not version.debug
