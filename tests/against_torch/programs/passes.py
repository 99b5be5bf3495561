"""backward and grad: what accumulates, what is freed, what is refused."""


def _x(torch, *values, **options):
    return torch.tensor(list(values) or [1.0, 2.0, 3.0], requires_grad=True, **options)


def a_leaf_accumulates_in_place(torch):
    x = _x(torch)
    (x * 2).sum().backward()
    first = x.grad
    (x * 3).sum().backward()
    return [x.grad is first, first]


def a_recorded_pass_accumulates_into_a_new_tensor(torch):
    x = _x(torch)
    (x * 3).sum().backward()
    first = x.grad
    (x * x).sum().backward(create_graph=True)
    return [x.grad is first, x.grad, first]


def accumulation_in_place_into_a_recorded_grad(torch):
    x = _x(torch)
    (x * x).sum().backward(create_graph=True)
    first = x.grad
    (x * 3).sum().backward()
    return [x.grad is first, x.grad]


def a_grad_that_was_set_is_added_to(torch):
    x = _x(torch)
    x.grad = x.detach() * 5
    (x * 2).sum().backward()
    return x.grad


def a_grad_can_be_deleted(torch):
    x = _x(torch)
    x.sum().backward()
    del x.grad
    seen = [x.grad]
    (x * 2).sum().backward()
    return [*seen, x.grad]


def grad_of_another_shape(torch):
    _x(torch).grad = torch.ones(2)


def grad_of_another_dtype(torch):
    _x(torch).grad = torch.ones(3, dtype=torch.float64)


def grad_that_is_no_tensor(torch):
    _x(torch).grad = 5


def grad_of_a_tensor_that_is_no_leaf(torch):
    y = _x(torch) * 2
    y.sum().backward()
    return y.grad


def leaves_do_not_share_a_cotangent(torch):
    x, y, g = _x(torch), _x(torch), torch.ones(3)
    (x + y).backward(g)
    x.grad.mul_(5)
    return [x.grad, y.grad, g]


def leaves_do_not_share_a_recorded_cotangent(torch):
    x, y = _x(torch), _x(torch)
    (x + y).sum().backward(create_graph=True)
    x.grad.data.zero_()
    return [x.grad, y.grad]


def a_leaf_is_its_own_output(torch):
    x = torch.tensor(2.0, requires_grad=True)
    x.backward()
    x.backward()
    return [x.grad, torch.autograd.grad(x, x)]


def the_order_of_adding_up(torch):
    x = _x(torch, 1.0, dtype=torch.float64)
    first, second, third = x * 1e16, x * -1e16, x * 1
    (first + second + third).sum().backward()
    together, x.grad = x.grad, None
    torch.autograd.backward([x[0] * 1e16, x[0] * -1e16, x[0] * 1])
    return [together, x.grad]


def a_diamond(torch):
    x = _x(torch)
    a = x * 2
    b = a * a + a
    (b * a).sum().backward()
    return x.grad


def one_tensor_twice(torch):
    x = _x(torch)
    (x * x + x / x).sum().backward()
    return x.grad


def derivatives_to_the_fifth_order(torch):
    x = _x(torch, dtype=torch.float64)
    y, seen = (x**4).sum(), []
    for _ in range(5):
        (g,) = torch.autograd.grad(y, x, create_graph=True)
        seen.append(g)
        y = g.sum()
    return seen


def gradient_of_a_gradient_through_relu_and_abs(torch):
    x = _x(torch, -1.0, 0.0, 2.0)
    seen = []
    for y in (x.relu(), x.abs()):
        (g,) = torch.autograd.grad(y.sum() * x.sum(), x, create_graph=True)
        seen.append(torch.autograd.grad((g * g).sum(), x))
    (g,) = torch.autograd.grad(x.relu().sum(), x, create_graph=True)
    return [*seen, torch.autograd.grad(g.sum(), x)]


def a_penalty_on_a_gradient(torch):
    x = _x(torch)
    (g,) = torch.autograd.grad((x * x).sum(), x, create_graph=True)
    (g * g).sum().backward()
    return x.grad


def a_leaf_that_no_longer_requires_grad(torch):
    x = _x(torch)
    y = x * 2
    x.requires_grad_(False)
    y.sum().backward()
    return x.grad


def _twice(f):
    def program(torch):
        x = _x(torch)
        y = f(torch, x)
        y.backward()
        y.backward()
        return x.grad

    return program


second_pass_add = _twice(lambda torch, x: (x + 2).sum())
second_pass_mul = _twice(lambda torch, x: (x * x).sum())
second_pass_mul_by_a_number = _twice(lambda torch, x: (x * 2.0).sum())
second_pass_mul_by_a_constant = _twice(lambda torch, x: (x * torch.ones(3)).sum())
second_pass_div_by_a_number = _twice(lambda torch, x: (x / 2).sum())
second_pass_pow = _twice(lambda torch, x: (x**2).sum())
second_pass_mean = _twice(lambda torch, x: x.mean())
second_pass_max = _twice(lambda torch, x: x.max())
second_pass_index = _twice(lambda torch, x: x[1])
second_pass_index_by_an_array = _twice(lambda torch, x: x[[1]].sum())
second_pass_relu = _twice(lambda torch, x: x.relu().sum())
second_pass_abs = _twice(lambda torch, x: x.abs().sum())
second_pass_cast = _twice(lambda torch, x: x.double().sum())
second_pass_view = _twice(lambda torch, x: x.view(3, 1).t().sum())


def the_part_that_two_passes_share_is_freed(torch):
    x = _x(torch)
    a = x * x
    y, z = a.sum(), (a * 2).sum()
    y.backward()
    z.backward()


def a_kept_graph(torch):
    x = _x(torch)
    y = x.exp().sum()
    y.backward(retain_graph=True)
    y.backward()
    return x.grad


def nodes_before_the_inputs_are_neither_run_nor_freed(torch):
    x = _x(torch)
    a = x * x
    b = a * a
    return [torch.autograd.grad(b.sum(), a), torch.autograd.grad(a.sum(), x)]


def not_a_scalar(torch):
    (_x(torch) * 2).backward()


def not_a_real_scalar(torch):
    (_x(torch, 1.0, dtype=torch.complex64) * 2).sum().backward()


def no_gradient_needed(torch):
    torch.ones(3).sum().backward()


def a_cotangent_of_another_shape(torch):
    (_x(torch) * 2).backward(torch.ones(2))


def a_cotangent_of_another_dtype(torch):
    x = _x(torch)
    (x * 2).backward(torch.ones(3, dtype=torch.float64))
    (x * 2).backward(torch.ones(3, dtype=torch.int64))
    return x.grad


def a_complex_cotangent_of_a_real_output(torch):
    (_x(torch) * 2).backward(torch.ones(3, dtype=torch.complex64))


def a_cotangent_that_requires_grad(torch):
    x, g = _x(torch), _x(torch)
    (x * 2).backward(g)
    return [x.grad, g.grad]


def too_few_cotangents(torch):
    x = _x(torch)
    torch.autograd.backward([x.sum(), x.sum()], [torch.ones(())])


def too_few_cotangents_of_grad(torch):
    x = _x(torch)
    return torch.autograd.grad([x.sum(), x.sum()], x, torch.ones(()))


def a_cotangent_that_is_left_out(torch):
    x = _x(torch)
    torch.autograd.backward([x.sum(), x.sum()], [torch.ones(()), None])
    return x.grad


def no_outputs(torch):
    x = _x(torch)
    torch.autograd.backward([])
    return torch.autograd.grad([], [x], allow_unused=True)
