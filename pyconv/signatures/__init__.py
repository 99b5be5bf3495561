"""torch's signatures: a call that does not fit one gets torch's TypeError with torch's text.

May import: NumPy, `pyconv.dtypes`, `pyconv.size`, `pyconv.autograd`.
"""

from pyconv.signatures.declare import function, in_place, method, signature, written
from pyconv.signatures.values import is_int, plain, plain_list, type_name

__all__ = ["function", "in_place", "is_int", "method", "plain", "plain_list", "signature", "type_name", "written"]
