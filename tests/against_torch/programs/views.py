"""Changes in place of views and items, and of bases that have views."""


def _ones(torch, *shape, **options):
    return torch.ones(*(shape or (2,)), requires_grad=True, **options)


def _grid(torch):
    return torch.arange(6.0).reshape(2, 3).requires_grad_()


def items(torch):
    x = _ones(torch)
    y = torch.zeros(4, 2)
    y[1:3] = x * 2
    y[0, 1] = x[0]
    y[[3]] = x * 4
    y[torch.tensor([False, False, True, False])] = 0.0
    (y * y).sum().backward()
    return [y, x.grad, y._version]


def items_that_broadcast(torch):
    x = _ones(torch, 1)
    y = torch.zeros(3, 2)
    y[1:] = x * 2
    y[0] = torch.ones(1, 1, 2)
    (y * y).sum().backward()
    return [y, x.grad]


def items_added_to(torch):
    x = _grid(torch)
    y = x * 1
    y[0] += 1
    y[:, 1] *= x[:, 0] + 2
    y[1][2] = 7
    (y * y).sum().backward()
    return [y, x.grad, y._version]


def a_base_changes_and_its_view_is_used(torch):
    x = _grid(torch)
    y = x * 2
    v = y.view(6)
    y.mul_(3)
    (v * v).sum().backward()
    return [v, x.grad, v.grad_fn.name()]


def a_view_changes_and_its_base_is_used(torch):
    x = _grid(torch)
    y = x * 2
    v = y.view(6)[1:]
    v.mul_(3)
    (y * y).sum().backward()
    return [v, y, x.grad, y.grad_fn.name(), v.grad_fn.name()]


def views_that_meet(torch):
    x = torch.arange(3.0).requires_grad_()
    y = x * 1
    a, b = y[:2], y[1:]
    a.mul_(2)
    b.mul_(3)
    (a.sum() * 10 + b.sum()).backward()
    return [a, b, y, x.grad, [t._version for t in (a, b, y)]]


def views_of_views(torch):
    x = _grid(torch)
    y = x * 1
    t = y.t()
    r = t[1:]
    r.mul_(2)
    s = y[0]
    s.add_(t[:, 1])
    (y * y).sum().backward()
    return [y, t, r, s, x.grad]


def a_view_through_a_permuted_base(torch):
    x = torch.ones(2, 3, 4).requires_grad_()
    y = (x * 1).permute(2, 0, 1)
    v = y.permute(1, 2, 0).view(24)
    v[3:7] *= 2
    (y * y).sum().backward()
    return [y, x.grad]


def an_expanded_view_of_what_changes(torch):
    x = _grid(torch)
    y = x * 1
    e = y[:, :1].expand(2, 4)
    y.mul_(3)
    (e * e).sum().backward()
    return [e, x.grad]


def a_view_of_a_constant(torch):
    x, y = torch.arange(3.0).requires_grad_(), torch.zeros(2, 3)
    v = y[0]
    v.copy_(x)
    y[1].add_(v)
    (y * y).sum().backward()
    return [x.grad, y, v.requires_grad, v.is_leaf]


def a_view_of_a_constant_that_changes(torch):
    x, y = _ones(torch), torch.zeros(2)
    v, w = y.view(2), y[:1]
    y.add_(x)
    y[0] = x[1] * 3
    ((v * 2).sum() + w.sum()).backward()
    return [v, w, x.grad]


def a_view_that_requires_grad_by_itself(torch):
    y = torch.ones(2).view(2).requires_grad_()
    y.add_(1)


def a_view_of_a_detached_tensor(torch):
    x = torch.arange(3.0).requires_grad_()
    v = x.detach()[1:]
    v.mul_(3)
    return [x, v.requires_grad, x._version]


def second_derivatives_through_changes(torch):
    x = torch.arange(3.0, dtype=torch.float64).requires_grad_()
    y = torch.zeros(2, 3, dtype=torch.float64) * 1
    y[0] = x * x
    y[1].add_(x)
    y[:, 0].mul_(x[1])
    (g,) = torch.autograd.grad((y**3).sum(), x, create_graph=True)
    return [g, torch.autograd.grad((g * g).sum(), x)]


def a_retained_view(torch):
    x = _grid(torch)
    y = x * 1
    v = y[0]
    v.retain_grad()
    y.retain_grad()
    ((v * v).sum() + (y * y).sum()).backward()
    return [x.grad, v.grad, y.grad]


def a_view_made_without_recording(torch):
    x = _ones(torch)
    with torch.no_grad():
        v = x.view(2)
    v.add_(1)


def a_view_made_without_recording_of_a_result(torch):
    y = _ones(torch) * 2
    with torch.no_grad():
        v = y.view(2)[:1]
    v.add_(1)
