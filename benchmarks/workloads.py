"""The layers that are timed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """A square 2-D convolution: (N, channels, side, side) with (outputs, channels/groups, kernel, kernel)."""

    channels: int
    side: int
    outputs: int
    kernel: int
    stride: int = 1
    padding: int = 0
    groups: int = 1

    def __str__(self) -> str:
        text = f"{self.channels}×{self.side}² → {self.outputs}, {self.kernel}×{self.kernel}"
        return text + (f"/{self.stride}" if self.stride > 1 else "") + (f" g{self.groups}" if self.groups > 1 else "")


def _bottlenecks() -> list[Layer]:
    """The distinct convolutions of ResNet-50's four stages, in the order in which they run (stride in the 3×3)."""
    layers = []
    channels = 64
    for width, side in ((64, 56), (128, 28), (256, 14), (512, 7)):
        stride = 1 if width == 64 else 2
        layers += [
            Layer(channels, side * stride, width, 1),
            Layer(width, side * stride, width, 3, stride, 1),
            Layer(width, side, 4 * width, 1),
            Layer(channels, side * stride, 4 * width, 1, stride),
            Layer(4 * width, side, width, 1),
            Layer(width, side, width, 3, 1, 1),
        ]
        channels = 4 * width
    return list(dict.fromkeys(layers))


SUITES: dict[str, list[Layer]] = {
    "resnet50": [Layer(3, 224, 64, 7, 2, 3), *_bottlenecks()],
    "depthwise": [
        Layer(channels, side, channels, kernel, stride, kernel // 2, channels)
        for channels, side, kernel, stride in ((144, 56, 3, 1), (144, 56, 3, 2), (240, 28, 5, 1), (384, 14, 7, 1))
    ],
}
