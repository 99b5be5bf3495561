"""Changes in place: of leaves, of what a backward pass needs, and what does not fit."""


def _ones(torch, *shape, **options):
    return torch.ones(*(shape or (2,)), requires_grad=True, **options)


def _refused(f):
    """A program that changes a leaf in place, as no program may."""
    return lambda torch: f(torch, _ones(torch))


leaf_add = _refused(lambda torch, x: x.add_(1))
leaf_item = _refused(lambda torch, x: x.__setitem__(0, 1))
leaf_item_by_an_array = _refused(lambda torch, x: x.__setitem__([0], 1))
leaf_view = _refused(lambda torch, x: x.view(2).add_(1))
leaf_element = _refused(lambda torch, x: x[0].add_(1))
leaf_view_of_a_view = _refused(lambda torch, x: x[0:1][0].add_(1))
leaf_copy = _refused(lambda torch, x: x.copy_(torch.ones(2)))
leaf_fill = _refused(lambda torch, x: x.fill_(1))
leaf_zero = _refused(lambda torch, x: x.zero_())
leaf_uniform = _refused(lambda torch, x: x.uniform_())
leaf_normal = _refused(lambda torch, x: x.normal_())


def a_leaf_without_recording(torch):
    x = _ones(torch)
    with torch.no_grad():
        x.add_(1)
        x[0] = 5
        x.view(2).mul_(2)
    return [x, x._version, x.is_leaf]


def a_leaf_that_a_pass_needs(torch):
    x = _ones(torch)
    y = x * x
    with torch.no_grad():
        x.add_(1)
    y.sum().backward()


def data_is_not_watched(torch):
    x = _ones(torch)
    y = x * x
    x.data.add_(1)
    y.sum().backward()
    return [x.grad, x._version]


def detach_is_watched(torch):
    x = _ones(torch)
    y = x * x
    x.detach().add_(1)
    y.sum().backward()


def detach_counts_together(torch):
    x = _ones(torch)
    detached = x.detach()
    detached.add_(1)
    x.detach()[0] = 3
    return [detached._version, x._version, detached, x]


def detach_in_place(torch):
    y = _ones(torch) * 2
    y.detach_()
    return [y, y.is_leaf]


def detach_a_view_in_place(torch):
    (_ones(torch) * 2).view(2, 1).detach_()


def _needed(f):
    """A program that changes what the pass needs, after it has been used."""

    def program(torch):
        x = _ones(torch, 2, 3)
        y = x * 2
        z = f(y)
        y += 1
        z.sum().backward()
        return x.grad

    return program


needed_by_mul = _needed(lambda y: y * y)
needed_by_mul_with_a_view = _needed(lambda y: y[0] * 2 * y[1])
needed_by_div = _needed(lambda y: y / y)
needed_by_pow = _needed(lambda y: y**2)
needed_by_log = _needed(lambda y: y.log())
needed_by_abs = _needed(lambda y: y.abs())
needed_by_cos = _needed(lambda y: y.cos())
needed_by_max = _needed(lambda y: y.max())
not_needed_by_add = _needed(lambda y: y + 1)
not_needed_by_a_number = _needed(lambda y: y * 2)
not_needed_by_relu = _needed(lambda y: y.relu())
not_needed_by_exp = _needed(lambda y: y.exp())
not_needed_by_views = _needed(lambda y: y.permute(1, 0).view(1, 3, 2) * 2)


def a_result_that_the_pass_needs(torch):
    x = _ones(torch)
    y = x.exp()
    z = y * 1
    y.add_(1)
    z.sum().backward()


def a_result_that_only_looks_needed(torch):
    x = _ones(torch)
    y = x.sin()
    y[0] = 3
    y.sum().backward()
    return x.grad


def a_constant_that_the_pass_needs(torch):
    x, w = _ones(torch), torch.ones(2)
    y = x * w
    w.add_(1)
    y.sum().backward()


def an_operand_without_dimensions(torch):
    x = torch.ones((), requires_grad=True)
    y = x * 2
    z = y * y
    y.add_(1)
    z.backward()


def steps_in_place(torch):
    x = _ones(torch)
    y = x * 2
    y.mul_(3)
    y.add_(x, alpha=3)
    y.div_(2)
    y.sub_(x, alpha=0.5)
    y.mul_(x)
    y.sum().backward()
    return [y, x.grad, y._version]


def times_itself_in_place(torch):
    x = _ones(torch)
    y = x * 2
    y.mul_(y)
    y.sum().backward()


def into_a_constant(torch):
    x, y = _ones(torch), torch.zeros(2)
    y.add_(x)
    (y * 3).sum().backward()
    return [y, x.grad, y.is_leaf]


def copied_into_a_constant(torch):
    x, y = _ones(torch, 1, dtype=torch.float64), torch.zeros(2, 3)
    y.copy_(x)
    (y * y).sum().backward()
    return [y, x.grad]


def into_a_constant_without_recording(torch):
    y = torch.zeros(2)
    with torch.no_grad():
        y.add_(_ones(torch))
    return y


def overwritten(torch):
    seen = []
    for change in ("fill_", "zero_", "copy_", "normal_"):
        x = _ones(torch)
        y = x * 2
        getattr(y, change)(*{"fill_": (3,), "copy_": (torch.zeros(2),), "normal_": (0.0, 0.0)}.get(change, ()))
        y.sum().backward()
        seen.append([y, x.grad, y.is_leaf])
    return seen


def overwritten_without_recording(torch):
    x = _ones(torch)
    y = x * 2
    with torch.no_grad():
        y.normal_(0.0, 0.0)
    y.sum().backward()
    return [y, x.grad]


def _change(f):
    """A program that changes two ones in place and returns them."""

    def program(torch):
        x = torch.ones(2)
        f(torch, x)
        return x

    return program


larger_result = _change(lambda torch, x: x.add_(torch.ones(3, 2)))
shape_that_does_not_fit = _change(lambda torch, x: x.add_(torch.ones(3)))
wider_dtypes = _change(
    lambda torch, x: x.add_(torch.ones(2, dtype=torch.float64)).mul_(torch.ones(2, dtype=torch.int64))
)
complex_result = _change(lambda torch, x: x.mul_(1j))
filled_with_a_vector = _change(lambda torch, x: x.fill_(torch.ones(2)))
filled_with_a_complex = _change(lambda torch, x: x.fill_(1j))
filled_with_too_much = _change(lambda torch, x: x.fill_(1e300))
copied_with_another_shape = _change(lambda torch, x: x.copy_(torch.ones(3)))
copied_with_more_dimensions = _change(lambda torch, x: x.copy_(torch.ones(3, 2)))
item_with_another_shape = _change(lambda torch, x: x.__setitem__(slice(None), torch.ones(3)))
item_with_more_dimensions = _change(lambda torch, x: x.__setitem__(0, torch.ones(2, 1)))
item_at_an_array_with_another_shape = _change(lambda torch, x: x.__setitem__([0, 1], torch.ones(3)))
item_at_an_array_with_another_dtype = _change(lambda torch, x: x.__setitem__([0], torch.ones(1, dtype=torch.float64)))
item_that_is_complex = _change(lambda torch, x: x.__setitem__(0, 1j))
item_that_is_a_list = _change(lambda torch, x: x.__setitem__(0, [1.0]))
item_that_is_none = _change(lambda torch, x: x.__setitem__(0, None))
item_that_is_text = _change(lambda torch, x: x.__setitem__(0, "a"))
item_out_of_range = _change(lambda torch, x: x.__setitem__(2, 1))


def integers(torch):
    x = torch.ones(2, dtype=torch.int8)
    x += 200
    x *= torch.tensor([200, 3])
    y = torch.zeros(3, dtype=torch.uint8)
    y[0], y[1] = -1, 2.7
    return [x, y]


def integers_and_a_fraction(torch):
    torch.ones(2, dtype=torch.int64).add_(1.5)


def integers_divided(torch):
    torch.ones(2, dtype=torch.int64).div_(2)


def an_integer_item_out_of_range(torch):
    torch.zeros(2, dtype=torch.int8)[0] = 300


def bools_and_an_integer(torch):
    torch.ones(2, dtype=torch.bool).add_(1)


def what_lies_over_itself(torch):
    torch.ones(1).expand(3).add_(1)


def a_gradient_that_lies_over_itself(torch):
    x = _ones(torch)
    torch.autograd.grad(x.sum(), x)[0].add_(1)


def one_value_for_what_lies_over_itself(torch):
    x = torch.ones(1)
    x.expand(3).fill_(4)
    x.expand(1).add_(1)
    x.expand(1, 1).mul_(2)
    return x
