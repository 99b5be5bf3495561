"""Passes for some inputs alone, retained gradients, and the graph as it shows itself."""


def _x(torch, *values, **options):
    return torch.tensor(list(values) or [1.0, 2.0, 3.0], requires_grad=True, **options)


def _name(tensor):
    return tensor.grad_fn and tensor.grad_fn.name()


def no_inputs(torch):
    torch.autograd.grad(_x(torch).sum(), [])


def no_inputs_of_backward(torch):
    _x(torch).sum().backward(inputs=[])


def inputs_that_are_leaves(torch):
    x, y = _x(torch), _x(torch)
    (x * y).sum().backward(inputs=[x])
    return [x.grad, y.grad]


def inputs_that_are_no_leaves(torch):
    x = _x(torch)
    y = x * 2
    (y * y).sum().backward(inputs=[y])
    seen = y.grad
    y.grad = None
    return [x.grad, seen, y.grad, y.retains_grad]


def inputs_that_are_retained_already(torch):
    x = _x(torch)
    y = x * 2
    y.retain_grad()
    (y * y).sum().backward(inputs=[y, x])
    return [x.grad, y.grad]


def inputs_that_need_no_gradient(torch):
    _x(torch).sum().backward(inputs=[torch.ones(3)])


def inputs_that_are_not_used(torch):
    x, y = _x(torch), _x(torch)
    x.sum().backward(inputs=[y])
    return [x.grad, y.grad]


def old_names_of_arguments(torch):
    x = _x(torch)
    torch.autograd.backward(x * 1, grad_variables=torch.ones(3))
    return [x.grad, torch.autograd.grad(x.sum(), x, only_inputs=False)]


def unused_input(torch):
    x, y = _x(torch), _x(torch)
    torch.autograd.grad(x.sum(), [x, y])


def unused_input_allowed(torch):
    x, y = _x(torch), _x(torch)
    return torch.autograd.grad(x.sum(), [x, y], allow_unused=True)


def unused_input_made_zeros(torch):
    x, y = _x(torch), _x(torch)
    plain = torch.autograd.grad(x.sum(), [x, y], materialize_grads=True)
    return [plain, torch.autograd.grad(x.sum(), [x, y], materialize_grads=True, create_graph=True)]


def unused_input_made_zeros_and_refused(torch):
    x, y = _x(torch), _x(torch)
    torch.autograd.grad(x.sum(), [x, y], materialize_grads=True, allow_unused=False)


def input_without_gradient(torch):
    x = _x(torch)
    torch.autograd.grad(x.sum(), [x, torch.ones(3)], allow_unused=True)


def inputs_by_name(torch):
    x, y = _x(torch), _x(torch)
    return torch.autograd.grad((x * y).sum(), {"x": x, "y": y})


def inputs_at_several_depths(torch):
    x = _x(torch)
    a = x * 2
    b = a * 3
    return torch.autograd.grad(b.sum(), [a, x, b, a])


def several_outputs(torch):
    x = _x(torch)
    a = x * x
    return torch.autograd.grad([a.sum(), a.sum() * 2], [x, a])


def a_second_output_without_gradient(torch):
    x = _x(torch)
    torch.autograd.grad([x.sum(), torch.ones(())], x)


def retained_grads(torch):
    x = _x(torch)
    y = x * 2
    y.retain_grad()
    z = (y * y).sum()
    z.backward(retain_graph=True)
    first = y.grad
    z.backward()
    return [x.grad, y.grad, first, y.grad is first, y.retains_grad, x.retains_grad]


def a_retained_grad_is_a_tensor_of_its_own(torch):
    x = _x(torch)
    y = x * 2
    y.retain_grad()
    y.sum().backward()
    y.grad.mul_(3)
    return [x.grad, y.grad]


def a_retained_grad_follows_a_change_in_place(torch):
    x = _x(torch)
    y = x * 2
    y.retain_grad()
    y.mul_(3)
    y.sum().backward()
    return [x.grad, y.grad]


def retain_grad_of_a_leaf(torch):
    x = _x(torch)
    x.retain_grad()
    x.sum().backward()
    return x.grad


def retain_grad_without_gradient(torch):
    torch.ones(3).retain_grad()


def names_of_nodes(torch):
    x = _x(torch).reshape(1, 3)
    y = x * 1
    tensors = [x + 1, x - 1, 1 - x, x * x, x / 2, 2 / x, -x, x**2, x**x, 2**x, x.exp(), x.log(), x.sqrt(), x.sin()]
    tensors += [x.cos(), x.tanh(), x.relu(), x.abs(), x.reciprocal(), x.sum(), x.sum(0), x.mean(), x.mean(1), x.max()]
    tensors += [x.min(), x.view(3), x.t(), x.permute(1, 0), x.transpose(0, 1), x.squeeze(), x.squeeze(0), x.double()]
    tensors += [
        x.unsqueeze(0),
        x.expand(2, 3),
        x.clone(),
        x[0],
        x[:, 1:],
        x[[0]],
        x[None],
        x[...],
        x[0, 1:],
        x.detach(),
    ]
    y[0, 0] = 3
    tensors.append(y)
    return [_name(tensor) for tensor in tensors]


def what_nodes_lead_to(torch):
    x = _x(torch)
    nodes = [(x * 2.0).grad_fn, (x + x).grad_fn, (x**2).grad_fn, x.exp().grad_fn]
    leaf = nodes[0].next_functions[0][0]
    found = [[(node and node.name(), index) for node, index in root.next_functions] for root in nodes]
    return [found, leaf.name(), leaf.variable is x, leaf.next_functions, repr(leaf).split(" ")[0]]


def a_thousand_steps(torch):
    y = x = torch.tensor(1.0, requires_grad=True)
    for _ in range(1000):
        y = y * 1.0 + 0.0
    y.backward()
    return x.grad
