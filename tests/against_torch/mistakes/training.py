"""Mistakes with optimizers, schedulers, data sets, loaders, files and the tools around training."""

LINES = """
optim.SGD()
optim.SGD([w])
optim.SGD(w)
optim.SGD(w, 0.1)
optim.SGD([w], 0.1, 0.9)
optim.SGD([], lr=0.1)
optim.SGD((p for p in []), lr=0.1)
optim.SGD(None, lr=0.1)
optim.SGD(1, lr=0.1)
optim.SGD([1], lr=0.1)
optim.SGD(['a'], lr=0.1)
optim.SGD('a', lr=0.1)
optim.SGD([x], lr=0.1)
optim.SGD([w * 2], lr=0.1)
optim.SGD([w, w], lr=0.1)
optim.SGD([{'params': [w]}, {'params': [w]}], lr=0.1)
optim.SGD([{'params': w}], lr=0.1)
optim.SGD([{'param': [w]}], lr=0.1)
optim.SGD([{'params': [1]}], lr=0.1)
optim.SGD([{'params': {w}}], lr=0.1)
optim.SGD([{'params': []}], lr=0.1)
optim.SGD({w}, lr=0.1)
optim.SGD({'a': w}, lr=0.1)
optim.SGD([[w]], lr=0.1)
optim.SGD(nn.Linear(2, 2), lr=0.1)
optim.SGD(nn.Linear(2, 2).parameters, lr=0.1)
optim.SGD(nn.Linear(2, 2).named_parameters(), lr=0.1)
optim.SGD(nn.ReLU().parameters(), lr=0.1)
optim.SGD([nn.Linear(2, 2)], lr=0.1)
optim.SGD([nn.Linear(2, 2).parameters()], lr=0.1)
optim.SGD([('a', w), w], lr=0.1)
optim.SGD([('a', w), ('a', w)], lr=0.1)
optim.SGD([w], lr=-0.1)
optim.SGD([w], lr='a')
optim.SGD([w], lr=None)
optim.SGD([w], lr=torch.tensor(0.1))
optim.SGD([w], lr=torch.ones(2))
optim.SGD([w], lr=0.1, momentum=-1)
optim.SGD([w], lr=0.1, momentum='a')
optim.SGD([w], lr=0.1, weight_decay=-1)
optim.SGD([w], lr=0.1, nesterov=True)
optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True, dampening=0.1)
optim.SGD([w], lr=0.1, betas=(0.9, 0.999))
optim.SGD([w], learning_rate=0.1)
optim.SGD([w], lr=0.1, foo=1)
optim.SGD([w], lr=0.1, foreach=True, fused=True)
optim.SGD([w], lr=0.1, fused=True, differentiable=True)
optim.SGD([w], lr=0.1).foo
optim.SGD([w], lr=0.1).lr
optim.SGD([w], lr=0.1).step(1)
optim.SGD([w], lr=0.1).step(lambda: 1)
optim.SGD([w], lr=0.1).step(1, 2)
optim.SGD([w], lr=0.1).step()
optim.SGD([w], lr=0.1).zero_grad(1, 2)
optim.SGD([w], lr=0.1).zero_grad('a')
optim.SGD([w], lr=0.1).param_groups[1]
optim.SGD([w], lr=0.1).param_groups.lr
optim.SGD([w], lr=0.1).parameters()
optim.SGD([w], lr=0.1).add_param_group([w])
optim.SGD([w], lr=0.1).add_param_group(w)
optim.SGD([w], lr=0.1).add_param_group({'params': w})
optim.SGD([w], lr=0.1).add_param_group({'lr': 1})
optim.SGD([w], lr=0.1).add_param_group({'params': x})
optim.SGD([w], lr=0.1).add_param_group({'params': 'a'})
optim.SGD([w], lr=0.1).load_state_dict()
optim.SGD([w], lr=0.1).load_state_dict({})
optim.SGD([w], lr=0.1).load_state_dict(1)
optim.SGD([w], lr=0.1).load_state_dict({'param_groups': []})
optim.SGD([w], lr=0.1).load_state_dict({'param_groups': [], 'state': {}})
optim.SGD([w], lr=0.1).load_state_dict(optim.SGD([w, torch.ones(1)], lr=0.1).state_dict())
optim.SGD([w], lr=0.1).load_state_dict(optim.SGD([{'params': [w]}, {'params': torch.ones(1)}], lr=0.1).state_dict())
optim.SGD([w], lr=0.1).load_state_dict(nn.Linear(2, 2).state_dict())
optim.SGD([w], lr=0.1).state_dict()
optim.SGD([w], lr=0.1).state_dict()['foo']
optim.SGD([w], lr=0.1)
optim.SGD([w], lr=0.1).register_step_pre_hook(lambda *a: 1)
optim.SGD([i], lr=0.1)
o = optim.SGD([w], lr=0.1); o.register_step_pre_hook(lambda *a: 1); o.step()
o = optim.SGD([w], lr=0.1); w.grad = torch.ones(3); o.step(); w
o = optim.SGD([w], lr=0.1, momentum=0.9); o.load_state_dict(optim.Adam([w]).state_dict()); w.grad = torch.ones(3); o.step()
o = optim.Adam([w]); o.load_state_dict(optim.SGD([w], lr=0.1).state_dict()); w.grad = torch.ones(3); o.step()
o = optim.SGD([w], lr=0.1); (w * 2).backward(); o.step()
o = optim.SGD([w], lr=0.1); del o.param_groups[0]['lr']; w.grad = torch.ones(3); o.step()
o = optim.SGD([w], lr=0.1); o.param_groups[0]['lr'] = 'a'; w.grad = torch.ones(3); o.step()
optim.Adam([w], lr=-1)
optim.Adam([w], lr='a')
optim.Adam([w], eps=-1)
optim.Adam([w], betas=0.9)
optim.Adam([w], betas=(0.9,))
optim.Adam([w], betas=(1.0, 0.9))
optim.Adam([w], betas=(0.9, 1.0))
optim.Adam([w], betas=(0.9, -1))
optim.Adam([w], betas=[0.9, 0.99]).defaults['betas']
optim.Adam([w], weight_decay=-1)
optim.Adam([w], momentum=0.9)
optim.Adam([w], lr=torch.tensor(0.1), foreach=True)
optim.Adam([w], lr=torch.ones(2))
optim.Adam([w], 0.1, 0.9)
optim.Adam([w], 0.1, (0.9, 0.99), 1e-8, 0, False, 1)
optim.AdamW([w], betas=(2, 0.9))
optim.AdamW([w], lr=-1)
optim.AdamW(w)
optim.RMSprop([w], alpha=-1)
optim.RMSprop([w], lr=-1)
optim.RMSprop([w], momentum=-1)
optim.RMSprop([w], rho=1)
optim.Adagrad([w], lr_decay=-1)
optim.Adagrad([w], initial_accumulator_value=-1)
optim.Adadelta([w], rho=2)
optim.Adamax([w], betas=(2, 1))
optim.NAdam([w], momentum_decay=-1)
optim.RAdam([w], eps=-1)
optim.ASGD([w], lr=-1)
optim.Rprop([w], etas=(2, 1))
optim.LBFGS([w]).step()
optim.LBFGS([{'params': [w]}, {'params': torch.ones(1)}])
optim.LBFGS([w], lr=-1)
optim.LBFGS([w], line_search_fn='foo').step(lambda: (w ** 2).sum())
optim.SparseAdam([w])
optim.Optimizer([w])
optim.Optimizer([w], {})
optim.Optimizer([w], {}).step()
optim.lr_scheduler.Foo
optim.lr_scheduler.StepLR()
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1))
optim.lr_scheduler.StepLR(1, 1)
optim.lr_scheduler.StepLR(None, 1)
optim.lr_scheduler.StepLR(nn.Linear(2, 2), 1)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 'a')
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 0)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1, 0.1, -1, True)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1, verbose=True)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1, last_epoch=3)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), step=1)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).step()
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).step(3)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).step('a')
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).get_lr()
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).get_last_lr()
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).foo
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).load_state_dict(1)
optim.lr_scheduler.StepLR(optim.SGD([w], lr=0.1), 1).load_state_dict({'foo': 1})
optim.lr_scheduler.MultiStepLR(optim.SGD([w], lr=0.1), 3)
optim.lr_scheduler.MultiStepLR(optim.SGD([w], lr=0.1), [3, 1]).milestones
optim.lr_scheduler.ExponentialLR(optim.SGD([w], lr=0.1))
optim.lr_scheduler.LambdaLR(optim.SGD([w], lr=0.1), 1)
optim.lr_scheduler.LambdaLR(optim.SGD([w], lr=0.1), [lambda e: 1, lambda e: 2])
optim.lr_scheduler.LambdaLR(optim.SGD([w], lr=0.1), lambda: 1)
optim.lr_scheduler.MultiplicativeLR(optim.SGD([w], lr=0.1), [1, 2])
optim.lr_scheduler.CosineAnnealingLR(optim.SGD([w], lr=0.1))
optim.lr_scheduler.CosineAnnealingLR(optim.SGD([w], lr=0.1), 0)
optim.lr_scheduler.CosineAnnealingWarmRestarts(optim.SGD([w], lr=0.1), 0)
optim.lr_scheduler.CosineAnnealingWarmRestarts(optim.SGD([w], lr=0.1), 1.5)
optim.lr_scheduler.CosineAnnealingWarmRestarts(optim.SGD([w], lr=0.1), 1, T_mult=0)
optim.lr_scheduler.CosineAnnealingWarmRestarts(optim.SGD([w], lr=0.1), 1).step(-1)
optim.lr_scheduler.LinearLR(optim.SGD([w], lr=0.1), start_factor=2)
optim.lr_scheduler.LinearLR(optim.SGD([w], lr=0.1), end_factor=2)
optim.lr_scheduler.ConstantLR(optim.SGD([w], lr=0.1), factor=2)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1))
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1), 0.1)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1), 0.1, total_steps=-1)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1), 0.1, total_steps=1.5)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1), 0.1, epochs=1)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1), 0.1, epochs=1, steps_per_epoch=-1)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1), 0.1, total_steps=10)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1, momentum=0.9), 0.1, total_steps=10, anneal_strategy='foo')
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1, momentum=0.9), 0.1, total_steps=10, pct_start=2)
optim.lr_scheduler.OneCycleLR(optim.SGD([w], lr=0.1, momentum=0.9), [0.1, 0.2], total_steps=10)
optim.lr_scheduler.CyclicLR(optim.SGD([w], lr=0.1), 0.1, 0.2)
optim.lr_scheduler.CyclicLR(optim.SGD([w], lr=0.1), [0.1, 0.2], 0.2, cycle_momentum=False)
optim.lr_scheduler.CyclicLR(optim.SGD([w], lr=0.1), 0.1, 0.2, mode='foo')
optim.lr_scheduler.CyclicLR(optim.Adam([w]), 0.1, 0.2)
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1)).step()
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1)).step('a')
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1)).step(w)
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1), mode='foo')
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1), threshold_mode='foo')
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1), factor=1.5)
optim.lr_scheduler.ReduceLROnPlateau(1)
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1), min_lr=[1, 2])
optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([w], lr=0.1), 'min', verbose=True)
optim.lr_scheduler.SequentialLR(optim.SGD([w], lr=0.1), [], [])
optim.lr_scheduler.SequentialLR(optim.SGD([w], lr=0.1), [1], [1])
optim.lr_scheduler.ChainedScheduler([])
optim.lr_scheduler.ChainedScheduler(1)
optim.lr_scheduler.PolynomialLR(optim.SGD([w], lr=0.1), total_iters=0).step()
optim.swa_utils.AveragedModel(1)
optim.swa_utils.AveragedModel(nn.Linear(2, 2))
optim.swa_utils.SWALR(optim.SGD([w], lr=0.1), 'a')
optim.swa_utils.SWALR(optim.SGD([w], lr=0.1), 0.1, anneal_strategy='foo')
data.DataLoader()
data.DataLoader(1)
data.DataLoader(None)
data.DataLoader([])
list(data.DataLoader([]))
data.DataLoader([1, 2], shuffle='a')
data.DataLoader([1, 2], batch_size=0)
data.DataLoader([1, 2], batch_size=-1)
data.DataLoader([1, 2], batch_size='a')
data.DataLoader([1, 2], batch_size=1.5)
data.DataLoader([1, 2], batch_size=True)
data.DataLoader([1, 2], batch_size=None, shuffle=True)
data.DataLoader([1, 2], batch_size=None, drop_last=True)
data.DataLoader([1, 2], shuffle=True, sampler=data.SequentialSampler([1, 2]))
data.DataLoader([1, 2], batch_sampler=[[0]], batch_size=2)
data.DataLoader([1, 2], batch_sampler=[[0]], shuffle=True)
data.DataLoader([1, 2], num_workers=-1)
data.DataLoader([1, 2], num_workers='a')
data.DataLoader([1, 2], timeout=-1)
data.DataLoader([1, 2], prefetch_factor=2)
data.DataLoader([1, 2], num_workers=1, prefetch_factor=-1)
data.DataLoader([1, 2], persistent_workers=True)
data.DataLoader([1, 2], multiprocessing_context='spawn')
data.DataLoader([1, 2], num_workers=1, multiprocessing_context='foo')
data.DataLoader([1, 2], collate_fn=1)
list(data.DataLoader([1, 2], collate_fn=1))
list(data.DataLoader([1, 2], collate_fn=lambda: 1))
list(data.DataLoader([1, 2], sampler=1))
list(data.DataLoader([1, 2], sampler=[5]))
list(data.DataLoader([1, 2], batch_sampler=[[5]]))
list(data.DataLoader([1, 2], batch_sampler=[1]))
list(data.DataLoader([None]))
list(data.DataLoader(['a', 'b']))
list(data.DataLoader([object()]))
list(data.DataLoader([1, 'a'], batch_size=2))
list(data.DataLoader([torch.ones(2), torch.ones(3)], batch_size=2))
list(data.DataLoader([(1, 2), (3,)], batch_size=2))
list(data.DataLoader([{'a': 1}, {'b': 1}], batch_size=2))
list(data.DataLoader([[1], [2, 3]], batch_size=2))
list(data.DataLoader([np.ones(2), np.ones(3)], batch_size=2))
list(data.DataLoader([np.array('a')]))
list(data.DataLoader([w * 1]))
list(data.DataLoader([1, 2], generator=1, shuffle=True))
list(data.DataLoader((1, 2)))
list(data.DataLoader({'a': 1}))
list(data.DataLoader(iter([1, 2])))
list(data.DataLoader(x))
list(data.DataLoader(5))
data.DataLoader([1, 2]).foo
data.DataLoader([1, 2])[0]
next(data.DataLoader([1, 2]))
len(data.DataLoader(iter([1, 2])))
data.DataLoader([1, 2], batch=2)
data.DataLoader([1, 2]).batch_size
o = data.DataLoader([1, 2]); o.batch_size = 4
o = data.DataLoader([1, 2]); o.dataset = 4
o = data.DataLoader([1, 2]); o.num_workers = 'a'
data.TensorDataset()
data.TensorDataset(x, torch.ones(3))
data.TensorDataset(x, 1)
data.TensorDataset([1, 2])
data.TensorDataset(np.ones(2))
data.TensorDataset(z)
data.TensorDataset(x)[5]
data.TensorDataset(x)['a']
data.TensorDataset(x)[0.5]
data.Dataset()[0]
len(data.Dataset())
data.DataLoader(data.Dataset())
list(data.DataLoader(data.Dataset()))
data.DataLoader(data.Dataset(), shuffle=True)
iter(data.IterableDataset())
data.DataLoader(data.IterableDataset(), shuffle=True)
data.DataLoader(data.IterableDataset(), sampler=[0])
data.DataLoader(data.IterableDataset(), batch_sampler=[[0]])
len(data.DataLoader(data.IterableDataset()))
list(data.DataLoader(data.IterableDataset()))
data.Subset([1, 2], [5])[0]
data.Subset([1, 2], 1)[0]
len(data.Subset([1, 2], 1))
data.Subset([1, 2])
data.ConcatDataset([])
data.ConcatDataset([[1], data.IterableDataset()])
data.ConcatDataset([[1], [2]])[5]
data.ConcatDataset([[1], [2]])[-5]
data.ConcatDataset(1)
data.random_split([1, 2, 3], [1, 1])
data.random_split([1, 2, 3], [0.5, 0.6])
data.random_split([1, 2, 3], [0.5, 0.4])
data.random_split([1, 2, 3], [1.5, -0.5])
data.random_split([1, 2, 3], [0.9, 0.1])[1].indices
data.random_split([1, 2, 3], 2)
data.random_split([1, 2, 3], [4, -1])
data.random_split([1, 2, 3])
data.random_split([1, 2, 3], [0.01, 0.99])[0].indices
data.RandomSampler([])
data.RandomSampler([1], replacement='a')
data.RandomSampler([1], num_samples=0)
data.RandomSampler([1], num_samples=1.5)
data.RandomSampler([1], num_samples=-1)
data.RandomSampler(1)
list(data.SequentialSampler(1))
data.WeightedRandomSampler([1.0], 0)
data.WeightedRandomSampler([1.0], 'a')
data.WeightedRandomSampler([[1.0]], 1)
data.WeightedRandomSampler([1.0], 1, replacement='a')
data.WeightedRandomSampler('a', 1)
data.BatchSampler([1], 0, False)
data.BatchSampler([1], 1, 'a')
data.BatchSampler([1], 1.5, False)
data.BatchSampler([1])
data.Sampler().foo
data.SubsetRandomSampler(1)
data.default_collate([object()])
data.default_collate([])
data.default_collate([1, None])
data.default_collate([torch.ones(1), torch.ones(2)])
data.default_collate(['a', 1])
data.get_worker_info()
torch.load()
torch.load('/no/such/file.pt')
torch.load('no such file')
torch.load(1)
torch.load(None)
torch.load(io.BytesIO())
torch.load(io.BytesIO(b'abc'))
torch.load(io.BytesIO(b'abcdefghijklmnop'))
torch.load(io.BytesIO(b'PK\\x03\\x04 broken'))
torch.load(io.StringIO('abc'))
torch.load(io.BytesIO(pickle.dumps({'a': 1}, protocol=2)))
torch.load(io.BytesIO(pickle.dumps(OrderedDict())))
torch.load(io.BytesIO(), 'foo', 'bar', 1)
torch.load(io.BytesIO(), foo=1)
torch.load('a.pt', weights_only='a')
torch.save()
torch.save(x)
torch.save(x, 1)
torch.save(x, None)
torch.save(x, '/no/such/folder/a.pt')
torch.save('a.pt', x)
torch.save(lambda: 1, io.BytesIO())
torch.save(x, io.StringIO())
torch.save(x, io.BytesIO(), foo=1)
torch.save(w * 2, io.BytesIO())
torch.nn.Module.load_state_dict({})
"""

PROGRAMS = """
f = io.BytesIO()
torch.save(nn.Linear(2, 2), f)
f.seek(0)
torch.load(f, weights_only=False)

f = io.BytesIO()
torch.save(x, f)
torch.load(f)

f = io.BytesIO()
torch.save(x, f)
f.seek(0)
torch.load(f, map_location='gpu')

f = io.BytesIO()
torch.save(x, f)
f.seek(0)
torch.load(f, map_location='cuda')

f = io.BytesIO()
torch.save(x, f)
f.seek(0)
torch.load(f, map_location=1)

f = io.BytesIO()
torch.save(x, f)
f.seek(0)
torch.load(f, pickle_module=pickle)

f = io.BytesIO()
torch.save(x, f)
f.seek(0)
torch.load(f, mmap=True)

f = io.BytesIO()
torch.save({'a': x, 'b': [1, 'c', None, 2.5], 'd': torch.float32, 'e': torch.Size([1])}, f)
f.seek(0)
torch.load(f)

f = io.BytesIO()
torch.save(nn.Linear(2, 2).state_dict(), f)
f.seek(0)
nn.Linear(3, 2).load_state_dict(torch.load(f))

f = io.BytesIO()
torch.save(np.ones(2), f)
f.seek(0)
torch.load(f)

f = io.BytesIO()
torch.save(x, f)
f = io.BytesIO(f.getvalue()[:100])
torch.load(f)

class Set(data.Dataset):
    pass
list(data.DataLoader(Set()))

class Set(data.Dataset):
    def __getitem__(self, index):
        return index
list(data.DataLoader(Set()))

class Set(data.Dataset):
    def __getitem__(self, index):
        return index
data.DataLoader(Set(), shuffle=True)

class Set(data.Dataset):
    def __len__(self):
        return 2
list(data.DataLoader(Set()))

class Set(data.Dataset):
    def __len__(self):
        return 2
    def __getitem__(self, index):
        raise ValueError(f'bad {index}')
list(data.DataLoader(Set()))

class Set(data.Dataset):
    def __len__(self):
        return 'a'
    def __getitem__(self, index):
        return index
list(data.DataLoader(Set()))

class Set(data.Dataset):
    def __len__(self):
        return 0
    def __getitem__(self, index):
        return index
data.DataLoader(Set(), shuffle=True)

class Set(data.IterableDataset):
    def __iter__(self):
        return iter([1, 2, 3])
    def __len__(self):
        return 2
loader = data.DataLoader(Set())
len(loader)
list(loader)

class Set(data.IterableDataset):
    def __iter__(self):
        return iter([1, 2, 3])
Set()[0]

class Set(data.Dataset):
    def __getitem__(self, index):
        return index
Set() + Set()

optimizer = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, 1)
scheduler.step()
optimizer.step()

optimizer = optim.SGD([w], lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, 1)
scheduler.step(5)
optimizer.param_groups[0]['lr']

optimizer = optim.SGD([w], lr=0.1, momentum=0.9)
scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=1)
optimizer.step()
scheduler.step()
scheduler.step()

optimizer = optim.SGD([w], lr=0.1)
loss = w.sum()
optimizer.zero_grad()
loss.backward()
optimizer.step(loss)

optimizer = optim.Adam([w])
loss = (w ** 2).sum()
for step in range(2):
    loss.backward()
    optimizer.step()

optimizer = optim.SGD([w], lr=0.1)
y = w * w
v = (y * w).sum()
w.grad = torch.ones(3)
optimizer.step()
v.backward()

optimizer = optim.SGD([w], lr=0.1)
w.grad = torch.ones(3)
w.data = torch.ones(2)
optimizer.step()

optimizer = optim.SGD([w], lr=0.1)
optimizer.param_groups[0]['foo'] = 1
optimizer

class Mine(optim.Optimizer):
    def __init__(self, params):
        super().__init__(params)
Mine([w])

class Mine(optim.Optimizer):
    def __init__(self, params):
        super().__init__(params, {})
Mine([w]).step()

class Mine(optim.Optimizer):
    def __init__(self, params):
        super().__init__(params, {'lr': 1})
    def step(self):
        return self.foo
Mine([w]).step()

class Mine(optim.lr_scheduler.LRScheduler):
    pass
Mine(optim.SGD([w], lr=0.1))

from torch.utils.data import foo

from torch.nn import Conv2D

from torch.optim import adam, Adamm

from torch.nn.functional import conv2D

import torch.nn.foo
"""
