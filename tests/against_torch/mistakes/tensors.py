"""Creation, indexing, conversion to Python, operators, legacy constructors, NumPy, printing, absent names."""

LINES = """
torch.tensor()
torch.tensor(None)
torch.tensor('a')
torch.tensor(['a', 'b'])
torch.tensor([1, 'a'])
torch.tensor([1, None])
torch.tensor([[1, 2], [3]])
torch.tensor([[1, 2], 3])
torch.tensor([1, [2, 3]])
torch.tensor([x, x])
torch.tensor([x[0, 0], x[0, 1]])
torch.tensor(x)
torch.tensor(w)
torch.tensor({1: 2})
torch.tensor({1, 2})
torch.tensor(object())
torch.tensor(1, 2)
torch.tensor(1, 2, 3)
torch.tensor([1, 2], dtype='float32')
torch.tensor([1, 2], dtype=np.float32)
torch.tensor([1, 2], dtype=float)
torch.tensor([1, 2], dtype=int)
torch.tensor([1, 2], dtype=bool)
torch.tensor([1, 2], dtype=str)
torch.tensor([1, 2], requires_grad=True)
torch.tensor([True], requires_grad=True)
torch.tensor([1.5], device='gpu')
torch.tensor([1.5], device='cuda')
torch.tensor([1.5], device='cuda:0')
torch.tensor([1.5], device=0)
torch.tensor([1.5], device=None)
torch.tensor([1.5], device='meta:x')
torch.tensor([1.5], grad=True)
torch.tensor(data=[1.5], require_grad=True)
torch.tensor(2**63)
torch.tensor(2**64)
torch.tensor(-2**63 - 1)
torch.tensor(300, dtype=torch.uint8)
torch.tensor(-1, dtype=torch.uint8)
torch.tensor(1e400, dtype=torch.float32)
torch.tensor(1.5, dtype=torch.int64)
torch.tensor(1j, dtype=torch.float32)
torch.tensor(float('nan'), dtype=torch.int64)
torch.tensor(range(3))
torch.tensor((i for i in range(3)))
torch.tensor(np.array(['a']))
torch.tensor(np.array([None]))
torch.tensor(np.array([1, 2], dtype=np.datetime64))
torch.tensor(b'ab')
torch.tensor(bytearray(b'ab'))
torch.tensor([])
torch.tensor([[]])
torch.tensor([[], [1]])
torch.as_tensor('a')
torch.as_tensor([1, [2]])
torch.from_numpy([1, 2])
torch.from_numpy(x)
torch.from_numpy(1)
torch.from_numpy(None)
torch.from_numpy()
torch.from_numpy(np.array(['a']))
torch.from_numpy(np.array([None]))
torch.from_numpy(np.float32(1))
torch.from_numpy(np.arange(3)[::-1])
torch.from_numpy(np.arange(3).astype('>i4'))
torch.from_numpy(np.ones(2, dtype=np.float128))
torch.from_numpy(np.array(1.5))
torch.zeros()
torch.zeros('a')
torch.zeros(1.5)
torch.zeros(2, 1.5)
torch.zeros([2, 1.5])
torch.zeros((2, 'a'))
torch.zeros(-1)
torch.zeros(2, -3)
torch.zeros(None)
torch.zeros(2, None)
torch.zeros(x)
torch.zeros(x.shape, 2)
torch.zeros(2, dtype='int')
torch.zeros(2, 3, torch.int32)
torch.zeros((2, 3), torch.int32)
torch.zeros(2, size=3)
torch.zeros(2, shape=(3,))
torch.zeros(True)
torch.zeros(np.int64(2))
torch.zeros(torch.tensor(2))
torch.zeros(torch.tensor(2.0))
torch.ones(2, requires_grad=1)
torch.ones(2, dtype=torch.int64, requires_grad=True)
torch.ones(2, requires_grad='yes')
torch.empty()
torch.empty(-1)
torch.empty('3')
torch.full(3, 1.0)
torch.full((2, 2))
torch.full((2,), 'a')
torch.full((2,), None)
torch.full((2,), x)
torch.full((2,), torch.tensor(3.0))
torch.full((2,), 1.5, dtype=torch.int64)
torch.full((2,), 300, dtype=torch.uint8)
torch.full(fill_value=1.0)
torch.full_like(x)
torch.full_like(x, 'a')
torch.zeros_like(2)
torch.zeros_like([1, 2])
torch.zeros_like((2, 3))
torch.ones_like(None)
torch.ones_like(np.ones(2))
torch.rand('a')
torch.rand(-1)
torch.rand(2, dtype=torch.int64)
torch.randn(2, dtype=torch.int64)
torch.randn(2.0)
torch.rand(2, high=3)
torch.randint(10)
torch.randint(10, 3)
torch.randint(0, 10)
torch.randint(5, 5, (2,))
torch.randint(5, 2, (2,))
torch.randint(0, (2,))
torch.randint(1.5, (2,))
torch.randint(0, 1.5, (2,))
torch.randint(3, (2,), dtype=torch.bool)
torch.randint(300, (2,), dtype=torch.uint8)
torch.randperm(-1)
torch.randperm(2.5)
torch.randperm((3,))
torch.randn_like(i)
torch.rand_like(2)
torch.normal(0, 1)
torch.normal(0.0, 1.0)
torch.normal(0, 1, (2,))
torch.normal(0.0, -1.0, (2,))
torch.normal(x, -x)
torch.bernoulli(torch.tensor([1.5]))
torch.bernoulli(torch.tensor([1]))
torch.bernoulli(0.5)
torch.multinomial(torch.tensor([0.0, 0.0]), 1)
torch.multinomial(torch.tensor([1.0, 2.0]), 3)
torch.multinomial(torch.tensor([-1.0, 2.0]), 1)
torch.multinomial(torch.tensor([1, 2]), 1)
torch.multinomial(torch.ones(2, 2, 2), 1)
torch.multinomial(torch.ones(2), 0)
torch.arange()
torch.arange('a')
torch.arange(0, 10, 0)
torch.arange(10, 0, 1)
torch.arange(0, 10, -1)
torch.arange(1, float('inf'))
torch.arange(0, float('nan'))
torch.arange(x)
torch.arange(None)
torch.arange(1, 2, 3, 4)
torch.arange(5, dtype=torch.bool)
torch.arange(5, step=2)
torch.arange(start=5)
torch.linspace(0, 1)
torch.linspace(0, 1, -1)
torch.linspace(0, 1, 2.5)
torch.linspace(0, 1, steps=None)
torch.linspace('a', 1, 3)
torch.logspace(0, 1)
torch.eye()
torch.eye(-1)
torch.eye(2.5)
torch.eye((2, 2))
torch.eye(2, 3, 4)
torch.Tensor(2.5)
torch.Tensor('a')
torch.Tensor([1, 'a'])
torch.Tensor([[1], [1, 2]])
torch.Tensor(None)
torch.Tensor(-1)
torch.Tensor(2, 1.5)
torch.Tensor(dtype=torch.int64)
torch.Tensor([1], dtype=torch.int64)
torch.Tensor([1], requires_grad=True)
torch.Tensor([1], device='cuda')
torch.Tensor(i)
torch.Tensor(x)
torch.Tensor(d)
torch.Tensor(np.ones(2))
torch.Tensor(np.ones(2, dtype=np.float32))
torch.Tensor()
torch.Tensor(True)
torch.Tensor((2, 3))
torch.Tensor(torch.Size([2])).shape
torch.FloatTensor([1, 2])
torch.LongTensor([1.5])
torch.LongTensor(x)
torch.ByteTensor([1, 2])
torch.Size(3)
torch.Size([1.5])
torch.Size(['a'])
torch.Size([2, 3]) + 1
torch.Size([2, 3])[5]
torch.Size([2, 3]).numel(1)
x[2]
x[-3]
x[0, 3]
x[0, 0, 0]
x[..., 3]
x[0, ..., 0, 0]
x[..., ...]
x['a']
x['a', 0]
x[0.5]
x[1.0]
x[0, 1.5]
x[None, None].shape
x[object()]
x[{1}]
x[()]
x[[]]
x[[0, 5]]
x[[0.5]]
x[[True]]
x[[True, False, True]]
x[[True, False], [True, False]]
x[[0, 1], [0, 1, 2]]
x[i, torch.tensor([0, 1, 2])]
x[torch.tensor([0, 2])]
x[torch.tensor([-3])]
x[torch.tensor([0.0])]
x[torch.tensor(0.5)]
x[torch.tensor([0], dtype=torch.int32)]
x[torch.tensor([0], dtype=torch.uint8)]
x[torch.tensor([0], dtype=torch.int8)]
x[torch.tensor([0], dtype=torch.int16)]
x[torch.tensor([1, 0], dtype=torch.uint8)]
x[torch.tensor([True])]
x[torch.tensor([[True, False, True]])]
x[torch.ones(2, 2, dtype=torch.bool)]
x[torch.ones(3, 3, dtype=torch.bool)]
x[torch.tensor(True)]
x[True]
x[False]
x[True, 0]
x[np.array([0.5])]
x[np.array([5])]
x[np.array([True, False])]
x[np.float64(1.0)]
x[np.bool_(True)]
x[0:5, 5:]
x[::-1]
x[::0]
x['a':]
x[0.5:]
x[None:]
x[torch.tensor(0):torch.tensor(2)]
x[torch.tensor([0]):2]
x[torch.tensor([0, 1]):2]
x[i[0]:5]
z[0]
z[:]
z[...]
z[None]
z[0:1]
z[True]
i[i.float()]
x[2] = 0
x[0, 3] = 0
x['a'] = 0
x[0.5] = 0
x[0] = [1, 2]
x[0] = [1.0, 2.0, 3.0]
x[0] = 'a'
x[0] = None
x[0] = torch.ones(2)
x[0] = torch.ones(4)
x[0] = torch.ones(3, 3)
x[0] = torch.ones(1, 3); x
x[0] = np.ones(3)
x[0] = np.ones(2)
x[0] = 1j
x[0] = torch.tensor([1j, 1j, 1j])
x[:, 0] = torch.ones(3)
x[x > 10] = torch.ones(2)
x[x > 0] = torch.ones(2)
x[x > 0] = i
x[x > 0] = 1j
x[i] = torch.ones(3, 3)
x[i] = d
x[i] = torch.ones(2, 3).double()
x[0] = torch.ones(3).double(); x
i[0] = 1.7; i
i[0] = float('nan'); i
i[0] = 'a'
i[0] = x
z[0] = 1
z[...] = 3; z
b[0] = 5; b
x[torch.tensor([0, 5])] = 1
x[torch.tensor([True, True, True])] = 1
x[True] = 5; x
del x[0]
x.index
x[0, [0, 1], 5]
x[[0, 1], 0, 0]
x.item()
torch.tensor([1.5]).item()
torch.tensor([]).item()
i.item()
x.tolist(1)
float(x)
float(i)
float(torch.tensor([[2]]))
float(torch.tensor([]))
float(torch.tensor(1j))
int(x)
int(torch.tensor(float('nan')))
int(torch.tensor(float('inf')))
int(torch.tensor(2.7))
int(torch.tensor(1j))
complex(x)
complex(z)
bool(x)
bool(torch.tensor([]))
bool(torch.tensor([1.0]))
bool(torch.tensor([[0]]))
bool(x > 0)
if_ = 1 if x > 0 else 2
if_ = 1 if x else 2
x and x
not x
x == None
x != None
x < None
x == 'a'
x < 'a'
x is None
x in [1, 2]
x in [x, x]
1 in x
'a' in x
None in x
[1] in x
x in x
i in [i]
max(x)
min(i)
sum(x)
sorted(i)
sorted(x)
list(z)
len(z)
len(x)
iter(z)
next(x)
enumerate(z)
zip(z, z)
for _ in z: pass
a, q = torch.ones(3)
a, q, r = x
a, q = z
range(x)
range(torch.tensor(2))
range(torch.tensor(2.0))
range(torch.tensor([2]))
[1, 2, 3][torch.tensor(1)]
[1, 2, 3][torch.tensor(1.0)]
[1, 2, 3][i]
[1, 2, 3][torch.tensor([1])]
[1, 2, 3][torch.tensor(True)]
hex(z)
hex(torch.tensor(10))
round(x, 1)
round(z)
round(z, None)
abs(b)
math.sqrt(x)
math.sqrt(z)
math.floor(z)
math.floor(torch.tensor(2.5))
math.ceil(x)
hash(x) == hash(x)
{x: 1}[x]
{x: 1}[x.clone()]
x.__index__()
z.__index__()
x.__float__()
str(x, 'a')
f'{x:.2f}'
f'{z:.2f}'
f'{z:d}'
f'{i[0]:d}'
f'{i[0]:.2f}'
f'{w[0]:.2f}'
f'{z:>8}'
f'{x:>8}'
f'{torch.tensor([1.5]):.1f}'
'%d' % z
'%d' % x
'%.2f' % z
'%.2f' % x
'%s' % i
x + 'a'
'a' + x
x + None
None + x
x + [1, 2, 3]
[1, 2, 3] + x
x + (1, 2, 3)
x + np.ones(3)
np.ones(3) + x
x + np.float32(1)
np.float32(1) + x
np.float64(1) * x
np.ones(3, dtype=np.float32) * x
np.ones(3) @ x
x + {}
x - 'a'
'a' - x
x * 'a'
'a' * x
x / 'a'
'a' / x
x // None
x % 'a'
x ** 'a'
'a' ** x
x @ 2
2 @ x
x @ 'a'
x @ None
x @ x
x @ [1, 2, 3]
x | 1
x & x
x ^ 1
~x
x << 1
x >> 1
i << 1.5
i << -1
x and None
-b
+x
-x.bool()
b - b
b - 1
1 - b
b + b
b * b
b / b
b // b
b % b
b ** b
b ** 2
b @ b
b.sum() + 1.5
b - True
True - b
i - b
b += 1
i += 1.5
i /= 2
i //= 2
i //= 0
i // 0
i % 0
x % 0
x // 0
1 // torch.tensor([0])
i **= -1
i ** -1
2 ** -i
i ** torch.tensor([-1, -1])
i ** 0.5
torch.tensor([-1.0]) ** 0.5
(-1) ** torch.tensor(0.5)
x += 1j
x += torch.tensor(1j)
x += 'a'
x += None
x += torch.ones(3, 1)
x += torch.ones(4, 2, 3)
x += torch.ones(2, 2, 3)
z += x
x -= i
i += x
x &= x
x |= 1
x @= x
divmod(x, 2)
divmod(i, 0)
pow(x, 2, 3)
x.foo
x.foo()
x.Size
x.lenght
x.numpy.shape
x.shape()
x.size.foo
x.size(5)
x.size('a')
x.size(1, 2)
x.size(dim=-3)
x.size(None)
x.dim(1)
x.ndim()
x.dtype()
x.shape = (3, 2)
x.dtype = torch.int32
x.device = 'cpu'
x.T = 1
x.grad_fn = None
x.is_leaf = False
x.foo = 1; x.foo
del x.foo
del x.grad; x.grad
del x.data
del x.shape
torch.foo
torch.foo(1)
torch.Foo
torch.nn.Foo
torch.nn.Conv4d
torch.nn.functional.foo
torch.nn.functional.conv4d
torch.optim.Foo
torch.autograd.foo
torch.utils.foo
torch.utils.data.foo
torch.linalg.foo
torch.fft.foo
torch.float128
torch.string
torch.concat_all
from torch import foo
import torch.foo
torch()
torch.nn()
torch.optim()
torch.float32()
torch.float32(1)
torch.float32.foo
torch.dtype('float32')
torch.dtype()
torch.float32 == 'float32'
torch.float32 + 1
torch.device()
torch.device('gpu')
torch.device('cuda:')
torch.device('cuda:a')
torch.device('cuda:-1')
torch.device('cpu:1')
torch.device('cpu', 'a')
torch.device('cpu', -2)
torch.device('cpu:0', 0)
torch.device(None)
torch.device(-1)
torch.device(1.5)
torch.device('')
torch.device(type='cpu', index=None)
torch.device(device='cpu')
torch.device('cuda', 0)
torch.device('cuda').foo
torch.device('cuda') == 'cuda'
torch.device('cuda').index
torch.device('cpu').type = 'a'
x.cuda()
x.cuda(0)
x.cuda('gpu')
x.to()
x.to('gpu')
x.to('cuda')
x.to('float32')
x.to('float')
x.to(float)
x.to(np.float32)
x.to(None)
x.to(1.5)
x.to(torch.float32, torch.float64)
x.to('cpu', 'cpu')
x.to(dtype='a')
x.to(dtyp=torch.int32)
x.to([1])
x.to(i)
x.to(torch.device('cuda'))
x.to(0)
x.type('foo')
x.type('torch.FooTensor')
x.type(torch.foo)
x.type()
x.type('torch.DoubleTensor').dtype
x.float(1)
x.float32()
x.int32()
x.double(dtype=1)
x.astype('int')
x.cpu(1, 2, 3)
x.numpy(1)
x.numpy(force=True)
x.numpy(copy=True)
w.numpy()
(w * 2).numpy()
np.array(w)
np.asarray(w)
np.ones(3) * w
w * np.ones(3)
np.sum(w)
np.sum(x)
np.mean(x, axis=5)
np.exp(w)
np.exp(x)
w.tolist()
np.array([w, w])
np.array([x, x]).shape
np.array(x, dtype=int)
np.concatenate([x, x]).shape
np.add(x, 'a')
w.detach().numpy()
torch.tensor([1j], requires_grad=True).numpy()
torch.tensor([1j]).conj().numpy()
x.bfloat16().numpy()
x.storage().foo
x.data_ptr(1)
x.new(1.5)
x.new_zeros('a')
x.new_tensor()
x.new_tensor('a')
x.new_full((2,))
x.new_ones(2.5)
x.clone(1)
x.clone(memory_format='a')
x.clone(memory_format=torch.channels_last)
x.contiguous(1)
x.contiguous(memory_format=torch.channels_last)
img.contiguous(memory_format=torch.channels_last).stride()
img.contiguous(memory_format=torch.channels_last_3d)
x.fill_('a')
x.fill_()
x.fill_(x)
x.fill_(None)
i.fill_(1.5)
i.fill_(float('inf'))
x.fill_(1j)
x.zero_(1)
x.zero_().sum(1, 2, 3)
x.copy_(1)
x.copy_('a')
x.copy_(torch.ones(4))
x.copy_(torch.ones(2, 2, 3))
x.copy_(i)
i.copy_(x[0, :2]); i
x.copy_(torch.tensor(1j))
x.copy_(torch.tensor(1))
x.resize_(7).shape
x.resize_('a')
x.resize_(-1)
x.resize_as_(1)
x.set_(1)
x.uniform_(1, 0)
x.uniform_('a')
i.uniform_()
i.normal_()
x.normal_(0, -1)
x.normal_(std='a')
x.random_(5, 5)
x.random_(5, 2)
x.random_(1.5)
x.bernoulli_(1.5)
x.bernoulli_(-1)
x.exponential_(-1)
x.geometric_(0)
x.cauchy_(0, -1)
x.log_normal_(0, -1)
x.apply_(1)
x.apply_(lambda v: v + 1)
x.map_(x, 1)
torch.set_default_dtype('float32')
torch.set_default_dtype(float)
torch.set_default_dtype(torch.int64)
torch.set_default_dtype()
torch.set_default_dtype(None)
torch.set_default_tensor_type('foo')
torch.set_default_tensor_type(torch.float32)
torch.set_default_tensor_type(torch.Tensor)
torch.set_default_tensor_type('torch.IntTensor')
torch.set_default_tensor_type(torch.cuda.FloatTensor)
x.type(int)
x.type('torch.cuda.FloatTensor')
x.type(5)
x.type(nn.Parameter)
torch.set_default_device('gpu')
torch.get_default_dtype(1)
torch.manual_seed()
torch.manual_seed('a')
torch.manual_seed('12')
torch.manual_seed(None)
torch.manual_seed(1.5)
torch.manual_seed(-1); torch.initial_seed()
torch.manual_seed(2**64)
torch.manual_seed(-2**63 - 1)
torch.manual_seed(2**64 - 1); torch.initial_seed()
torch.manual_seed([1])
torch.manual_seed(x)
torch.manual_seed(torch.tensor(3)); torch.initial_seed()
torch.manual_seed(True); torch.initial_seed()
torch.seed(1)
torch.initial_seed(1)
torch.set_rng_state(1)
torch.set_rng_state(torch.zeros(3))
torch.set_rng_state(torch.zeros(3, dtype=torch.uint8))
torch.Generator('gpu')
torch.Generator(1.5)
torch.Generator().manual_seed('a')
torch.Generator().manual_seed()
torch.Generator().manual_seed(-1).initial_seed()
torch.Generator().manual_seed(1.5)
torch.Generator().set_state(1)
torch.Generator().foo
torch.Generator(1, 2)
torch.rand(2, generator=1)
torch.rand(2, generator='a')
torch.randn(2, generator=np.random.default_rng(0))
torch.randperm(3, generator=None).shape
torch.set_num_threads(0)
torch.set_num_threads('a')
torch.set_num_threads(-1)
torch.set_num_threads(1.5)
torch.set_printoptions(precision='a')
torch.set_printoptions(foo=1)
torch.set_printoptions(profile='foo')
torch.set_printoptions('full')
torch.set_printoptions(3, 4, 5, 6, 7, 8)
torch.set_printoptions(threshold=None)
torch.is_tensor()
torch.is_tensor([1])
torch.is_tensor(x, x)
torch.numel([1, 2])
torch.numel(1)
torch.is_floating_point([1.0])
torch.is_complex(1)
torch.is_nonzero(x)
torch.is_nonzero(torch.tensor([]))
torch.finfo(torch.int32)
torch.finfo('float32')
torch.finfo(1)
torch.finfo(torch.bool)
torch.iinfo(torch.float32)
torch.iinfo(torch.bool)
torch.iinfo(np.int32)
torch.iinfo()
torch.iinfo()(1)
torch.finfo().bits
torch.finfo(torch.float32).foo
torch.promote_types(torch.float32)
torch.promote_types('float32', torch.int32)
torch.result_type(1, 2)
torch.result_type(x)
torch.result_type(x, 'a')
torch.can_cast(1, 2)
torch.can_cast(torch.float32)
torch.can_cast(torch.float32, torch.int32)
torch.use_deterministic_algorithms()
torch.use_deterministic_algorithms('a')
torch.set_float32_matmul_precision('low')
torch.set_float32_matmul_precision(1)
torch.set_float32_matmul_precision('bf16')
torch.typename(x), torch.typename(1), torch.typename(nn.ReLU())
torch.cuda.is_available()
torch.cuda.device_count()
torch.cuda.current_device()
torch.cuda.synchronize()
torch.cuda.get_device_name(0)
torch.cuda.memory_allocated()
torch.cuda.empty_cache()
torch.cuda.manual_seed(0)
torch.cuda.manual_seed_all(0)
torch.cuda.manual_seed('a')
torch.cuda.set_device(0)
torch.cuda.foo
torch.zeros(2, device='cuda')
torch.zeros(2).to(device='cuda')
torch.zeros(2).cuda()
torch.rand(2, device='cuda:1')
torch.arange(2, device='cuda')
nn.Linear(2, 2).cuda()
nn.Linear(2, 2).to('cuda')
nn.Linear(2, 2, device='cuda')
nn.Linear(2, 2).to('gpu')
torch.backends.cudnn.benchmark
torch.backends.cudnn.is_available()
torch.backends.mps.is_available()
torch.backends.foo
torch.get_default_device()
"""
