"""torch.jit.annotations: the names of types that programs write for a compiler; they are the standard library's.

May import: the standard library.
"""

from typing import Any, Dict, List, Optional, Tuple, Union  # noqa: UP035

__all__ = ["Any", "Dict", "List", "Optional", "Tuple", "Union"]
