"""Modules of losses: what they call, their text, their buffers."""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv import nn

RNG = np.random.default_rng(3)
X, Y, Z = (pyconv.tensor(value) for value in RNG.standard_normal((3, 4, 5)))
P, Q = (pyconv.tensor(value) for value in RNG.uniform(0.1, 0.9, (2, 4, 5)))
LABELS = pyconv.tensor([0, 4, 2, 4])
TARGETS = pyconv.tensor([[1, 3, -1, 0, 0], [4, -1, 0, 0, 0], [-1, 0, 0, 0, 0], [0, 1, 2, 3, 4]])
SIGNS = pyconv.tensor([1.0, -1.0, 1.0, -1.0], dtype=pyconv.float64)
LOGS, WORDS = F.log_softmax(pyconv.tensor(RNG.standard_normal((5, 2, 3))), 2), pyconv.tensor([[1, 2], [2, 1]])

MODULES = [
    (nn.L1Loss, {}, F.l1_loss, (X, Y)),
    (nn.MSELoss, {}, F.mse_loss, (X, Y)),
    (nn.SmoothL1Loss, {"beta": 0.5}, F.smooth_l1_loss, (X, Y)),
    (nn.HuberLoss, {"delta": 0.5}, F.huber_loss, (X, Y)),
    (nn.BCELoss, {}, F.binary_cross_entropy, (P, Q)),
    (nn.BCEWithLogitsLoss, {}, F.binary_cross_entropy_with_logits, (X, Q)),
    (nn.CrossEntropyLoss, {"label_smoothing": 0.1, "ignore_index": 2}, F.cross_entropy, (X, LABELS)),
    (nn.NLLLoss, {"ignore_index": 2}, F.nll_loss, (X, LABELS)),
    (nn.KLDivLoss, {"log_target": True}, F.kl_div, (X, Y)),
    (nn.PoissonNLLLoss, {"log_input": False, "full": True}, F.poisson_nll_loss, (P, Q)),
    (nn.GaussianNLLLoss, {"full": True}, F.gaussian_nll_loss, (X, Y, P)),
    (nn.CosineEmbeddingLoss, {"margin": 0.2}, F.cosine_embedding_loss, (X, Y, SIGNS)),
    (nn.HingeEmbeddingLoss, {"margin": 0.2}, F.hinge_embedding_loss, (X, X.sign())),
    (nn.MarginRankingLoss, {"margin": 0.2}, F.margin_ranking_loss, (X, Y, Z.sign())),
    (nn.MultiMarginLoss, {"p": 2, "margin": 0.5}, F.multi_margin_loss, (X, LABELS)),
    (nn.MultiLabelMarginLoss, {}, F.multilabel_margin_loss, (X, TARGETS)),
    (nn.MultiLabelSoftMarginLoss, {}, F.multilabel_soft_margin_loss, (X, Q.round())),
    (nn.SoftMarginLoss, {}, F.soft_margin_loss, (X, Y.sign())),
    (nn.TripletMarginLoss, {"margin": 0.5, "swap": True}, F.triplet_margin_loss, (X, Y, Z)),
    (nn.TripletMarginWithDistanceLoss, {"margin": 0.5}, F.triplet_margin_with_distance_loss, (X, Y, Z)),
    (nn.CTCLoss, {"zero_infinity": True}, F.ctc_loss, (LOGS, WORDS, (5, 3), (2, 1))),
]


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize(("kind", "options", "function", "arguments"), MODULES, ids=[k.__name__ for k, *_ in MODULES])
def test_a_module_is_its_function(kind, options, function, arguments, reduction):
    module = kind(reduction=reduction, **options)
    wanted = function(*arguments, reduction=reduction, **options)
    np.testing.assert_array_equal(module(*arguments).numpy(), wanted.numpy())
    assert module.reduction == reduction
    assert isinstance(module, nn.modules.loss._Loss)


@pytest.mark.parametrize("kind", [nn.CrossEntropyLoss, nn.NLLLoss, nn.MultiMarginLoss, nn.MultiLabelSoftMarginLoss])
def test_weights_of_classes_are_a_buffer(kind):
    weight = pyconv.tensor([0.5, 1.0, 2.0, 0.25, 1.5], dtype=pyconv.float64)
    module = kind(weight=weight)
    assert list(module.state_dict()) == ["weight"]
    target = Q.round() if kind is nn.MultiLabelSoftMarginLoss else LABELS
    assert module(X, target).item() != kind()(X, target).item()
    assert kind().weight is None
    assert module.float().weight.dtype is pyconv.float32


def test_weights_of_logits():
    module = nn.BCEWithLogitsLoss(weight=P, pos_weight=Q[0])
    wanted = F.binary_cross_entropy_with_logits(X, Q, P, pos_weight=Q[0])
    assert module(X, Q).item() == wanted.item()
    assert list(module.state_dict()) == ["weight", "pos_weight"]


def test_text():
    assert repr(nn.CrossEntropyLoss()) == "CrossEntropyLoss()"
    text = "TripletMarginWithDistanceLoss(\n  (distance_function): PairwiseDistance()\n)"
    assert repr(nn.TripletMarginWithDistanceLoss()) == text


def test_similarity_and_distance():
    np.testing.assert_array_equal(nn.CosineSimilarity()(X, Y).numpy(), F.cosine_similarity(X, Y).numpy())
    np.testing.assert_array_equal(nn.PairwiseDistance(1)(X, Y).numpy(), F.pairwise_distance(X, Y, 1).numpy())


def test_a_distance_of_ones_own():
    module = nn.TripletMarginWithDistanceLoss(distance_function=lambda x, y: (x - y).abs().sum(1))
    wanted = ((X - Y).abs().sum(1) - (X - Z).abs().sum(1) + 1).clamp(min=0).mean()
    assert module(X, Y, Z).item() == pytest.approx(wanted.item())


def test_ndarrays_give_ndarrays():
    found = nn.MSELoss(reduction="none")(X.numpy(), Y.numpy())
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, (X.numpy() - Y.numpy()) ** 2)


def test_older_names():
    with pytest.warns(UserWarning, match="please use reduction='sum' instead"):
        assert nn.MSELoss(size_average=False).reduction == "sum"
    with pytest.warns(FutureWarning, match="NLLLoss2d. has been deprecated"):
        nn.NLLLoss2d()
    with pytest.raises(ValueError, match="only p == 1 and p == 2 supported"):
        nn.MultiMarginLoss(p=3)
