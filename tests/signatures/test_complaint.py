"""What torch says of calls that fit no signature: which arguments it knows again, which signatures it hides."""

import pytest

import pyconv as torch

X = torch.ones(())
SAID = {
    "sub() received an invalid combination of arguments - got (Tensor), but expected (Tensor input, Tensor other, *, "
    "Number alpha = 1, Tensor out = None)": lambda: torch.sub(X),
    "addcdiv() received an invalid combination of arguments - got unrecognized keyword arguments: tensor2": lambda: (
        torch.addcdiv(X, tensor2=X)
    ),
    "masked_fill() received an invalid combination of arguments - got (Tensor, value=list, mask=Tensor), but expected "
    "one of:\n * (Tensor input, Tensor mask, Tensor value)\n"
    "      didn't match because some of the arguments have invalid types: (Tensor, mask=Tensor, !value=list of [int, "
    "int]!)\n * (Tensor input, Tensor mask, Number value)\n"
    "      didn't match because some of the arguments have invalid types: (Tensor, mask=Tensor, !value=list of [int, "
    "int]!)\n": lambda: torch.masked_fill(X, value=[0, 0], mask=X),
    "repeat_interleave() received an invalid combination of arguments - got (Tensor, repeats=int, dim=str), but "
    "expected one of:\n * (Tensor input, Tensor repeats, int dim = None, *, int output_size = None)\n"
    " * (Tensor repeats, *, int output_size = None)\n"
    "      didn't match because some of the keywords were incorrect: repeats, dim\n"
    " * (Tensor input, int repeats, int dim = None, *, int output_size = None)\n": lambda: torch.repeat_interleave(
        X, repeats=0, dim="word"
    ),
}


@pytest.mark.parametrize("text", SAID)
def test_torchs_words(text):
    with pytest.raises(TypeError) as error:
        SAID[text]()
    assert str(error.value) == text


def test_methods_have_no_signature_with_a_dtype_of_the_result():
    x = torch.ones(2, 2)
    with pytest.raises(TypeError, match=r"mm\(\) takes 1 positional argument but 2 were given"):
        x.mm(x, torch.float32)
    with pytest.raises(TypeError, match=r"got \(str\), but expected \(Tensor mat1, Tensor mat2, \*, Number beta = 1"):
        x.addmm("a")
