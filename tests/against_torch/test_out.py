"""What may be given as `out=`: other dtypes, memory written to twice, memory that is read, beside torch itself."""

import pytest

from tests.against_torch.outcome import compare

CALLS = """
torch.add(x, x, out=o)
torch.exp(x, out=o)
torch.pow(x, x, out=o)
torch.atan2(x, x, out=o)
torch.lerp(x, x, 0.5, out=o)
torch.addcmul(x, x, x, out=o)
torch.eq(x, x, out=o)
torch.logical_and(x, x, out=o)
torch.abs(x, out=o)
torch.neg(x, out=o)
torch.frac(x, out=o)
torch.clamp(x, 0, 1, out=o)
torch.where(x > 0, x, x, out=o)
torch.isposinf(x, out=o)
torch.nan_to_num(x, out=o)
torch.float_power(x, 2, out=o)
torch.sum(x, 0, keepdim=True, out=o)
torch.mean(x, 0, keepdim=True, out=o)
torch.prod(x, 0, True, out=o)
torch.amax(x, 0, keepdim=True, out=o)
torch.argmax(x, 0, True, out=o)
torch.all(x, 0, True, out=o)
torch.logsumexp(x, 0, True, out=o)
torch.cumsum(x, 0, out=o)
torch.cumprod(x, 0, out=o)
torch.logcumsumexp(x, 0, out=o)
torch.softmax(x, 0, out=o)
torch.log_softmax(x, 0, out=o)
torch.msort(x, out=o)
torch.cat([x[:3], x[3:]], out=o)
torch.stack([x[:3], x[3:]], out=o)
torch.gather(x, 0, torch.arange(6), out=o)
torch.index_select(x, 0, torch.arange(6), out=o)
torch.take(x, torch.arange(6), out=o)
torch.masked_select(x, x >= 0, out=o)
torch.scatter(x, 0, torch.arange(6), x, out=o)
torch.outer(x[:2], x[:3], out=o)
torch.mm(x.view(2, 3), x.view(3, 2), out=o)
torch.matmul(x.view(2, 3), x.view(3, 2), out=o)
torch.tril(x.view(2, 3), out=o)
torch.renorm(x.view(2, 3), 2, 0, 1, out=o)
torch.complex(x, x, out=o)
torch.isin(x, x, out=o)
torch.nonzero(x, out=o)
torch.multinomial(x, 1, out=o)
torch.quantile(x, 0.5, 0, True, out=o)
torch.diff(x, out=o)
torch.linalg.inv(x.view(2, 3)[:, :2], out=o)
torch.linalg.vector_norm(x, 2, 0, True, out=o)
torch.fft.fft(x, out=o)
torch.fft.irfft(x, out=o)
torch.nn.functional.softplus(x, out=o)
""".strip().splitlines()


def _into(call, given):
    def program(torch):
        names = {"torch": torch, "x": torch.arange(6.0)}
        exec(given, names)
        return eval(call, names)

    return program


DTYPES = ("float64", "int32", "complex64", "float16")
WIDER = ("torch.logsumexp", "torch.fft.irfft")
"""Into float64 torch computes these in part in that, here they are rounded to the operand's dtype first."""
READS_WHAT_IT_WRITES = ("torch.sum", "torch.mean", "torch.tril", "torch.linalg.inv")
"""Torch does not look, and what it gives is not the result."""


@pytest.mark.parametrize(
    ("call", "dtype"), [(c, d) for c in CALLS for d in DTYPES if not (c.startswith(WIDER) and d == "float64")]
)
def test_other_dtypes(call, dtype):
    compare(_into(call, f"o = torch.empty(0, dtype=torch.{dtype})"))


@pytest.mark.parametrize("call", CALLS)
def test_one_number_of_memory_for_all(call):
    compare(_into(call, "o = torch.zeros(1).expand(6)"))


@pytest.mark.parametrize("call", [call for call in CALLS if not call.startswith(READS_WHAT_IT_WRITES)])
def test_memory_that_is_read(call):
    compare(_into(call, "x = torch.arange(7.0); o = x[1:]; x = x[:6]"))


def test_memory_between_that_of_an_operand_is_not_looked_at():
    compare(_into("torch.exp(x[:, :1], out=x[:, 1:])", "x = torch.arange(6.0).view(3, 2)"))
