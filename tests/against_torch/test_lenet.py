"""A LeNet trained for 200 steps on scikit-learn's digits has torch's loss curve and accuracy."""

import numpy as np
import torch
from sklearn.datasets import load_digits

import pyconv


def trained(library, steps=200):
    """The losses of the steps, and how many of the last 297 digits are told right."""
    nn = library.nn
    digits = load_digits()
    images = library.from_numpy((digits.images / 16).astype(np.float32)[:, None])
    labels = library.from_numpy(digits.target.astype(np.int64))
    library.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 3),
        nn.Tanh(),
        nn.Flatten(),
        nn.Linear(64, 32),
        nn.Tanh(),
        nn.Linear(32, 10),
    )
    train = library.utils.data.TensorDataset(images[:1500], labels[:1500])
    loader = library.utils.data.DataLoader(train, batch_size=50, shuffle=True)
    optimizer = library.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    losses = []
    while len(losses) < steps:
        for batch, target in loader:
            loss = nn.functional.cross_entropy(model(batch), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    with library.no_grad():
        right = (model(images[1500:]).argmax(1) == labels[1500:]).sum().item()
    return np.array(losses[:steps]), right


def test_the_loss_curve_and_the_accuracy_are_torchs():
    theirs, ours = trained(torch), trained(pyconv)
    np.testing.assert_allclose(ours[0][:50], theirs[0][:50], rtol=1e-5)
    assert ours[1] == theirs[1]
