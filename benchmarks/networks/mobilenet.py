"""MobileNetV2, as it is written for torch: Sandler et al., "Inverted residuals and linear bottlenecks"."""

from __future__ import annotations

import torch
from torch import nn

STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""Expansion, output channels, blocks and the first block's stride of each stage."""


def conv_bn(
    ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1, activated: bool = True
) -> nn.Sequential:
    """A convolution, its normalization, and ReLU6 where there is one."""
    conv = nn.Conv2d(ins, outs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outs), *([nn.ReLU6(inplace=True)] if activated else []))


class Block(nn.Module):
    """An inverted residual: widened, a depthwise 3×3, narrowed."""

    def __init__(self, ins: int, outs: int, stride: int, expansion: int) -> None:
        super().__init__()
        width = ins * expansion
        self.kept = stride == 1 and ins == outs
        self.residual = nn.Sequential(
            *([conv_bn(ins, width, 1)] if expansion > 1 else []),
            conv_bn(width, width, 3, stride, width),
            conv_bn(width, outs, 1, activated=False),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The residual of x, and x where it has the same shape."""
        return x + self.residual(x) if self.kept else self.residual(x)


class MobileNetV2(nn.Module):
    """A stem, seven stages, a 1×1 convolution, a mean over the plane and a linear layer."""

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv_bn(3, 32, 3, 2)]
        channels = 32
        for expansion, outs, count, stride in STAGES:
            for block in range(count):
                layers.append(Block(channels, outs, 1 if block else stride, expansion))
                channels = outs
        self.features = nn.Sequential(*layers, conv_bn(channels, 1280, 1))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(1280, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) to (N, num_classes)."""
        return self.classifier(self.pool(self.features(x)).flatten(1))
