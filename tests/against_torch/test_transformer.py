"""Transformers, the adaptive softmax and pruning live against torch: values, seeds, texts, warnings."""

import pytest
import torch
from torch.testing._internal.common_modules import module_db

import pyconv
from tests.against_torch.outcome import compare
from tests.against_torch.test_recurrent import attempt

INFOS = {info.module_cls.__name__: info for info in module_db}


def ours(value):
    return pyconv.tensor(value.detach().numpy()) if isinstance(value, torch.Tensor) else value


def encoder_of(library, theirs, count):
    """A stack of encoder layers as torch's one, in another library."""
    layer = library.nn.TransformerEncoderLayer(
        theirs.linear1.in_features,
        theirs.self_attn.num_heads,
        theirs.linear1.out_features,
        0.0,
        "gelu" if theirs.activation_relu_or_gelu == 2 else "relu",
        theirs.norm1.eps,
        theirs.self_attn.batch_first,
        theirs.norm_first,
        theirs.linear1.bias is not None,
        dtype=library.float64,
    )
    return library.nn.TransformerEncoder(layer, count)


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.filterwarnings("ignore:Support for mismatched")
@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("training", [True, False])
def test_torchs_samples_of_an_encoder(training, recorded):
    info = INFOS["TransformerEncoder"]
    for sample in info.module_inputs_func(info, "cpu", torch.float64, recorded, training):
        layer, count = sample.constructor_input.args
        modules = [encoder_of(library, layer, count) for library in (torch, pyconv)]
        modules[1].load_state_dict({name: ours(value) for name, value in modules[0].state_dict().items()})
        for module in modules:
            module.train(training).requires_grad_(recorded)
        given = sample.forward_input
        theirs = modules[0](*given.args, **given.kwargs)
        found = modules[1](*map(ours, given.args), **{name: ours(value) for name, value in given.kwargs.items()})
        assert (found.detach().numpy().shape, found.requires_grad) == (theirs.shape, theirs.requires_grad)
        difference = found.detach().numpy() - theirs.detach().numpy()
        assert abs(difference[difference == difference]).max(initial=0) < 1e-12
        assert ((found != found).numpy() == (theirs != theirs).numpy()).all()


OPTIONS = [
    {"norm_first": True, "activation": "gelu", "dropout": 0.3},
    {"batch_first": True, "bias": False},
    {"dtype": "float64", "layer_norm_eps": 1e-3},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_transformer(options):
    def program(library):
        library.manual_seed(1)
        made = {key: getattr(library, value) if key == "dtype" else value for key, value in options.items()}
        model = library.nn.Transformer(8, 2, 2, 2, 16, **made)
        kind = model.encoder.norm.weight.dtype
        source, target = library.randn(4, 4, 8, dtype=kind), library.randn(4, 4, 8, dtype=kind)
        mask = model.generate_square_subsequent_mask(4, dtype=kind)
        y = model(source, target, tgt_mask=mask)
        y.square().sum().backward()
        model.eval()
        padding = library.tensor([[False, False, False, True]] + [[False] * 4] * 3)
        with library.no_grad():
            last = model(source, target, tgt_mask=mask, src_key_padding_mask=padding)
        return repr(model), model.state_dict(), y, [p.grad for p in model.parameters()], last

    compare(program)


MADE = [
    lambda nn: nn.TransformerEncoderLayer(4, 2, activation="x"),
    lambda nn: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2), 1),
    lambda nn: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 1, batch_first=True), 1),
    lambda nn: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, batch_first=True, norm_first=True), 1),
    lambda nn: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, batch_first=True, bias=False), 1),
    lambda nn: nn.TransformerEncoder(nn.TransformerDecoderLayer(4, 2, batch_first=True), 1),
    lambda nn: nn.AdaptiveLogSoftmaxWithLoss(8, 10, []),
    lambda nn: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 2]),
    lambda nn: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [10]),
    lambda nn: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [0, 3]),
    lambda nn: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [2.5]),
]


@pytest.mark.parametrize("make", MADE)
def test_modules_that_warn_or_cannot_be_made(make):
    compare(lambda library: attempt(lambda: make(library.nn)))


def test_inputs_that_do_not_fit():
    def program(library):
        model, z = library.nn.Transformer(4, 2, 1, 1, 8, batch_first=True), library.zeros
        x = z(2, 3, 4)
        given = [((x, z(3, 3, 4)), {}), ((x, z(2, 3, 5)), {}), ((x, x), {"tgt_is_causal": True})]
        given += [((x, x), {"src_mask": mask}) for mask in (z(2, 2), z(3, 3).long())]
        given += [((x, x), {"src_mask": z(3, 3), "src_key_padding_mask": z(2, 3).bool()})]
        return [attempt(lambda a=args, k=kwargs: model(*a, **k)) for args, kwargs in given]

    compare(program)


def test_adaptive_softmax():
    def program(library):
        library.manual_seed(2)
        layer = library.nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10, 15], div_value=2.0, head_bias=True)
        x = library.randn(7, 16, requires_grad=True)
        found = layer(x, library.tensor([0, 4, 7, 12, 19, 16, 5]))
        found.loss.backward()
        errors = [
            attempt(lambda: layer(x, library.tensor([1]))),
            attempt(lambda: layer(x, library.tensor([[1]]))),
            attempt(lambda: layer(x, library.tensor(1))),
            attempt(lambda: layer(x[:2], library.tensor([1, 20]))),
            attempt(lambda: layer(x[None], library.tensor([1]))),
        ]
        grads = [p.grad for p in layer.parameters()]
        rest = layer.log_prob(x), layer.predict(x), layer.predict(x[:1]), list(layer(x[0], library.tensor(3)))
        return repr(layer), list(found), type(found).__name__, x.grad, grads, errors, rest

    compare(program)


def pruned(library):
    """All ways to prune, one upon another."""
    import importlib

    prune = importlib.import_module(f"{library.__name__}.nn.utils.prune")
    library.manual_seed(0)
    conv = library.nn.Conv2d(3, 4, 2)
    states = []
    for act in (
        lambda: prune.random_unstructured(conv, "weight", 0.3),
        lambda: prune.l1_unstructured(conv, "weight", 5),
        lambda: prune.ln_structured(conv, "weight", 0.5, n=2, dim=0),
        lambda: prune.random_structured(conv, "weight", 1, dim=1),
        lambda: prune.custom_from_mask(conv, "bias", library.tensor([1, 0, 1, 1])),
        lambda: conv(library.ones(1, 3, 4, 4)).sum().backward(),
        lambda: prune.remove(conv, "weight"),
    ):
        act()
        states.append([dict(conv.state_dict()), [name for name, _ in conv.named_parameters()], conv.weight.clone()])
    layers = [library.nn.Linear(4, 3), library.nn.Linear(3, 2)]
    prune.identity(layers[0], "weight")
    pairs = [(layer, "weight") for layer in layers]
    prune.global_unstructured(pairs, prune.L1Unstructured, amount=0.4)
    prune.global_unstructured(pairs, prune.RandomUnstructured, amount=2)
    states += [dict(layer.state_dict()) for layer in layers]
    return states, prune.is_pruned(conv), prune.is_pruned(library.nn.Linear(1, 1)), wrong(library, prune)


def wrong(library, prune):
    layer = library.nn.Linear(4, 3)
    calls = [lambda amount=amount: prune.l1_unstructured(layer, "weight", amount) for amount in (13, -1, 1.5, "a")]
    calls += [
        lambda: prune.ln_structured(layer, "bias", 1, 2, 0),
        lambda: prune.ln_structured(layer, "weight", 1, 2, 2),
        lambda: prune.l1_unstructured(layer, "weight", 1, library.ones(2)),
        lambda: prune.global_unstructured(3, prune.L1Unstructured),
        lambda: prune.global_unstructured([], prune.L1Unstructured, importance_scores=[]),
        lambda: prune.custom_from_mask(layer, "weight", library.ones(2)),
        lambda: prune.remove(layer, "weight"),
    ]
    return [attempt(call) for call in calls], list(layer.state_dict())


def test_pruning():
    compare(pruned)
