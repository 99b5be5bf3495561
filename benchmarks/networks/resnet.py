"""ResNet-18 and ResNet-50, as they are written for torch: He et al., "Deep residual learning for image recognition"."""

from __future__ import annotations

import torch
from torch import nn


def conv_bn(ins: int, outs: int, kernel: int, stride: int = 1, relu: bool = True) -> nn.Sequential:
    """A convolution, its normalization, and ReLU where there is one."""
    layers = [nn.Conv2d(ins, outs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outs)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Block(nn.Module):
    """A residual block: two 3×3 ones, or with a bottleneck 1×1, 3×3 and 1×1."""

    def __init__(self, ins: int, width: int, stride: int, bottleneck: bool) -> None:
        super().__init__()
        outs = 4 * width if bottleneck else width
        if bottleneck:
            layers = [conv_bn(ins, width, 1), conv_bn(width, width, 3, stride), conv_bn(width, outs, 1, relu=False)]
        else:
            layers = [conv_bn(ins, width, 3, stride), conv_bn(width, width, 3, relu=False)]
        self.residual = nn.Sequential(*layers)
        kept = stride == 1 and ins == outs
        self.shortcut = nn.Identity() if kept else conv_bn(ins, outs, 1, stride, relu=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The residual of x, and x."""
        return self.relu(self.residual(x) + self.shortcut(x))


class ResNet(nn.Module):
    """A stem, four stages of blocks, a mean over the plane and a linear layer."""

    def __init__(self, blocks: tuple[int, ...], bottleneck: bool, num_classes: int = 1000) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv_bn(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1))
        stages: list[nn.Module] = []
        channels = 64
        for index, count in enumerate(blocks):
            width = 64 * 2**index
            for block in range(count):
                stages.append(Block(channels, width, 2 if index and not block else 1, bottleneck))
                channels = 4 * width if bottleneck else width
        self.stages = nn.Sequential(*stages)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(channels, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) to (N, num_classes)."""
        return self.classifier(self.pool(self.stages(self.stem(x))).flatten(1))


def resnet18() -> ResNet:
    """ResNet-18."""
    return ResNet((2, 2, 2, 2), bottleneck=False)


def resnet50() -> ResNet:
    """ResNet-50, with the stride in the 3×3."""
    return ResNet((3, 4, 6, 3), bottleneck=True)
