"""What is done with a network, as it is written for torch: a step of training, inference, folding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def train_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, images: np.ndarray, labels: np.ndarray
) -> Callable[[], torch.Tensor]:
    """A call that makes one step and returns the loss before it."""
    x, target = torch.from_numpy(images), torch.from_numpy(labels)

    def step() -> torch.Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        return loss

    return step


def sgd(model: nn.Module) -> torch.optim.Optimizer:
    """Stochastic gradient descent as networks of images are trained with it."""
    return torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)


def inference(model: nn.Module, images: np.ndarray) -> Callable[[], torch.Tensor]:
    """A call that gives the outputs, with the normalizations folded into the convolutions before them."""
    folded = fold(model.eval())
    x = torch.from_numpy(images)

    def run() -> torch.Tensor:
        with torch.no_grad():
            return folded(x)

    return run


def fold(model: nn.Module) -> nn.Module:
    """The network with each Conv2d that a BatchNorm2d follows in a Sequential made one layer with it, in place."""
    for name, child in list(model.named_children()):
        setattr(model, name, fold(child))
    if not isinstance(model, nn.Sequential):
        return model
    layers: list[nn.Module] = []
    for layer in model:
        if isinstance(layer, nn.BatchNorm2d) and layers and isinstance(layers[-1], nn.Conv2d):
            layers[-1] = fuse_conv_bn_eval(layers[-1], layer)
        else:
            layers.append(layer)
    return nn.Sequential(*layers)
