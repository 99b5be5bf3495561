"""Reductions, norms and sorting beside torch: what torch's own samples lack, its texts, warnings and names of nodes."""

import re
import warnings

import numpy as np
import pytest
import torch

import pyconv

X = np.array([[1.0, 0.0, 3.0], [4.0, 5.0, 6.0]])


def outcome(library, call):
    """What a call gives, or raises, and the warnings without the place in torch's source."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = repr(call(library, library.tensor(X)))
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
    return result, [re.sub(r" \(Triggered.*", "", str(w.message)) for w in caught]


CALLS = """
x.sum(dim=None, keepdim=True)      x.sum('a')             x.sum(7)
x.mean(0.5)                        x.var(dim=[])            x.var(0, correction=5)   x.std(0, False, True)
m.tensor(2.0).std()                m.var_mean(x, 0)         m.std_mean(x, 1, True)   x.var(False)
x.max(0.5)                         x.max(dim=0.5)           x.max(0)               x.min(1, True)
m.max(2, m.tensor(3))              x.aminmax()              x.amax(None)           x.amax((0, -2))
x.argmax(None)                     x.argmax(keepdim=True)   x.bool().argmax()      m.tensor(3.0).max(0, keepdim=True)
m.zeros(0, 2).max()                m.zeros(0, 2).mode(0)    m.zeros(0, 2).amax(0)  m.zeros(2, 0).max(0)
x.cumsum()                         x.cumsum(0.5)            x.cummax(1)            x.cumsum(0, dtype=m.bool)
x.median(1)                        x.mode(0)                x.kthvalue(4)          x.kthvalue(2, 0, True)
x.quantile(1.5)                    x.quantile(0.4, dim=1)   x.nanquantile(0.4)  x.quantile(m.tensor([[0.1]]).double())
x.sort(stable=True)      x.sort(0, True)        m.tensor(3.0).topk(0)
x.topk(1.5)                        x.topk(2, dim=3)         x.topk(-1)             x.argsort(descending=True)
x.norm(2, dtype=m.float16)         x.norm('foo')            x.norm(p=None)         x.long().norm()
x.dist(1)                          m.cdist(x, x.float())    m.cdist(x, x[:, :1])   m.cdist(x[0], x)
x.renorm(-1, 0, 1)                 x.renorm(2, 7, 1)        x.trace()              x[0].trace()
m.trapezoid(x, dx=True)            m.gradient(x)            m.gradient(x, dim=5)   x.diff(prepend=m.zeros(1))
m.cov(m.tensor(2.0))               x.corrcoef()             x.histc(0)             x.histogram(2, range=(3, 1))
m.bincount(m.tensor([1, -2]))      m.unique(x, dim=5)       x.unique()             m.isin(1, m.tensor([1, 2]))
m.searchsorted(x, 3.0)             m.bucketize(3, x[0])     x.count_nonzero(0)     m.searchsorted(x[0], 3, side='foo')
x.softmax(5)                       x.softmax(0, m.float64)  x.long().softmax(0)    x.all(dim=())
x.logsumexp(None)                  x.prod(0, True)          x.nansum(dtype=m.int64)  x.long().nanmean()
"""
CALLS = [call for line in CALLS.strip().splitlines() for call in re.split(r"\s{2,}", line)]


@pytest.mark.parametrize("text", CALLS)
def test_results_errors_and_warnings_are_torchs(text):
    call = eval(f"lambda m, x: {text}")
    assert outcome(pyconv, call) == outcome(torch, call)


NODES = """
x.sum() x.sum(0) x.mean() x.mean(0) x.nansum() x.nanmean() x.prod() x.prod(0) x.var() x.std(0) x.max() x.max(0)[0]
x.amax() x.aminmax()[0] x.median() x.median(0)[0] x.nanmedian(0)[0] x.mode(0)[0] x.kthvalue(1)[0] x.cumsum(0)
x.cumprod(0) x.cummax(0)[0] x.logcumsumexp(0) x.logsumexp(0) x.softmax(0) x.log_softmax(0) x.trace() x.norm()
x.sort()[0] x.topk(1)[0] x.unique() x.quantile(0.5) x.cov() x.corrcoef() m.dist(x,x) m.cdist(x,x) m.unique(x,dim=0)
m.var_mean(x)[1] m.std_mean(x)[0] x.msort() x.diff() m.gradient(x)[0] x.histogram(3)[0]
"""


@pytest.mark.parametrize("text", NODES.split())
def test_nodes_have_torchs_names(text):
    names = [eval(text, {"m": m, "x": m.tensor(X, requires_grad=True)}).grad_fn.name() for m in (pyconv, torch)]
    assert names[0] == names[1]


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("text", ["x.max(1)", "x.argmin(1)", "x.cummax(1)", "x.cummin(1)", "x.mode(1)", "x.sort(1)"])
def test_among_few_equals_the_same_is_chosen(text, kind):
    x = np.random.default_rng(0).integers(0, 3, (40, 9)).astype(np.float64)
    x[0, 3] = np.nan
    found = [eval(text, {"x": m.tensor(x).to(getattr(m, kind))}) for m in (pyconv, torch)]
    for ours, theirs in zip(*([f] if not isinstance(f, tuple) else f for f in found), strict=True):
        np.testing.assert_array_equal(ours.double().numpy(), theirs.double().numpy())
