"""Mistakes with autograd: backward twice, leaves changed in place, saved tensors, hooks, Function, grad modes."""

LINES = """
x.backward()
x.sum().backward()
w.backward()
(w * 2).backward()
w.sum().backward(1)
w.sum().backward('a')
w.sum().backward(torch.ones(2))
(w * 2).backward(torch.ones(2))
(w * 2).backward(torch.ones(3, 1))
(w * 2).backward([1, 1, 1])
(w * 2).backward(1.0)
(w * 2).backward(torch.ones(3).long())
(w * 2).backward(torch.ones(3).double()); w.grad
(w * 2).backward(torch.tensor([1j, 1j, 1j]))
(w * 2).backward(np.ones(3))
(w * 2).backward(gradient=x)
(w * 2).backward(grad=x)
w.sum().backward(None, True, True, None, 1)
w.sum().backward(inputs=[])
w.sum().backward(inputs=x)
w.sum().backward(inputs=[x])
w.sum().backward(inputs=['a'])
w.sum().backward(inputs=w); w.grad
w.sum().backward(retain_graph='a')
w.sum().backward(create_graph=1)
w.sum().item().backward()
w.sum().detach().backward()
w.data.sum().backward()
(w.detach() * 2).sum().backward()
(w > 0).sum().backward()
w.argmax().backward()
w.long().sum().backward()
w.round().sum().backward(); w.grad
torch.tensor(w.sum()).backward()
torch.tensor(w.sum().item(), requires_grad=True).backward()
y = w.sum(); y.backward(); y.backward()
y = (w * w).sum(); y.backward(); y.backward()
y = (w ** 2).sum(); y.backward(); y.backward()
y = w.exp().sum(); y.backward(); y.backward()
y = (w * 2).sum(); y.backward(); y.backward(); w.grad
y = (w @ w); y.backward(); y.backward()
y = w.exp(); y.sum().backward(); y.sum().backward()
y = w.exp().sum(); y.backward(retain_graph=True); y.backward(); w.grad
y = w.exp().sum(); y.backward(); torch.autograd.grad(y, w)
y = w.exp().sum(); torch.autograd.grad(y, w); torch.autograd.grad(y, w)
y = F.linear(x, w); y.sum().backward(); y.sum().backward()
y = F.conv1d(x[None], w[None, None].expand(1, 2, 3)); y.sum().backward(); y.sum().backward()
y = F.softmax(w, 0); y.sum().backward(); y.sum().backward()
w.add_(1)
w += 1
w[0] = 1
w[0] += 1
w.zero_()
w.fill_(0)
w.copy_(x[0])
w.data.add_(1); w
w.detach().add_(1); w
w.view(3).add_(1)
w[:2].add_(1)
w[0].add_(1)
w.view(3, 1)[0] = 1
w.t().zero_()
w.unsqueeze(0).mul_(2)
w.split(1)[0].add_(1)
w.unbind()[0].add_(1)
w.chunk(3)[0].mul_(2)
w.detach()[0] = 9; w
w.resize_(2)
w.uniform_()
w.normal_()
w.requires_grad_(False).add_(1)
w.exp_()
w.sigmoid_()
w.clamp_(0)
w.mul_(w)
F.relu_(w)
torch.relu_(w)
w.transpose_(0, 0)
w.squeeze_()
w.unsqueeze_(0)
w.t_()
w.set_(x)
w.detach_().requires_grad
(w * 2).detach_().requires_grad
w[:2].detach_()
w.view(3).detach_()
x.add_(w).requires_grad
x[0] = w; x.requires_grad
x[0] = w; x[0].sum().backward(); w.grad
x.copy_(w).grad_fn
i[0] = w[0]
i.add_(w[0].detach())
x.requires_grad = True; x[0] = 0
x.requires_grad = True; x.t_()
y = w.exp(); y += 1; y.sum().backward()
y = w.exp(); y[0] = 1; y.sum().backward()
y = w.exp(); y.mul_(2); y.sum().backward()
y = w.sigmoid(); y.add_(1); y.sum().backward()
y = w.tanh(); y.zero_(); y.sum().backward()
y = w * 2; v = y * y; y += 1; v.sum().backward()
y = w * 2; v = y ** 2; y[0] = 0; v.sum().backward()
y = w.sqrt(); y.neg_(); y.sum().backward()
y = w.softmax(0); y += 1; y.sum().backward()
y = (w * 1).relu(); y += 1; y.sum().backward()
y = w.clone(); v = y.sin(); y.zero_(); v.sum().backward()
y = w * x; x.add_(1); y.sum().backward()
y = x @ w; x.zero_(); y.sum().backward()
y = F.linear(x, w); x[0] = 0; y.sum().backward()
y = w.clone(); v = y.view(3); v2 = v * v; y.add_(1); v2.sum().backward()
y = w * 2; v = y.max(); y.zero_(); v.backward(); w.grad
y = w.clone(); y.retain_grad(); y.sum().backward(); y.grad
(w * 2).grad
w.grad
x.grad
y = w * 2; y.sum().backward(); y.grad
y = w * 2; y.grad = x
y = w * 2; y.grad
x.retain_grad()
w.retain_grad()
(w * 2).retain_grad(1)
(w * 2).requires_grad = False
(w * 2).requires_grad_(False)
(w * 2).requires_grad = True
(w * 2).is_leaf
i.requires_grad = True
i.requires_grad_()
b.requires_grad_(True)
i.float().requires_grad_().is_leaf
x.requires_grad = 1
x.requires_grad = 'a'
x.requires_grad = None
x.requires_grad_(None)
x.requires_grad()
w.requires_grad_(requires_grad=False).requires_grad
w.grad = 1
w.grad = 'a'
w.grad = [1, 1, 1]
w.grad = torch.ones(2)
w.grad = torch.ones(3).double()
w.grad = torch.ones(3).long()
w.grad = torch.ones(3, 1)
w.grad = w
w.grad = torch.ones(3, requires_grad=True); w.grad
w.grad = None; w.grad
w.grad = np.ones(3)
x.grad = torch.ones(2, 3); x.grad
i.grad = torch.ones(2)
i.grad = torch.tensor([1, 1])
w.grad.zero_()
w.grad += 1
w.grad.data
w.data = 1
w.data = [1, 2]
w.data = x[0].double()
w.data = i
w.data = torch.ones(5); w
w.data = None
w.data = torch.ones(2); (w * torch.ones(2)).sum().backward(); w.grad
y = w.exp(); w.data.zero_(); y.sum().backward(); w.grad
y = w * w; w.data = torch.ones(2); y.sum().backward()
y = (w * 2).sum(); w.data = torch.ones(5); y.backward()
w.numpy()
w.detach().requires_grad
w.tolist()
w.item()
w[0].item()
float(w[0])
float(w.sum())
float(w * 2)
int(w[0])
bool(w[0])
w.__array__()
np.array(w * 2)
math.sqrt(w[0])
torch.tensor(w * 2)
torch.as_tensor(w * 2).requires_grad
torch.tensor([w[0], w[1]])
torch.FloatTensor(w)
list(w)
print(w * 2)
w * 2
(w * 2).sum()
w[0]
w.exp().view(3)
w.view(3)[1:]
copy.deepcopy(w * 2)
copy.deepcopy(w)
copy.copy(w * 2)
copy.deepcopy([w * 2])
pickle.loads(pickle.dumps(w))
pickle.loads(pickle.dumps((w * 2).detach()))
hash(w) == hash(w)
w in [w]
w == w
if_ = 1 if w > 0 else 0
w.register_hook()
w.register_hook(1)
w.register_hook(1); w.sum().backward()
x.register_hook(lambda g: g)
w.register_hook(lambda: 1); w.sum().backward()
w.register_hook(lambda g, h: g); w.sum().backward()
w.register_hook(lambda g: 1); w.sum().backward()
w.register_hook(lambda g: 'a'); w.sum().backward()
w.register_hook(lambda g: g[:2]); w.sum().backward(); w.grad
w.register_hook(lambda g: g.double()); w.sum().backward(); w.grad
w.register_hook(lambda g: g[None]); w.sum().backward(); w.grad
w.register_hook(lambda g: None); w.sum().backward(); w.grad
w.register_hook(lambda g: g * 2); w.sum().backward(); w.grad
y = w * 2; y.register_hook(lambda g: torch.ones(2)); y.sum().backward()
(w * 2).register_post_accumulate_grad_hook(lambda p: None)
x.register_post_accumulate_grad_hook(lambda p: None)
w.register_post_accumulate_grad_hook(lambda: None); w.sum().backward()
torch.autograd.backward(w)
torch.autograd.backward()
torch.autograd.backward([])
torch.autograd.backward(1)
torch.autograd.backward(x.sum())
torch.autograd.backward([w.sum()], [1, 2])
torch.autograd.backward([w * 2], torch.ones(3)); w.grad
torch.autograd.backward([w * 2], torch.ones(2))
torch.autograd.backward(w.sum(), inputs=[])
torch.autograd.backward(w.sum(), grad_variables=torch.ones(()))
torch.autograd.grad()
torch.autograd.grad(w.sum())
torch.autograd.grad(w, w)
torch.autograd.grad(w * 2, w)
torch.autograd.grad(w.sum(), x)
torch.autograd.grad(w.sum(), [x, w])
torch.autograd.grad(w.sum(), [w, torch.ones(1, requires_grad=True)])
torch.autograd.grad(w.sum(), [w, torch.ones(1, requires_grad=True)], allow_unused=True)
torch.autograd.grad(w.sum(), [w, torch.ones(1, requires_grad=True)], materialize_grads=True)
torch.autograd.grad(w.sum(), [w, torch.ones(1, requires_grad=True)], allow_unused=False, materialize_grads=True)
torch.autograd.grad(w.sum(), [w, x], allow_unused=True)
torch.autograd.grad(x.sum(), x)
torch.autograd.grad(w.sum(), 1)
torch.autograd.grad(w.sum(), 'a')
torch.autograd.grad(w.sum(), [])
torch.autograd.grad([], w)
torch.autograd.grad(1, w)
torch.autograd.grad(w * 2, w, torch.ones(2))
torch.autograd.grad(w * 2, w, 1)
torch.autograd.grad(w * 2, w, [torch.ones(3), torch.ones(3)])
torch.autograd.grad(w * 2, w, grad_outputs=torch.ones(3))
torch.autograd.grad(w * 2, w, None)
torch.autograd.grad(w.sum(), w, foo=1)
torch.autograd.grad(w.sum(), w)[0].sum().backward()
torch.autograd.grad(w.sum(), w, create_graph=True)[0].sum().backward()
torch.autograd.grad((w ** 2).sum(), w, create_graph=True)[0].requires_grad
torch.autograd.grad(torch.autograd.grad(w.exp().sum(), w)[0].sum(), w)
torch.autograd.grad(w.sum(), w.detach())
torch.autograd.grad(w.sum(), w.view(3))
torch.autograd.grad(w.sum(), w * 1)
torch.autograd.Variable(x).requires_grad
torch.autograd.Variable(x, requires_grad=True).requires_grad
torch.autograd.Variable(1)
torch.autograd.Variable(x, volatile=True)
torch.autograd.gradcheck(torch.exp, w)
torch.autograd.gradcheck(torch.exp, x)
torch.autograd.gradcheck(torch.exp, x.double())
torch.autograd.gradcheck(torch.exp, 1)
torch.autograd.functional.jacobian(torch.exp, 1)
torch.autograd.functional.hessian(torch.exp, w)
torch.autograd.functional.jacobian(lambda t: 1, w)
torch.set_grad_enabled()
torch.set_grad_enabled('a')
torch.set_grad_enabled(1)
torch.set_grad_enabled(None)
torch.set_grad_enabled(mode=False)
torch.no_grad(1)
torch.no_grad()(1)
torch.no_grad('a')
torch.no_grad.foo
torch.no_grad() + 1
torch.enable_grad(False)
torch.inference_mode(1)
torch.inference_mode('a')
torch.is_grad_enabled(1)
torch.autograd.set_detect_anomaly()
torch.autograd.set_detect_anomaly('a')
torch.autograd.set_detect_anomaly(1)
torch.autograd.graph.saved_tensors_hooks(1)
w.grad_fn.foo
(w * 2).grad_fn.foo
(w * 2).grad_fn()
(w * 2).grad_fn.next_functions[0][0].variable is w
(w * 2).grad_fn.saved_tensors
(w ** 2).grad_fn._saved_self is w
y = w.exp(); y.sum().backward(); y.grad_fn._saved_result
torch.autograd.Function()
torch.autograd.Function.apply(x)
torch.autograd.Function().forward(x)
torch.utils.checkpoint.checkpoint(1, x)
torch.utils.checkpoint.checkpoint(torch.exp, w, foo=1)
torch.utils.checkpoint.checkpoint(torch.exp, x, use_reentrant=True)
torch.utils.checkpoint.checkpoint(torch.exp, w).shape
"""

PROGRAMS = """
class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
Double.apply(w).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * 2, g
Double.apply(w).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        return x * y
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double.apply(w, w).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, n):
        return x * n
    @staticmethod
    def backward(ctx, g):
        return g * 2, g
Double.apply(w, 2).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g[:2]
Double.apply(w).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return 1
Double.apply(w).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return None
Double.apply(w).sum().backward()
w.grad

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 'a'
    @staticmethod
    def backward(ctx, g):
        return g
Double.apply(w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return None
    @staticmethod
    def backward(ctx, g):
        return g
Double.apply(w)

class Double(torch.autograd.Function):
    def forward(self, x):
        return x * 2
    def backward(self, g):
        return g * 2
Double()(w)

class Double(torch.autograd.Function):
    def forward(self, x):
        return x * 2
    def backward(self, g):
        return g * 2
Double.apply(w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double(w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double.apply(w, w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double.apply(x=w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(1)
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double.apply(w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * x
y = Double.apply(w)
y.sum().backward()
y.sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * x
v = w * 1
y = Double.apply(v)
v += 1
y.sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * ctx.factor
Double.apply(w).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double.apply(w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x * 2
        ctx.mark_dirty(x)
        return y
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double.apply(w * 1)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_non_differentiable(x)
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g * 2
Double.apply(w).requires_grad

class Double(torch.autograd.Function):
    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        return g * 2
    @staticmethod
    def forward(ctx, x):
        return x * 2
(g,) = torch.autograd.grad(Double.apply(w).sum(), w, create_graph=True)
g.sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        raise ValueError('mine')
Double.apply(w).sum().backward()

class Double(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g
Double.apply(w)

class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.long()
    @staticmethod
    def backward(ctx, g):
        return g
Double.apply(w).requires_grad

with torch.no_grad():
    y = w * 2
y.sum().backward()

with torch.no_grad():
    w.add_(1)
w

with torch.no_grad():
    w[0] = 5
w.sum().backward()
w.grad

with torch.no_grad():
    v = w.view(3)
v.add_(1)

with torch.no_grad:
    pass

with torch.set_grad_enabled(False):
    y = w * 2
y.requires_grad

with torch.autograd.set_grad_enabled(False) as mode:
    y = mode

@torch.no_grad
def f(a):
    return a * 2
f(w).requires_grad

@torch.no_grad()
def f(a):
    return a * 2
f(w).backward()

v = w.view(3)
with torch.no_grad():
    w.zero_()
v.sum().backward()
w.grad

y = w.clone()
v = y.view(3)
y.add_(1)
v.grad_fn.name()

y = w.clone()
a, q, r = y.unbind()
a.add_(1)

y = w.clone()
a, q, r = y.split(1)
a.mul_(2)

y = w.clone()
a, q = y.chunk(2)
y.add_(1)
a.sum().backward()

total = 0
for step in range(2):
    total = total + (w * total).sum() + w.exp().sum()
    total.backward()

loss = (w ** 2).sum()
loss.backward()
w = w - 0.1 * w.grad
loss = (w ** 2).sum()
loss.backward()
w.grad

loss = (w ** 2).sum()
loss.backward()
w -= 0.1 * w.grad

loss = (w ** 2).sum()
loss.backward()
w.data -= 0.1 * w.grad
w

with torch.autograd.detect_anomaly():
    (w - w).sqrt().sum().backward()
w.grad

with torch.autograd.detect_anomaly():
    (w * 0 - 1).log().sum().backward()

h = nn.RNN if False else nn.Linear(3, 3)
state = torch.zeros(2, 3)
for step in range(2):
    state = torch.tanh(h(x) + state)
    state.sum().backward()

x.requires_grad = True
x *= 2

x.requires_grad_()
y = x[0]
y *= 2

w.grad = torch.ones(3)
w.sum().backward()
w.grad

def closure():
    return w.sum()
torch.autograd.grad(closure, w)

for p in (w for _ in range(1)):
    p = p - 1
p.grad

y = w * 2
del w
y.sum().backward()
y.grad

y = torch.ones(2, requires_grad=True)
y = y.to(torch.float64)
y.sum().backward()
y.grad

y = torch.ones(2).requires_grad_()
y = y.double()
optim.SGD([y], lr=0.1)
"""
