"""Mistakes that get another answer than torch gives, by reason. One that no longer does is to be taken out."""

LINES = {
    "NumPy's arrays are taken where torch takes only tensors, and NumPy's functions take tensors.": r"""
torch.ones_like(np.ones(2))
x + np.ones(3)
np.array(w)
np.sum(w)
np.sum(x)
np.mean(x, axis=5)
np.exp(x)
np.array(x, dtype=int)
torch.tensor([1j]).conj().numpy()
x.bfloat16().numpy()
torch.randn(2, generator=np.random.default_rng(0))
torch.cat([x, np.ones((2, 3))])
torch.exp(np.ones(2))
nn.Embedding(3, 2)(np.array([1]))
np.array(w * 2)
""",
    "What torch has in C goes by other names there, and so do functions that it wraps: 'torch.dtype', '_VariableFunctionsClass'.": r"""
torch.from_numpy()
pow(x, 2, 3)
x.numpy.shape
x.shape()
x.size.foo
x.dtype()
torch()
torch.nn()
torch.float32()
torch.float32(1)
torch.float32.foo
torch.dtype('float32')
torch.dtype()
torch.float32 + 1
torch.device('cuda').foo
torch.get_default_dtype(1)
torch.Generator().manual_seed()
torch.Generator().foo
torch.Generator(1, 2)
torch.iinfo()
torch.iinfo()(1)
torch.finfo(torch.float32).foo
torch.max(x, dim=1).value
x.max(1).shape
nn.LazyConv2d(4, 3).weight + 1
nn.LazyConv2d(4, 3).weight.numel()
sum(p.numel() for p in nn.LazyConv2d(4, 3).parameters())
nn.Sequential(nn.Linear(3, 4), torch.relu)
nn.ModuleList([nn.ReLU()]).append(torch.relu)
nn.UninitializedParameter() + 1
torch.is_grad_enabled(1)
(w * 2).grad_fn()
""",
    "There is no device but the CPU: no name for another, and one text where torch has several.": r"""
x.cuda(0)
x.cuda('gpu')
torch.cuda.get_device_name(0)
torch.cuda.memory_allocated()
torch.cuda.set_device(0)
""",
    "The name is not there.": r"""
x.index
x.storage().foo
torch.set_default_tensor_type('foo')
torch.stft(x)
torch.vander(x)
torch.autograd.Variable(x, volatile=True)
optim.SparseAdam([w])
""",
    "How torch's parser words a call that fits none of several signatures, or takes it for another of them.": r"""
x.to(1.5)
x.set_(1)
x.add(x, 2, 3)
x.squeeze(0, 1)
x.unflatten(0, (-1, -1))
x.split()
torch.split([1, 2], 1)
x.sort(dim=0, reverse=True)
x.nelement(1)
x.where(x > 0)
torch.atleast_2d(1)
nn.ZeroPad2d('a')(img)
nn.ZeroPad2d(1.5)(img)
F.pad(x, (1.5, 1))
w.set_(x)
""",
    "Files that are broken before the first object: where the reader stops is its own affair, and pickle's texts are Python's.": r"""
torch.load(io.BytesIO())
torch.load(io.BytesIO(b'abc'))
torch.load(io.BytesIO(b'abcdefghijklmnop'))
torch.load(io.StringIO('abc'))
torch.load(io.BytesIO(pickle.dumps(OrderedDict())))
torch.load(io.BytesIO(), foo=1)
torch.save(lambda: 1, io.BytesIO())
torch.save(x, io.StringIO())
""",
    "The same mistake is refused, by the check that comes first here.": r"""
i[0] = x
torch.einsum(x, 'ij->ji')
torch.meshgrid(x, x)
nn.Conv2d(3, 4, 3, padding_mode=1)
nn.ConvTranspose2d(3, 4, 3)(img.long())
nn.LayerNorm(3)(i)
F.softmax([1.0], 0)
nn.Tanh()('a')
nn.MSELoss()(x, 1)
nn.MSELoss()(x, None)
F.mse_loss(x, 1)
F.normalize('a')
optim.SGD([nn.Linear(2, 2).parameters()], lr=0.1)
optim.SGD([w], lr=0.1, momentum='a')
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1)).step(w)
optim.lr_scheduler.ChainedScheduler(1)
""",
    "The graph: a result where torch refuses one, because a copy was kept; checks and texts of custom functions and hooks.": r"""
m = nn.ReLU(inplace=True); m.register_full_backward_hook(lambda m, i, o: None); m(w * 2).sum().backward()
m = nn.Linear(3, 2); m.register_full_backward_hook(lambda m, i, o: None); y = m(x); y += 1
w.sum().backward(retain_graph='a')
w.sum().backward(create_graph=1)
torch.FloatTensor(w)
(w ** 2).grad_fn._saved_self is w
y = w.exp(); y.sum().backward(); y.grad_fn._saved_result
""",
    "A check or a warning of torch's that is missing here.": r"""
x['a']
x['a'] = 0
x[0] = torch.tensor([1j, 1j, 1j])
x.copy_(torch.tensor(1j))
torch.set_float32_matmul_precision(1)
x.scatter_(1, i[:, None], x[:, :1], reduce='foo')
nn.utils.clip_grad_norm_([w], 'a')
nn.Linear(2, 2).to(1.5)
list(nn.Linear(2, 2).named_parameters(prefix=1))
nn.Linear(2, 2).compile(foo=1)
float(w * 2)
torch.tensor([w[0], w[1]])
data.TensorDataset(x)['a']
x.T = 1
torch.device('cpu').type = 'a'
x.new_tensor()
torch.Generator('gpu')
torch.Generator(1.5)
torch.promote_types(torch.float32)
torch.promote_types('float32', torch.int32)
nn.Parameter(x, requires_grad='a')
torch.no_grad(1)
torch.no_grad()(1)
torch.no_grad('a')
torch.enable_grad(False)
torch.inference_mode(1)
torch.inference_mode('a')
torch.autograd.set_detect_anomaly('a')
torch.autograd.set_detect_anomaly(1)
""",
}

PROGRAMS = {
    "Files that are broken before the first object: where the reader stops is its own affair, and pickle's texts are Python's.": """
f = io.BytesIO()
torch.save(x, f)
torch.load(f)

f = io.BytesIO()
torch.save(x, f)
f = io.BytesIO(f.getvalue()[:100])
torch.load(f)
""",
    "The same mistake is refused, by the check that comes first here.": """
class Net(nn.Module):
    def __init__(self):
        pass
    def forward(self, x):
        return x
Net()(x)
""",
    "The graph: a result where torch refuses one; checks and texts of custom functions.": """
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
        return g * 2
Double.apply(x=w)

y = w.clone()
a, q = y.chunk(2)
y.add_(1)
a.sum().backward()
""",
}
