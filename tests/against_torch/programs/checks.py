"""gradcheck and gradgradcheck: verdicts, messages to the last digit, options."""


def _x(torch, *values, dtype="float64", requires_grad=True):
    return torch.tensor(list(values) or [0.5, -1.5, 2.0], dtype=getattr(torch, dtype), requires_grad=requires_grad)


def _z(torch):
    return _x(torch, 1 + 2j, 0.5 - 1j, dtype="complex128")


def _check(f, **options):
    """A program that checks f(x) for real x."""
    return lambda torch: torch.autograd.gradcheck(f, _x(torch), **options)


def _check_complex(f, **options):
    return lambda torch: torch.autograd.gradcheck(f, _z(torch), **options)


def _check_twice(f, **options):
    return lambda torch: torch.autograd.gradgradcheck(f, _x(torch), **options)


right = _check(lambda x: x * x)
right_fast = _check(lambda x: (x * x, x.exp()), fast_mode=True)
right_identity = _check(lambda x: x)
right_view = _check(lambda x: x.view(3, 1))
right_list = _check(lambda x: [x * 2, x * 3])
right_masked = _check(lambda x: x * 2, masked=True)
right_beside_integers = _check(lambda x: (x * 2, x.long()))
right_dtype = _check(lambda x: x * 2, check_grad_dtypes=True)
right_constant = _check(lambda x: (x * 0 + 3).detach())
right_integer = _check(lambda x: x.long())
wrong = _check(lambda x: x * x.detach())
wrong_and_quiet = _check(lambda x: x * x.detach(), raise_exception=False)
wrong_second_output = _check(lambda x: (x * x, x * x.detach()))
wrong_without_gradient = _check(lambda x: (x * x).detach())
wrong_without_gradient_fast = _check(lambda x: (x * x).detach(), fast_mode=True)
too_strict = _check(lambda x: x**2, atol=1e-12, rtol=1e-12)
no_tensor = _check(lambda x: 3.0)
no_mode = _check(lambda x: x, check_backward_ad=False)
no_backward_mode = _check(lambda x: x, check_backward_ad=False, check_batched_grad=True, check_forward_ad=True)
no_forward_mode = _check(lambda x: x, check_batched_forward_grad=True)
complex_product = _check_complex(lambda z: z * z)
complex_to_real = _check_complex(lambda z: z.abs())
complex_fast = _check_complex(lambda z: (z * z, z.abs()), fast_mode=True)
complex_wrong = _check_complex(lambda z: z * z.detach())
real_to_complex = _check(lambda x: x * (1 + 2j))
real_to_complex_wrong = _check(lambda x: x.detach() * (1 + 2j) + x)
twice = _check_twice(lambda x: x**3)
twice_linear = _check_twice(lambda x: x * 2)
twice_fast = _check_twice(lambda x: x**3, fast_mode=True)
twice_strided = _check_twice(lambda x: x**3, gen_non_contig_grad_outputs=True)
twice_several = _check_twice(lambda x: (x**3, x * x))
twice_scalar = _check_twice(lambda x: (x**3).sum())
twice_no_mode = _check_twice(lambda x: x**3, check_rev_over_rev=False)
twice_no_undefined = _check_twice(lambda x: x**3, check_rev_over_rev=False, check_fwd_over_rev=True)


def wrong_fast(torch):
    return torch.autograd.gradcheck(lambda x: x * x.detach(), _x(torch, 2.0), fast_mode=True)


def several_inputs(torch):
    x, y = _x(torch), _x(torch, 1.0, 2.0, 3.0)
    verdict = torch.autograd.gradcheck(lambda x, y, n: (x * y, x + n, x.detach() * 0), (x, y, 3))
    return [verdict, x.grad, x]


def wrong_second_input(torch):
    inputs = (_x(torch), _x(torch, 1.0, 2.0, 3.0))
    return torch.autograd.gradcheck(lambda x, y: x * y + y.detach(), inputs)


def an_input_without_gradient(torch):
    inputs = (_x(torch), _x(torch, 1.0, 2.0, 3.0, requires_grad=False))
    return torch.autograd.gradcheck(lambda x, y: (x * y).sum(), inputs)


def no_input_with_gradient(torch):
    return torch.autograd.gradcheck(lambda x: x * 2, _x(torch, requires_grad=False))


def single_precision(torch):
    return torch.autograd.gradcheck(lambda x: x * 2, _x(torch, dtype="float32"), eps=1e-2)


def single_precision_with_small_steps(torch):
    return torch.autograd.gradcheck(lambda x: x * x, _x(torch, dtype="float32"))


def overlapping_memory(torch):
    return torch.autograd.gradcheck(lambda x: x.sum(), _x(torch).expand(2, 3))


def no_elements(torch):
    return torch.autograd.gradcheck(lambda x: x * x, _x(torch)[:0])


def no_dimensions(torch):
    return torch.autograd.gradcheck(lambda x: x * x, _x(torch, 3.0)[0])


def where_there_is_no_derivative(torch):
    return torch.autograd.gradcheck(lambda x: x.abs(), _x(torch, 0.0, 1.0))


def _changing(f):
    """A program whose function counts its calls."""

    def program(torch):
        calls = []

        def count(x):
            calls.append(x)
            return f(x, len(calls))

        return torch.autograd.gradcheck(count, _x(torch))

    return program


changing_values = _changing(lambda x, n: x * (n % 5))
changing_shape = _changing(lambda x, n: (x * 2)[: 1 + n % 2])
changing_dtype = _changing(lambda x, n: x * 2 if n % 2 else (x * 2).float())


def a_graph_from_outside(torch):
    w = _x(torch)
    outside = w * w
    return torch.autograd.gradcheck(lambda x: x * outside, _x(torch))


def twice_with_two_inputs(torch):
    inputs = (_x(torch, 0.1, 0.2), _x(torch, 0.3, 0.4))
    return torch.autograd.gradgradcheck(lambda x, y: (x * y * y).exp(), inputs)


def twice_with_cotangents(torch):
    seen = []
    for requires_grad in (True, False):
        cotangent = _x(torch, 1.0, 2.0, 1.0, requires_grad=requires_grad)
        seen.append(torch.autograd.gradgradcheck(lambda x: x**3, _x(torch), cotangent))
    return seen


def twice_wrong(torch):
    cotangent = _x(torch, 1.0, 1.0, 1.0)
    return torch.autograd.gradgradcheck(lambda x: x.detach() * x * x, _x(torch), cotangent)


def twice_complex(torch):
    return torch.autograd.gradgradcheck(lambda z: z.abs() * z, _z(torch))


def twice_without_gradient(torch):
    return torch.autograd.gradgradcheck(lambda x: x**3, _x(torch, requires_grad=False))
