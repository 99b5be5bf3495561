"""VGG-16's convolutions, as they are written for torch: Simonyan and Zisserman, "Very deep convolutional networks"."""

from __future__ import annotations

from torch import nn


def vgg16() -> nn.Sequential:
    """The 13 convolutions with ReLU and pooling, a mean over the plane and a linear layer."""
    layers: list[nn.Module] = []
    channels = 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 1000))
