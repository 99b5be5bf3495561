"""Reductions and running totals as methods: x.sum(), x.max(1), x.cumsum_(0), x.softmax(-1).

May import: all of pyconv below `tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.lazy import family
from pyconv.signatures import in_place, method

covariance = family("pyconv.functions.covariance")
cumulative = family("pyconv.functions.cumulative")
differences = family("pyconv.functions.differences")
distances = family("pyconv.functions.distances")
extrema = family("pyconv.functions.extrema")
histograms = family("pyconv.functions.histograms")
norms = family("pyconv.functions.norms")
order_statistics = family("pyconv.functions.order_statistics")
reductions = family("pyconv.functions.reductions")
softmaxes = family("pyconv.functions.softmaxes")
statistics = family("pyconv.functions.statistics")


class ReductionMethods:
    """What a tensor reduces to, over all elements or over dimensions.

    Example:
        >>> import pyconv
        >>> pyconv.tensor([[1.0, 2.0], [3.0, 4.0]]).sum(0)
        tensor([4., 6.])
    """

    __slots__ = ()

    sum = method(reductions.sum)
    mean = method(reductions.mean)
    nansum = method(reductions.nansum)
    nanmean = method(reductions.nanmean)
    prod = method(reductions.prod)
    all = method(reductions.all)
    any = method(reductions.any)
    count_nonzero = method(reductions.count_nonzero)
    logsumexp = method(reductions.logsumexp)
    trace = method(reductions.trace)

    var = method(statistics.var)
    std = method(statistics.std)
    quantile = method(statistics.quantile)
    nanquantile = method(statistics.nanquantile)

    max = method(extrema.max)
    min = method(extrema.min)
    amax = method(extrema.amax)
    amin = method(extrema.amin)
    aminmax = method(extrema.aminmax)
    argmax = method(extrema.argmax)
    argmin = method(extrema.argmin)
    median = method(order_statistics.median)
    nanmedian = method(order_statistics.nanmedian)
    mode = method(order_statistics.mode)
    kthvalue = method(order_statistics.kthvalue)

    cumsum = method(cumulative.cumsum)
    cumsum_ = in_place(cumulative.cumsum)
    cumprod = method(cumulative.cumprod)
    cumprod_ = in_place(cumulative.cumprod)
    cummax = method(cumulative.cummax)
    cummin = method(cumulative.cummin)
    logcumsumexp = method(cumulative.logcumsumexp)

    softmax = method(softmaxes.softmax)
    log_softmax = method(softmaxes.log_softmax)

    cov = method(covariance.cov)
    corrcoef = method(covariance.corrcoef)
    diff = method(differences.diff)
    bincount = method(histograms.bincount)
    histc = method(histograms.histc)
    histogram = method(histograms.histogram)
    dist = method(distances.dist)
    renorm = method(norms.renorm)
    renorm_ = in_place(norms.renorm)

    def norm(self, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
        """`pyconv.norm` of this tensor."""
        return norms.norm(self, p, dim, keepdim, dtype=dtype)
