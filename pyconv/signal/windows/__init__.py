"""torch.signal.windows: windows for spectra and for the design of filters, symmetric unless asked for otherwise.

Each is torch's row of operations, so that its graph is torch's too; values of single precision are within 2e-6 of
torch's, as its linspace rounds otherwise. A periodic window is a symmetric one of a value more, without that value.
May import: its neighbours.
"""

from pyconv.signal.windows.cosine_sums import blackman, general_cosine, general_hamming, hamming, hann, nuttall
from pyconv.signal.windows.curves import bartlett, cosine, exponential, gaussian, kaiser

__all__ = [
    "bartlett",
    "blackman",
    "cosine",
    "exponential",
    "gaussian",
    "general_cosine",
    "general_hamming",
    "hamming",
    "hann",
    "kaiser",
    "nuttall",
]
