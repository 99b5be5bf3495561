"""The layers that are timed, a suite for each family of networks.

May import: `benchmarks.layers`.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.layers import Axes, Layer


@dataclass(frozen=True)
class Suite:
    """Layers that are timed together, with one geometric mean a batch size.

    Attributes:
        about: what they are, in a line.
        layers: the layers.
        batches: the batch sizes, unless the command line gives others.
        functional: whether pyconv is called by its functional interface on tensors, and not by its kernels alone:
            for layers so small that what a call takes besides is what counts.
    """

    about: str
    layers: tuple[Layer, ...]
    batches: tuple[int, ...] = (1, 8)
    functional: bool = False


def _square(channels: int, side: int, outputs: int, kernel: int, stride: int = 1, **options: Axes) -> Layer:
    """A two-dimensional layer, padded so that without a stride it keeps the size."""
    options.setdefault("padding", kernel // 2)
    return Layer(channels, (side, side), outputs, kernel, stride, **options)  # type: ignore[arg-type]


def _depthwise(channels: int, side: int, kernel: int, stride: int = 1) -> Layer:
    return _square(channels, side, channels, kernel, stride, groups=channels)


def _bottlenecks() -> list[Layer]:
    """The distinct convolutions of ResNet-50's four stages, in the order in which they run (stride in the 3×3)."""
    layers = []
    channels = 64
    for width, side in ((64, 56), (128, 28), (256, 14), (512, 7)):
        stride = 1 if width == 64 else 2
        layers += [
            _square(channels, side * stride, width, 1),
            _square(width, side * stride, width, 3, stride),
            _square(width, side, 4 * width, 1),
            _square(channels, side * stride, 4 * width, 1, stride),
            _square(4 * width, side, width, 1),
            _square(width, side, width, 3),
        ]
        channels = 4 * width
    return list(dict.fromkeys(layers))


_VGG = (
    _square(3, 224, 64, 3),
    _square(64, 224, 64, 3),
    _square(64, 112, 128, 3),
    _square(128, 112, 128, 3),
    _square(128, 56, 256, 3),
    _square(256, 56, 256, 3),
    _square(256, 28, 512, 3),
    _square(512, 28, 512, 3),
    _square(512, 14, 512, 3),
)

_ODD = (
    Layer(3, (224, 224), 64, 11, 4, 2),  # AlexNet
    _square(64, 27, 192, 5),
    _square(32, 28, 96, 5),  # GoogLeNet
    _square(32, 56, 64, 5, 2),
    _square(3, 224, 32, 3, 2),  # MobileNet
    _square(64, 56, 128, 3, 2),
    _square(256, 28, 512, 3, 2),
    _square(64, 56, 64, 3, padding=2, dilation=2),
    _square(512, 28, 512, 3, padding=2, dilation=2),  # DeepLab
    _square(512, 28, 256, 3, padding=12, dilation=12),
    Layer(192, (17, 17), 192, (1, 7), 1, (0, 3)),  # Inception
    Layer(192, (17, 17), 192, (7, 1), 1, (3, 0)),
)

_GROUPED = (
    _square(96, 56, 96, 3, groups=32),  # 3 channels a group
    _square(128, 56, 128, 3, groups=32),  # ResNeXt-50 32×4d: 4, 8, 16 and 32
    _square(256, 56, 256, 3, 2, groups=32),
    _square(256, 28, 256, 3, groups=32),
    _square(512, 28, 512, 3, 2, groups=32),
    _square(512, 14, 512, 3, groups=32),
    _square(1024, 14, 1024, 3, 2, groups=32),
    _square(1024, 7, 1024, 3, groups=32),
    _square(104, 28, 104, 3, groups=13),  # RegNetY-400MF
    _square(288, 14, 288, 3, groups=12),  # 24 channels a group
)

_DEPTHWISE = (
    _depthwise(32, 112, 3),  # MobileNetV2
    _depthwise(96, 112, 3, 2),
    _depthwise(144, 56, 3),
    _depthwise(144, 56, 3, 2),
    _depthwise(384, 14, 3),
    _depthwise(960, 7, 3),
    _depthwise(144, 56, 5, 2),  # EfficientNet-B0
    _depthwise(240, 28, 5),
    _depthwise(672, 14, 5, 2),
    _depthwise(1152, 7, 5),
    _depthwise(96, 56, 7),  # ConvNeXt-T
    _depthwise(96, 56, 7, 2),
    _depthwise(192, 28, 7),
    _depthwise(384, 14, 7),
    _depthwise(768, 7, 7),
)

_LARGE = (
    _square(32, 64, 32, 11),
    _square(64, 56, 64, 15),
    _square(16, 32, 32, 21),
    _square(64, 56, 64, 31),
    _depthwise(96, 56, 11),
    _depthwise(64, 56, 21),
    _depthwise(128, 56, 31),  # RepLKNet-31B
    _depthwise(256, 28, 29),
    _depthwise(512, 14, 27),
    _depthwise(1024, 7, 13),
)

_SMALL = (
    _square(1, 28, 6, 5),  # LeNet
    _square(6, 14, 16, 5, padding=0),
    _square(3, 5, 4, 3),
    _square(8, 5, 8, 3, padding=0),
    _square(8, 5, 16, 1),
)


def _transposed(channels: int, side: int, outputs: int, kernel: int, stride: int, padding: int, more: int = 0) -> Layer:
    return Layer(channels, (side, side), outputs, kernel, stride, padding, transposed=True, output_padding=more)


_TRANSPOSED = (
    _transposed(100, 1, 512, 4, 1, 0),  # DCGAN
    _transposed(512, 4, 256, 4, 2, 1),
    _transposed(256, 8, 128, 4, 2, 1),
    _transposed(128, 16, 64, 4, 2, 1),
    _transposed(64, 32, 3, 4, 2, 1),
    _transposed(1024, 16, 512, 2, 2, 0),  # U-Net on 256×256
    _transposed(512, 32, 256, 2, 2, 0),
    _transposed(256, 64, 128, 2, 2, 0),
    _transposed(128, 128, 64, 2, 2, 0),
    _transposed(256, 64, 128, 3, 2, 1, 1),  # CycleGAN
)

_AUDIO = (
    Layer(1, (640,), 258, 256, 128),  # silero VAD: its Fourier transform, then its encoder
    Layer(129, (4,), 128, 3, 1, 1),
    Layer(128, (4,), 64, 3, 2, 1),
    Layer(1, (16000,), 512, 10, 5),  # wav2vec 2.0 on a second of sound
    Layer(512, (3199,), 512, 3, 2),
    Layer(512, (799,), 512, 3, 2),
    Layer(512, (199,), 512, 2, 2),
    Layer(768, (49,), 768, 128, 1, 64, groups=16),
    Layer(512, (3199,), 512, 3, 1, 2, 2, groups=512),  # Conv-TasNet
    Layer(64, (16000,), 64, 2, dilation=64),  # WaveNet
)

_VOLUME = (
    Layer(3, (16, 112, 112), 64, (3, 7, 7), (1, 2, 2), (1, 3, 3)),  # R3D-18
    Layer(64, (16, 56, 56), 64, 3, 1, 1),
    Layer(64, (16, 56, 56), 128, 3, 2, 1),
    Layer(64, (16, 56, 56), 128, 1, 2),
    Layer(128, (8, 28, 28), 128, 3, 1, 1),
    Layer(256, (4, 14, 14), 256, 3, 1, 1),
    Layer(512, (2, 7, 7), 512, 3, 1, 1),
)

SUITES = {
    "resnet50": Suite("ResNet-50's distinct convolutions", (_square(3, 224, 64, 7, 2), *_bottlenecks())),
    "vgg16": Suite("VGG-16's 3×3 layers", _VGG, (1,)),
    "odd": Suite("strided, dilated, 5×5, 11×11/4, 1×7", _ODD),
    "grouped": Suite("3 to 32 channels a group, as ResNeXt 32×4d has", _GROUPED),
    "depthwise": Suite("depthwise 3×3 to 7×7 of MobileNet, EfficientNet, ConvNeXt", _DEPTHWISE),
    "large": Suite("kernels from 11×11 to 31×31, dense and depthwise", _LARGE, (1,)),
    "small": Suite("LeNet and 5×5 images, by the functional interface", _SMALL, (1, 8, 64), functional=True),
    "transposed": Suite("transposed ones of DCGAN, U-Net and CycleGAN", _TRANSPOSED),
    "audio": Suite("one dimension: silero, wav2vec 2.0, Conv-TasNet, WaveNet", _AUDIO, (1,)),
    "volume": Suite("three dimensions: R3D-18", _VOLUME, (1,)),
}
