"""What goes wrong with classes of modules: construction, assignment, registration, state dicts, hooks, modes."""

LINES = """
nn.Module()(x)
nn.Module().forward(x)
nn.Module(1)
nn.Module(foo=1)
nn.Module().foo
nn.Module().parameters
nn.Module().parameters().foo
len(nn.Linear(2, 2).parameters())
nn.Linear(2, 2).parameters()[0]
nn.Linear(2, 2).parameters().shape
nn.Linear(2, 2).state_dict().foo
nn.Linear(2, 2).state_dict()['foo']
nn.Linear(2, 2).train('a')
nn.Linear(2, 2).train(1)
nn.Linear(2, 2).train(None)
nn.Linear(2, 2).eval(1)
nn.Linear(2, 2).training()
nn.Linear(2, 2).zero_grad(1, 2)
nn.Linear(2, 2).zero_grad('a')
nn.Linear(2, 2).requires_grad_('a')
nn.Linear(2, 2).to(torch.int64)
nn.Linear(2, 2).to()
nn.Linear(2, 2).to('a')
nn.Linear(2, 2).to(1.5)
nn.Linear(2, 2).to(x.long())
nn.Linear(2, 2).to(torch.complex64).weight.dtype
nn.Linear(2, 2).to(dtype='a')
nn.Linear(2, 2).to(foo=1)
nn.Linear(2, 2).to(memory_format=torch.channels_last)
nn.Conv2d(1, 1, 1).to(memory_format='a')
nn.Linear(2, 2).type(torch.int64)
nn.Linear(2, 2).type('foo')
nn.Linear(2, 2).float(1)
nn.Linear(2, 2).int()
nn.Linear(2, 2).apply(1)
nn.Linear(2, 2).apply()
nn.Linear(2, 2).apply(lambda m, n: m)
nn.Linear(2, 2).add_module('a', 1)
nn.Linear(2, 2).add_module('a', x)
nn.Linear(2, 2).add_module(1, nn.ReLU())
nn.Linear(2, 2).add_module('weight', nn.ReLU())
nn.Linear(2, 2).add_module('a.b', nn.ReLU())
nn.Linear(2, 2).add_module('', nn.ReLU())
nn.Linear(2, 2).add_module('a', None)
nn.Linear(2, 2).add_module('a')
nn.Linear(2, 2).register_module('forward', nn.ReLU())
nn.Linear(2, 2).register_buffer('a', 1)
nn.Linear(2, 2).register_buffer('a', [1])
nn.Linear(2, 2).register_buffer('a')
nn.Linear(2, 2).register_buffer(1, x)
nn.Linear(2, 2).register_buffer('a.b', x)
nn.Linear(2, 2).register_buffer('', x)
nn.Linear(2, 2).register_buffer('weight', x)
nn.Linear(2, 2).register_buffer('forward', x)
nn.Linear(2, 2).register_buffer('a', nn.Parameter(x))
nn.Linear(2, 2).register_buffer('a', None)
nn.Linear(2, 2).register_buffer('a', x, False, 1)
nn.Linear(2, 2).register_parameter('a', x)
nn.Linear(2, 2).register_parameter('a', w)
nn.Linear(2, 2).register_parameter('a', w * 2)
nn.Linear(2, 2).register_parameter('a', 1)
nn.Linear(2, 2).register_parameter('a.b', nn.Parameter(x))
nn.Linear(2, 2).register_parameter('', nn.Parameter(x))
nn.Linear(2, 2).register_parameter(1, nn.Parameter(x))
nn.Linear(2, 2).register_parameter('forward', nn.Parameter(x))
nn.Linear(2, 2).register_parameter('weight', nn.Parameter(x))
nn.Linear(2, 2).register_parameter('a')
m = nn.Linear(2, 2); m.weight = x
m = nn.Linear(2, 2); m.weight = torch.ones(2, 2)
m = nn.Linear(2, 2); m.weight = w
m = nn.Linear(2, 2); m.weight = 1
m = nn.Linear(2, 2); m.weight = np.ones((2, 2))
m = nn.Linear(2, 2); m.weight = nn.ReLU()
m = nn.Linear(2, 2); m.weight = 'a'
m = nn.Linear(2, 2); m.weight = None; m(torch.ones(1, 2))
m = nn.Linear(2, 2); m.weight = nn.Parameter(x); m(torch.ones(1, 2))
m = nn.Linear(2, 2); m.weight = nn.Parameter(x); m(x).shape
m = nn.Linear(2, 2); m.weight.data = x; m(x).shape
m = nn.Linear(2, 2); m.weight.data = torch.ones(2, 2).long()
m = nn.Linear(2, 2); m.weight.data = 1
m = nn.Linear(2, 2); m.weight.data = [1]
m = nn.Linear(2, 2); m.weight.data = None
m = nn.Linear(2, 2); m.weight.grad = x
m = nn.Linear(2, 2); m.weight += 1
m = nn.Linear(2, 2); m.weight.fill_(1)
m = nn.Linear(2, 2); m.weight[0] = 1
m = nn.Linear(2, 2); m.weight.copy_(torch.ones(2, 2))
m = nn.Linear(2, 2); m.weight.copy_(x)
m = nn.Linear(2, 2); m.weight.data.copy_(x)
m = nn.Linear(2, 2); nn.init.zeros_(m.weight).sum()
m = nn.Linear(2, 2); m.weight = m.weight * 2
m = nn.Linear(2, 2); m.weight.requires_grad = 'a'
m = nn.Linear(2, 2); m.weight.numpy()
m = nn.Linear(2, 2); del m.weight; m(torch.ones(1, 2))
m = nn.Linear(2, 2); del m.foo
m = nn.Linear(2, 2); m.bias.foo
m = nn.Linear(2, 2); m.forward = None; m(x)
m = nn.Linear(2, 2); m.training = 'a'; m
m = nn.Linear(2, 2); m.foo = nn.ReLU(); m.foo = 1
m = nn.Linear(2, 2); m.foo = nn.ReLU(); m.foo = None; m
m = nn.Linear(2, 2); m.foo = nn.ReLU(); m.foo = x
m = nn.BatchNorm1d(2); m.running_mean = 1
m = nn.BatchNorm1d(2); m.running_mean = [1, 2]
m = nn.BatchNorm1d(2); m.running_mean = nn.Parameter(torch.ones(2))
m = nn.BatchNorm1d(2); m.running_mean = None; m.eval()(torch.ones(3, 2)).shape
m = nn.BatchNorm1d(2); m.running_mean = torch.ones(3); m(torch.ones(3, 2))
m = nn.BatchNorm1d(2); m.weight = torch.ones(2)
nn.Linear(2, 2).load_state_dict()
nn.Linear(2, 2).load_state_dict(1)
nn.Linear(2, 2).load_state_dict(None)
nn.Linear(2, 2).load_state_dict('a.pt')
nn.Linear(2, 2).load_state_dict([])
nn.Linear(2, 2).load_state_dict(nn.Linear(2, 2))
nn.Linear(2, 2).load_state_dict({})
nn.Linear(2, 2).load_state_dict({}, strict=False)
nn.Linear(2, 2).load_state_dict({}, False).missing_keys
nn.Linear(2, 2).load_state_dict({}, strict='a')
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(2, 2)})
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(2, 2), 'bias': torch.ones(2)})
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(2, 2), 'bias': torch.ones(3)})
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(2, 2), 'bias': torch.ones(3)}, strict=False)
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(3, 3), 'bias': torch.ones(3)})
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(2, 2), 'bias': torch.ones(2), 'foo': x})
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(2, 2), 'bias': torch.ones(2), 'foo': x}, strict=False)
nn.Linear(2, 2).load_state_dict({'weights': torch.ones(2, 2), 'biases': torch.ones(2)})
nn.Linear(2, 2).load_state_dict({'module.weight': torch.ones(2, 2), 'module.bias': torch.ones(2)})
nn.Linear(2, 2).load_state_dict({'weight': 1, 'bias': torch.ones(2)})
nn.Linear(2, 2).load_state_dict({'weight': [[1, 2], [3, 4]], 'bias': None})
nn.Linear(2, 2).load_state_dict({'weight': np.ones((2, 2)), 'bias': torch.ones(2)})
nn.Linear(2, 2).load_state_dict({1: torch.ones(2, 2)})
nn.Linear(2, 2).load_state_dict({1: torch.ones(2, 2)}, strict=False)
nn.Linear(2, 2, bias=False).load_state_dict(nn.Linear(2, 2).state_dict())
nn.Linear(2, 2).load_state_dict(nn.Linear(2, 2, bias=False).state_dict())
nn.Linear(2, 2).load_state_dict(nn.Linear(2, 2).double().state_dict())
nn.Linear(2, 2).load_state_dict(nn.Linear(2, 2).state_dict(), assign='a')
nn.Linear(2, 2).load_state_dict(nn.Linear(3, 2).state_dict(), assign=True)
nn.Linear(2, 2).load_state_dict(nn.Linear(2, 2).state_dict(), foo=1)
nn.Linear(2, 2).load_state_dict({'weight': z, 'bias': z})
nn.Linear(1, 1).load_state_dict({'weight': torch.ones(1, 1), 'bias': z})
nn.Conv2d(1, 2, 3).load_state_dict(nn.Conv2d(2, 1, 3).state_dict())
nn.Conv2d(1, 2, 3).load_state_dict(nn.Linear(1, 2).state_dict())
nn.BatchNorm2d(2).load_state_dict({})
nn.BatchNorm2d(2).load_state_dict(nn.BatchNorm2d(3).state_dict())
nn.BatchNorm2d(2).load_state_dict(nn.InstanceNorm2d(2, affine=True).state_dict())
nn.InstanceNorm2d(2).load_state_dict(nn.BatchNorm2d(2).state_dict())
nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 1)).load_state_dict(nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)).state_dict())
nn.Sequential(nn.Linear(1, 1)).load_state_dict(nn.Linear(1, 1).state_dict())
nn.Sequential(nn.Linear(1, 1)).load_state_dict({'0': nn.Linear(1, 1)})
nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).load_state_dict({'0.weight': x, '1.foo': x})
nn.Linear(2, 2).state_dict(1, 2, 3)
nn.Linear(2, 2).state_dict(foo=1)
nn.Linear(2, 2).state_dict(prefix=1)
nn.Linear(2, 2).state_dict(destination={}, prefix='a.', keep_vars=True)
nn.Linear(2, 2).get_parameter('foo')
nn.Linear(2, 2).get_parameter('a.b')
nn.Linear(2, 2).get_parameter('training')
nn.Linear(2, 2).get_parameter(1)
nn.Linear(2, 2).get_buffer('foo')
nn.Linear(2, 2).get_buffer('weight')
nn.Linear(2, 2).get_submodule('foo')
nn.Linear(2, 2).get_submodule('weight')
nn.Linear(2, 2).get_submodule('')
nn.Sequential(nn.ReLU()).get_submodule('0.a')
nn.Sequential(nn.ReLU()).set_submodule('', nn.ReLU())
nn.Sequential(nn.ReLU()).set_submodule('a.b', nn.ReLU())
nn.Sequential(nn.ReLU()).set_submodule('0', 1)
nn.Linear(2, 2).named_parameters(1, 2, 3, 4)
list(nn.Linear(2, 2).named_parameters(foo=1))
list(nn.Linear(2, 2).named_parameters(prefix=1))
list(nn.Linear(2, 2).parameters('a'))[0].shape
list(nn.Linear(2, 2).named_modules(1))
nn.Linear(2, 2).children(1)
nn.Linear(2, 2).register_forward_hook()
nn.Linear(2, 2).register_forward_hook(1)(x)
m = nn.Linear(3, 2); m.register_forward_hook(1); m(x)
m = nn.Linear(3, 2); m.register_forward_hook(lambda m: None); m(x)
m = nn.Linear(3, 2); m.register_forward_hook(lambda m, i: None); m(x)
m = nn.Linear(3, 2); m.register_forward_pre_hook(lambda m, i, o: None); m(x)
m = nn.Linear(3, 2); m.register_forward_pre_hook(lambda m, i: 1); m(x)
m = nn.Linear(3, 2); m.register_forward_pre_hook(lambda m, i, k: 1, with_kwargs=True); m(x)
m = nn.Linear(3, 2); m.register_forward_pre_hook(lambda m, i, k: (1, 2, 3), with_kwargs=True); m(x)
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i: None); m(x).sum().backward()
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i, o: 1); m(x).sum().backward()
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i, o: (1, 2)); m(x.requires_grad_()).sum().backward()
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i, o: (i[0], i[0])); m(x.requires_grad_()).sum().backward()
m = nn.Linear(3, 2); m.register_backward_hook(lambda m, i, o: None); m.register_full_backward_hook(lambda m, i, o: None)
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i, o: None); m.register_backward_hook(lambda m, i, o: None)
m = nn.ReLU(inplace=True); m.register_full_backward_hook(lambda m, i, o: None); m(w * 2).sum().backward()
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i, o: None); y = m(x); y += 1
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i, o: None); m(x).sum().backward()
m = nn.Linear(3, 2); h = m.register_forward_hook(lambda m, i, o: None); h.remove(); h.remove()
m = nn.Linear(3, 2); m.register_forward_hook(lambda m, i, o: None, foo=1)
nn.Parameter()
nn.Parameter(None)
nn.Parameter(1)
nn.Parameter([1.0])
nn.Parameter('a')
nn.Parameter(np.ones(2))
nn.Parameter(i)
nn.Parameter(b)
nn.Parameter(i, requires_grad=False)
nn.Parameter(x, 1, 2)
nn.Parameter(x, requires_grad='a')
nn.Parameter(x, grad=False)
nn.Parameter(w * 2).is_leaf
nn.Parameter(nn.Parameter(x)).shape
nn.Parameter(data=x, requires_grad=False)
nn.Parameter(x) is x
nn.Parameter(x).foo
nn.Parameter(x) + nn.Parameter(x)
nn.Parameter(x).add_(1)
nn.Buffer(1)
nn.Buffer()
nn.UninitializedParameter().shape
nn.UninitializedParameter() + 1
nn.UninitializedParameter()
nn.UninitializedBuffer().shape
copy.deepcopy(nn.Linear(2, 2)(torch.ones(1, 2)))
copy.copy(nn.Linear(2, 2))
pickle.loads(pickle.dumps(nn.Linear(2, 2)))
nn.Linear(2, 2).share_memory()
nn.Linear(2, 2).half().weight.dtype
nn.Linear(2, 2).extra_repr(1)
nn.Linear(2, 2).compile(foo=1)
nn.DataParallel(nn.Linear(2, 2))
"""

PROGRAMS = """
class Net(nn.Module):
    def __init__(self):
        self.a = nn.Linear(2, 2)
Net()

class Net(nn.Module):
    def __init__(self):
        self.a = nn.Parameter(torch.ones(2))
Net()

class Net(nn.Module):
    def __init__(self):
        self.a = torch.ones(2)
Net()

class Net(nn.Module):
    def __init__(self):
        self.register_buffer('a', torch.ones(2))
Net()

class Net(nn.Module):
    def __init__(self):
        self.register_parameter('a', None)
Net()

class Net(nn.Module):
    def __init__(self):
        self.add_module('a', nn.ReLU())
Net()

class Net(nn.Module):
    def __init__(self):
        self.a = 1
Net().a

class Net(nn.Module):
    def __init__(self):
        self.a = 1
Net()

class Net(nn.Module):
    def __init__(self):
        pass
    def forward(self, x):
        return x
Net()(x)

class Net(nn.Module):
    def __init__(self):
        self.training = True
Net().parameters()

class Net(nn.Module):
    def __init__(self):
        pass
list(Net().parameters())

class Net(nn.Module):
    def __init__(self):
        super().__init__(1)
Net()

class Net(nn.Module):
    def __init__(self):
        super().__init__(foo=1)
Net()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
Net()(x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
    def forwards(self, x):
        return x
Net()(x)

class Net(nn.Module):
    def forward():
        return 1
Net()(x)

class Net(nn.Module):
    def forward(self):
        return 1
Net()(x)

class Net(nn.Module):
    def forward(self, x, y):
        return x
Net()(x)

class Net(nn.Module):
    def forward(self, x):
        return self.conv(x)
Net()(x)

class Net(nn.Module):
    def forward(self, x):
        self.a.b
Net()(x)

class Net(nn.Module):
    @property
    def wrong(self):
        return self.missing
Net().wrong

class Net(nn.Module):
    def forward(self, x):
        pass
Net()(x) + 1

class Net(nn.Module):
    def forward(self, x):
        pass
Net(3)

class Net(nn.Module):
    def __init__(self, a):
        super().__init__()
Net()

class Net(nn.Module):
    def __init__(self, a):
        super().__init__()
Net(1, 2)

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__
        self.a = nn.ReLU()
Net()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 2)]
list(Net().parameters())

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 2)]
optim.SGD(Net().parameters(), lr=0.1)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 3)
        self.b = nn.Linear(2, 3)
    def forward(self, x):
        return self.b(self.a(x))
Net()(torch.ones(1, 2))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 3)
    def forward(self, x):
        return self.a(x)
Net().load_state_dict({'b.weight': x})

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 3)
        self.bn = nn.BatchNorm1d(3)
Net().load_state_dict({'a.weight': x, 'bn.weight': x, 'c': x})

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.forward = 1
Net()(x)

class Net(nn.Module):
    def extra_repr(self):
        return 1
Net()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.w = torch.ones(2)
Net()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.register_buffer('w', torch.ones(2))
Net()

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2)) * 2
list(Net().parameters())

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_parameter('w', nn.Parameter(torch.ones(2)) * 2)
Net()

class Net(nn.Sequential):
    def forward(self, x, y):
        return x
Net(nn.ReLU())(x)

class Net(nn.Module):
    def get_extra_state(self):
        return 1
Net().state_dict()

class Net(nn.Module):
    def get_extra_state(self):
        return 1
Net().load_state_dict(Net().state_dict())

class Net(nn.Module):
    def set_extra_state(self, state):
        pass
Net().load_state_dict({})

class Net(nn.Module):
    def __getattr__(self, name):
        return super().__getattr__(name)
Net().foo

nn.Module().set_extra_state(1)

nn.Module().get_extra_state()

model = nn.Linear(2, 2)
model.weight.requires_grad = False
model.bias.requires_grad = False
model(torch.ones(1, 2)).sum().backward()

model = nn.Linear(2, 2)
with torch.no_grad():
    out = model(torch.ones(1, 2))
out.sum().backward()

model = nn.Linear(2, 2)
with torch.inference_mode():
    out = model(torch.ones(1, 2))
out.sum().backward()

model = nn.Linear(2, 2)
with torch.inference_mode():
    out = torch.ones(1, 2)
model(out)

model = nn.Linear(2, 2)
with torch.inference_mode():
    out = torch.ones(1, 2)
out.add_(1)

model = nn.Linear(2, 2)
with torch.inference_mode():
    out = torch.ones(1, 2)
out.requires_grad = True

model = nn.Conv2d(3, 4, 3)
out = model(img)
loss = F.cross_entropy(out, torch.zeros(1, dtype=torch.int64))

model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(100, 10))
model(img)

model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True))
out = model(x)
out += 1
out.sum().backward()

model = nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.ReLU(inplace=True))
model(x).sum().backward()

model = nn.Sequential(nn.Linear(3, 4), nn.Softmax(1))
out = model(x)
out[0, 0] = 0
out.sum().backward()

model = nn.Linear(3, 1)
out = model(x)
F.mse_loss(out, torch.ones(2)).shape

model = nn.Linear(3, 1)
F.binary_cross_entropy(model(x), torch.ones(2, 1))

model = nn.Linear(3, 1)
F.binary_cross_entropy_with_logits(model(x), torch.ones(2))
"""
