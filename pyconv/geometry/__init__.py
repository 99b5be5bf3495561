"""The sizes of windows and convolutions, computed once, and every shape error that they can have.

May import: NumPy and the standard library.

Legend, used in the whole package: N batch, C channels in, O channels out, G groups; D, H, W depth, height and
width; x input, w weight, b bias, y output, and gx, gw, gb, gy the gradients with respect to them.
"""

from pyconv.geometry.checks import check_rank
from pyconv.geometry.conv import Conv
from pyconv.geometry.sizes import Pairs, Size, expand, same_padding, size_text
from pyconv.geometry.window import Window

__all__ = ["Conv", "Pairs", "Size", "Window", "check_rank", "expand", "same_padding", "size_text"]
