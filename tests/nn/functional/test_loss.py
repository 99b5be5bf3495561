"""Losses: values by their formulas, gradients, reductions, ndarrays, errors."""

import itertools
import math

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv.autograd import gradcheck, gradgradcheck

RNG = np.random.default_rng(3)
X, Y, Z = RNG.standard_normal((3, 4, 5))
P, Q = RNG.uniform(0.1, 0.9, (2, 4, 5))
SIGNS = np.where(RNG.random((4, 5)) < 0.5, -1.0, 1.0)
LABELS = np.array([0, 4, 2, 4])
TARGETS = np.array([[1, 3, -1, 0, 0], [4, -1, 0, 0, 0], [-1, 0, 0, 0, 0], [0, 1, 2, 3, 4]])
WEIGHT = np.array([0.5, 1.0, 2.0, 0.25, 1.5])


def softplus(x):
    """The logarithm of 1 + exp(x)."""
    return np.logaddexp(0, x)


def log_softmax(x, axis=1):
    """Logarithms of shares."""
    return x - np.log(np.exp(x).sum(axis, keepdims=True))


def huber(d, delta):
    """A parabola that goes on as a line."""
    return np.where(np.abs(d) < delta, d * d / 2, delta * (np.abs(d) - delta / 2))


def cosine(x, y):
    """Of the angle between rows."""
    return (x * y).sum(1) / np.sqrt((x * x).sum(1) * (y * y).sum(1))


def multi_margin(x, labels, p=1, margin=1.0):
    """Over the other classes."""
    gap = np.maximum(margin - x[np.arange(len(x)), labels][:, None] + x, 0) ** p
    gap[np.arange(len(x)), labels] = 0
    return gap.sum(1) / x.shape[1]


def multilabel_margin(x, targets):
    """Over pairs of a target and another class, with loops."""
    losses = []
    for row, labels in zip(x, targets, strict=True):
        chosen = list(itertools.takewhile(lambda label: label >= 0, labels))
        others = [c for c in range(len(row)) if c not in chosen]
        losses.append(sum(max(0, 1 - (row[t] - row[o])) for t in chosen for o in others) / len(row))
    return np.array(losses)


def distance(x, y):
    """The norm of the differences of rows, as torch has it."""
    return np.sqrt(((x - y + 1e-6) ** 2).sum(1))


# name: (function, differentiated arguments, other arguments, formula element by element)
LOSSES = {
    "l1": (F.l1_loss, (X, Y), (), lambda x, y: np.abs(x - y)),
    "mse": (F.mse_loss, (X, Y), (), lambda x, y: (x - y) ** 2),
    "smooth_l1": (
        lambda x, y, **k: F.smooth_l1_loss(x, y, beta=0.5, **k),
        (X, Y),
        (),
        lambda x, y: huber(x - y, 0.5) * 2,
    ),
    "huber": (lambda x, y, **k: F.huber_loss(x, y, delta=0.7, **k), (X, Y), (), lambda x, y: huber(x - y, 0.7)),
    "bce": (F.binary_cross_entropy, (P, Q), (), lambda p, q: -(q * np.log(p) + (1 - q) * np.log(1 - p))),
    "bce_logits": (
        lambda x, q, **k: F.binary_cross_entropy_with_logits(x, q, pos_weight=type_of(x, WEIGHT), **k),
        (X, Q),
        (),
        lambda x, q: WEIGHT * q * softplus(-x) + (1 - q) * softplus(x),
    ),
    "kl_div": (F.kl_div, (X, Q), (), lambda x, q: q * (np.log(q) - x)),
    "kl_div_log": (
        lambda x, y, **k: F.kl_div(x, y, log_target=True, **k),
        (X, Y),
        (),
        lambda x, y: np.exp(y) * (y - x),
    ),
    "soft_margin": (F.soft_margin_loss, (X,), (SIGNS,), lambda x, y: softplus(-x * y)),
    "poisson": (F.poisson_nll_loss, (X, Q), (), lambda x, q: np.exp(x) - q * x),
    "poisson_plain": (
        lambda p, q, **k: F.poisson_nll_loss(p, q, log_input=False, **k),
        (P, Q),
        (),
        lambda p, q: p - q * np.log(p + 1e-8),
    ),
    "gaussian": (
        lambda x, y, v, **k: F.gaussian_nll_loss(x, y, v, full=True, **k),
        (X, Y, P),
        (),
        lambda x, y, v: (np.log(v) + (x - y) ** 2 / v + math.log(2 * math.pi)) / 2,
    ),
    "hinge_embedding": (
        F.hinge_embedding_loss,
        (X,),
        (SIGNS,),
        lambda x, y: np.where(y > 0, x, np.maximum(0, 1 - x)),
    ),
    "margin_ranking": (
        lambda x, y, s, **k: F.margin_ranking_loss(x, y, s, 0.3, **k),
        (X, Y),
        (SIGNS,),
        lambda x, y, s: np.maximum(0, -s * (x - y) + 0.3),
    ),
    "cosine_embedding": (
        lambda x, y, s, **k: F.cosine_embedding_loss(x, y, s, 0.2, **k),
        (X, Y),
        (SIGNS[:, 0],),
        lambda x, y, s: np.where(s > 0, 1 - cosine(x, y), np.maximum(0, cosine(x, y) - 0.2)),
    ),
    "multilabel_soft_margin": (
        F.multilabel_soft_margin_loss,
        (X,),
        (np.round(Q),),
        lambda x, q: (q * softplus(-x) + (1 - q) * softplus(x)).mean(1),
    ),
    "triplet": (
        lambda x, y, z, **k: F.triplet_margin_loss(x, y, z, 0.5, **k),
        (X, Y, Z),
        (),
        lambda x, y, z: np.maximum(0, distance(x, y) - distance(x, z) + 0.5),
    ),
    "triplet_swap": (
        lambda x, y, z, **k: F.triplet_margin_with_distance_loss(x, y, z, margin=0.5, swap=True, **k),
        (X, Y, Z),
        (),
        lambda x, y, z: np.maximum(0, distance(x, y) - np.minimum(distance(x, z), distance(y, z)) + 0.5),
    ),
    "cross_entropy": (F.cross_entropy, (X,), (LABELS,), lambda x, t: -log_softmax(x)[np.arange(4), t]),
    "cross_entropy_shares": (F.cross_entropy, (X, P), (), lambda x, p: -(log_softmax(x) * p).sum(1)),
    "nll": (F.nll_loss, (X,), (LABELS,), lambda x, t: -x[np.arange(4), t]),
}
ONCE = {
    "multi_margin": (F.multi_margin_loss, (X,), (LABELS,), multi_margin),
    "multi_margin_2": (
        lambda x, t, **k: F.multi_margin_loss(x, t, p=2, margin=0.5, **k),
        (X,),
        (LABELS,),
        lambda x, t: multi_margin(x, t, 2, 0.5),
    ),
    "multilabel_margin": (F.multilabel_margin_loss, (X,), (TARGETS,), multilabel_margin),
}
ALL = LOSSES | ONCE


def type_of(like, array):
    """The array as a tensor where `like` is one."""
    return array if isinstance(like, np.ndarray) else pyconv.tensor(array)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("name", ALL)
def test_values_are_those_of_the_formula(name, reduction):
    function, inputs, others, formula = ALL[name]
    each = formula(*inputs, *others)
    wanted = {"none": each, "mean": each.mean(), "sum": each.sum()}[reduction]
    if name == "cross_entropy_shares" and reduction == "mean":
        wanted = each.sum() / len(each)
    found = function(*map(pyconv.tensor, (*inputs, *others)), reduction=reduction)
    np.testing.assert_allclose(found.numpy(), wanted, 1e-12, 1e-14)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("name", ALL)
def test_ndarrays_give_ndarrays_with_the_same_values(name, reduction):
    function, inputs, others, _ = ALL[name]
    found = function(*inputs, *others, reduction=reduction)
    assert isinstance(found, np.ndarray)
    wanted = function(*map(pyconv.tensor, (*inputs, *others)), reduction=reduction)
    np.testing.assert_array_equal(found, wanted.numpy())


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_ndarrays_with_smoothed_classes_and_by_the_batch(reduction):
    found = F.cross_entropy(X, LABELS, WEIGHT, label_smoothing=0.3, reduction=reduction)
    tensors = (pyconv.tensor(value) for value in (X, LABELS, WEIGHT))
    wanted = F.cross_entropy(*tensors, label_smoothing=0.3, reduction=reduction)
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, wanted.numpy())
    assert isinstance(F.kl_div(X, Q, reduction="batchmean"), np.ndarray)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@pytest.mark.parametrize("name", ALL)
def test_gradients_are_those_of_the_values(name):
    function, inputs, others, _ = ALL[name]
    rest = [pyconv.tensor(value) for value in others]
    leaves = [pyconv.tensor(value, requires_grad=True) for value in inputs]
    for reduction in ("mean", "none"):
        assert gradcheck(lambda *x, r=reduction: function(*x, *rest, reduction=r), leaves)
    if name in LOSSES and name not in ("nll", "hinge_embedding", "margin_ranking", "l1"):
        assert gradgradcheck(lambda *x: function(*x, *rest), leaves)


@pytest.mark.parametrize("name", ONCE)
def test_derivatives_that_torch_lacks_are_refused(name):
    function, inputs, others, _ = ALL[name]
    x = pyconv.tensor(inputs[0], requires_grad=True)
    (g,) = pyconv.autograd.grad(function(x, pyconv.tensor(others[0])), x, create_graph=True)
    with pytest.raises(RuntimeError, match=r"derivative for aten::multi\w*_margin_loss_backward is not implemented"):
        g.sum().backward()


def test_the_gradient_of_nll_has_a_derivative_of_zeros():
    x = pyconv.tensor(X, requires_grad=True)
    (g,) = pyconv.autograd.grad(F.nll_loss(x, pyconv.tensor(LABELS)), x, create_graph=True)
    assert g.grad_fn.name() == "NllLossBackwardBackward0"
    assert not pyconv.autograd.grad((g * g).sum(), x)[0].any()


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_cross_entropy_weighs_smooths_and_ignores(reduction, smoothing):
    logs = log_softmax(X)
    counts = LABELS != 2
    weights = WEIGHT[LABELS] * counts
    each = -(1 - smoothing) * logs[np.arange(4), LABELS] * weights
    each = each - smoothing / 5 * (logs * WEIGHT).sum(1) * counts
    wanted = {"none": each, "sum": each.sum(), "mean": each.sum() / weights.sum()}[reduction]
    options = {"weight": pyconv.tensor(WEIGHT), "ignore_index": 2, "label_smoothing": smoothing}
    found = F.cross_entropy(pyconv.tensor(X), pyconv.tensor(LABELS), reduction=reduction, **options)
    np.testing.assert_allclose(found.numpy(), wanted, 1e-12, 1e-14)


def test_cross_entropy_of_images_and_of_one_sample():
    x = RNG.standard_normal((2, 3, 4, 5))
    labels = RNG.integers(0, 3, (2, 4, 5))
    wanted = -np.take_along_axis(log_softmax(x), labels[:, None], 1).mean()
    np.testing.assert_allclose(F.cross_entropy(pyconv.tensor(x), pyconv.tensor(labels)).item(), wanted)
    one = F.cross_entropy(pyconv.tensor(X[0]), pyconv.tensor(3))
    np.testing.assert_allclose(one.item(), -log_softmax(X)[0, 3])


def test_a_mean_of_nothing_is_nan():
    ignored = pyconv.tensor([-100, -100])
    assert math.isnan(F.cross_entropy(pyconv.ones(2, 3), ignored).item())
    assert F.cross_entropy(pyconv.ones(2, 3), ignored, reduction="sum").item() == 0
    assert math.isnan(F.mse_loss(pyconv.ones(0), pyconv.ones(0)).item())


def paths(labels, steps, blank=0):
    """All alignments of a sequence of labels."""
    for path in itertools.product(range(3), repeat=steps):
        collapsed = [label for label, _ in itertools.groupby(path) if label != blank]
        if collapsed == list(labels):
            yield path


@pytest.mark.parametrize("labels", [(1,), (1, 2), (2, 2), ()])
def test_ctc_sums_over_all_alignments(labels):
    logs = log_softmax(RNG.standard_normal((4, 1, 3)), 2)
    wanted = -math.log(sum(math.exp(sum(logs[t, 0, c] for t, c in enumerate(path))) for path in paths(labels, 4)))
    targets = np.array([labels], dtype=np.int64).reshape(1, len(labels))
    found = F.ctc_loss(pyconv.tensor(logs), pyconv.tensor(targets), [4], [len(labels)], reduction="none")
    np.testing.assert_allclose(found.numpy(), [wanted], 1e-10)


def test_ctc_gradients_lengths_and_reductions():
    x = pyconv.tensor(RNG.standard_normal((5, 2, 3)), requires_grad=True)
    targets = pyconv.tensor([[1, 2], [2, 0]])

    def losses(x, reduction="none"):
        return F.ctc_loss(F.log_softmax(x, 2), targets, (5, 3), (2, 1), reduction=reduction)

    assert gradcheck(losses, x)
    each = losses(x).detach().numpy()
    np.testing.assert_allclose(losses(x, "sum").item(), each.sum())
    np.testing.assert_allclose(losses(x, "mean").item(), (each / [2, 1]).mean())
    flat = F.ctc_loss(F.log_softmax(x, 2), pyconv.tensor([1, 2, 2]), pyconv.tensor([5, 3]), pyconv.tensor([2, 1]))
    assert flat.item() == losses(x, "mean").item()
    (g,) = pyconv.autograd.grad(losses(x).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="derivative for aten::_ctc_loss_backward is not implemented"):
        g.sum().backward()


def test_ctc_of_what_cannot_be_aligned():
    logs = pyconv.log_softmax(pyconv.zeros(1, 1, 3), 2)
    arguments = (logs, pyconv.tensor([[1, 2]]), [1], [2])
    assert F.ctc_loss(*arguments).item() == math.inf
    assert F.ctc_loss(*arguments, zero_infinity=True).item() == 0


def test_similarity_and_distances_of_rows():
    x, y = pyconv.tensor(X), pyconv.tensor(Y)
    np.testing.assert_allclose(F.cosine_similarity(x, y).numpy(), cosine(X, Y))
    np.testing.assert_allclose(F.pairwise_distance(x, y).numpy(), distance(X, Y))
    np.testing.assert_allclose(F.pairwise_distance(x, y, p=1, keepdim=True).numpy().shape, (4, 1))
    pairs = [np.abs(X[i] - X[j]).max() for i in range(4) for j in range(i + 1, 4)]
    np.testing.assert_allclose(F.pdist(x, math.inf).numpy(), pairs)
    leaf = x.clone().requires_grad_()
    assert gradcheck(F.pdist, [leaf])
    assert gradgradcheck(F.pdist, [leaf])
    assert pyconv.autograd.grad(F.pdist(leaf, 0.0).sum(), leaf)[0].abs().sum().item() == 0
    for function in (F.cosine_similarity, F.pairwise_distance):
        leaves = [value.clone().requires_grad_() for value in (x, y)]
        assert gradcheck(function, leaves)
        assert gradgradcheck(function, leaves)


@pytest.mark.parametrize("name", ["l1_loss", "mse_loss", "smooth_l1_loss", "huber_loss"])
def test_sizes_that_broadcast_warn(name):
    with pytest.warns(UserWarning, match="Using a target size .* that is different to the input size"):
        found = getattr(F, name)(pyconv.zeros(2, 3), pyconv.ones(2, 1), reduction="none")
    assert found.shape == (2, 3)


def test_older_names_of_reductions_warn():
    x = pyconv.tensor(X)
    for options, reduction in (
        ({"size_average": False}, "sum"),
        ({"reduce": False}, "none"),
        ({"reduce": True}, "mean"),
    ):
        with pytest.warns(UserWarning, match=f"please use reduction='{reduction}' instead"):
            found = F.mse_loss(x, -x, **options)
        np.testing.assert_array_equal(found.numpy(), F.mse_loss(x, -x, reduction=reduction).numpy())


def test_the_mean_of_the_divergence_warns_and_batchmean_does_not():
    x, q = pyconv.tensor(X), pyconv.tensor(Q)
    with pytest.warns(UserWarning, match="'batchmean' divides only by the batch size"):
        F.kl_div(x, q)
    np.testing.assert_allclose(F.kl_div(x, q, reduction="batchmean").item(), (Q * (np.log(Q) - X)).sum() / 4)


@pytest.mark.parametrize("kind", [pyconv.float32, pyconv.float16, pyconv.bfloat16])
@pytest.mark.parametrize("name", ["l1", "mse", "smooth_l1", "huber", "bce", "cross_entropy", "soft_margin"])
def test_dtypes_stay_and_values_are_near(name, kind):
    function, inputs, others, formula = ALL[name]
    rounded = [pyconv.tensor(value).to(kind) for value in inputs]
    rest = [pyconv.tensor(value).to(kind) if value.dtype == np.float64 else pyconv.tensor(value) for value in others]
    rounded[0].requires_grad_()
    found = function(*rounded, *rest)
    found.backward()
    assert found.dtype is rounded[0].grad.dtype is kind
    wanted = formula(*(value.detach().double().numpy() for value in rounded), *others).mean()
    np.testing.assert_allclose(found.item(), wanted, 4 * pyconv.finfo(kind).eps)


X23, LABELS2 = pyconv.ones(2, 3), pyconv.tensor([0, 1])


def test_a_variance_may_be_missing_one_dimension_wherever_it_is():
    mean, target = pyconv.tensor(X), pyconv.tensor(Y)
    for var in (pyconv.full((1, X.shape[1]), 0.5), pyconv.full((X.shape[0], 1), 0.5), pyconv.full((X.shape[0],), 0.5)):
        found = F.gaussian_nll_loss(mean.float(), target.float(), var)
        np.testing.assert_allclose(found.item(), np.mean(0.5 * (np.log(0.5) + (X - Y) ** 2 / 0.5)), 1e-5)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda: F.mse_loss(X23, X23, reduction="foo"), ValueError, "foo is not a valid value for reduction"),
        (lambda: F.nll_loss(X23, pyconv.tensor([0, 5])), IndexError, "Target 5 is out of bounds"),
        (lambda: F.cross_entropy(X23, pyconv.tensor([0, -1])), IndexError, "Target -1 is out of bounds"),
        (lambda: F.cross_entropy(X23, pyconv.tensor([0, 1, 1])), ValueError, r"Expected input batch_size \(2\)"),
        (lambda: F.cross_entropy(X23, LABELS2, label_smoothing=2), RuntimeError, "label_smoothing must be between"),
        (lambda: F.cross_entropy(X23, LABELS2, weight=pyconv.ones(2)), RuntimeError, "weight tensor should be defined"),
        (lambda: F.nll_loss(X23.long(), LABELS2), NotImplementedError, "not implemented for 'Long'"),
        (lambda: F.binary_cross_entropy(X23 * 2, X23), RuntimeError, "between 0 and 1"),
        (lambda: F.gaussian_nll_loss(X23, X23, -X23), ValueError, "var has negative entry/entries"),
        (lambda: F.gaussian_nll_loss(X23, X23, pyconv.ones(5)), ValueError, "var is of incorrect size"),
        (
            lambda: F.gaussian_nll_loss(X23, X23, pyconv.ones(2, 3).byte()),
            RuntimeError,
            "^result type Float can't be cast to the desired output type unsigned char$",
        ),
        (lambda: F.binary_cross_entropy(X23.byte(), X23), RuntimeError, "^Found dtype Float but expected Byte$"),
        (
            lambda: F.binary_cross_entropy_with_logits(X23, X23, pos_weight=pyconv.tensor(1j)),
            RuntimeError,
            "^result type ComplexFloat can't be cast to the desired output type Float$",
        ),
        (
            lambda: F.binary_cross_entropy_with_logits(X23, X23, pos_weight=pyconv.tensor(True)),
            RuntimeError,
            "with a bool tensor is not supported",
        ),
        (
            lambda: F.binary_cross_entropy_with_logits(X23, X23 > 0),
            RuntimeError,
            "with two bool tensors is not supported",
        ),
        (
            lambda: F.binary_cross_entropy_with_logits(X23, X23, pyconv.ones(4, 2, 3)),
            RuntimeError,
            "doesn't match the broadcast shape",
        ),
        (
            lambda: F.nll_loss(X23[0].to(pyconv.complex64), LABELS2[0]),
            NotImplementedError,
            "not implemented for 'ComplexFloat'",
        ),
        (
            lambda: F.nll_loss(pyconv.ones(2, 0, 3), pyconv.zeros(2, 3).long()),
            RuntimeError,
            r"size mismatch \(got input: \[2, 0, 0, 0\] , target: \[2, 1, 3\]",
        ),
        (
            lambda: F.cross_entropy(
                pyconv.ones(2, 3, 4), pyconv.zeros(2, 4).long(), pyconv.ones(1, 3), label_smoothing=0.1
            ),
            RuntimeError,
            r"shape '\[1, 1, 1\]' is invalid for input of size 3",
        ),
        (lambda: F.huber_loss(X23, X23, delta=-1), RuntimeError, "does not support non-positive values for delta"),
        (lambda: F.smooth_l1_loss(X23, X23, beta=-1), RuntimeError, "does not support negative values for beta"),
        (lambda: F.multi_margin_loss(X23, LABELS2, p=3), ValueError, "only p == 1 and p == 2 supported"),
        (lambda: F.triplet_margin_loss(X23, X23, X23, margin=-1), ValueError, "margin must be greater than 0"),
        (lambda: F.ctc_loss(pyconv.zeros(2, 1, 3), LABELS2[:1], [9], [1]), RuntimeError, "input_lengths"),
    ],
)
def test_errors_are_torchs(call, kind, text):
    with pytest.raises(kind, match=text):
        call()


def test_weights_of_the_classes_of_images_may_have_any_shape():
    x, labels = pyconv.tensor(X).reshape(1, X.size, 1), pyconv.zeros(1, 1).long()
    weight = pyconv.full((X.size,), 2.0, dtype=x.dtype)
    found = F.nll_loss(x, labels, weight.reshape(1, -1), reduction="sum")
    assert found.item() == F.nll_loss(x, labels, weight, reduction="sum").item()


def test_a_variance_that_is_a_number_makes_integers_floats():
    assert F.gaussian_nll_loss(pyconv.ones(2).long(), pyconv.zeros(2).long(), 1.0).item() == 0.5


def test_a_norm_of_one_element_is_its_size_whatever_the_order():
    x = pyconv.tensor([[3.0], [-4.0]])
    assert F.pairwise_distance(x, pyconv.zeros(2, 1), p=float("nan"), eps=0.0).tolist() == [3.0, 4.0]


def test_second_derivatives_are_right_where_a_probability_is_near_one():
    found = []
    for kind in (pyconv.float32, pyconv.float64):
        x = pyconv.tensor([0.0, 28.0, 10.0, 5.0], dtype=kind, requires_grad=True)
        slope = pyconv.autograd.grad(30 * F.cross_entropy(x, pyconv.tensor(0)), x, create_graph=True)[0]
        along = pyconv.tensor([3.0, -7.0, 24.0, 8.0], dtype=kind)
        found.append(pyconv.autograd.grad(slope, x, along)[0].double().numpy())
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)


@pytest.mark.parametrize("narrow", [pyconv.bfloat16, pyconv.float16])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_narrow_input_has_its_logarithms_rounded_beside_a_wide_target(narrow, weighted):
    x = pyconv.linspace(-4, 4, 50).to(narrow)
    t = pyconv.linspace(0, 1, 50)
    p = pyconv.linspace(0.1, 3, 50).to(narrow) if weighted else None
    log = F.logsigmoid(x)
    if weighted:
        log = (log * ((p - 1) * t + 1)).to(narrow)
    found = F.binary_cross_entropy_with_logits(x, t, pos_weight=p, reduction="none")
    assert found.dtype is pyconv.float32
    assert pyconv.equal(found, (1 - t) * x - log)


@pytest.mark.parametrize("size", [(2, 3, 4), (2, 3, 4, 5)])
def test_pictures_of_classes_are_no_bytes(size):
    with pytest.raises(RuntimeError, match=r"^expected scalar type Long but found Byte$"):
        F.nll_loss(pyconv.ones(*size), pyconv.zeros(size[0], *size[2:], dtype=pyconv.uint8))
    assert F.nll_loss(pyconv.ones(2, 3), pyconv.zeros(2, dtype=pyconv.uint8)).item() == -1
