"""The strides of results, where the operands have their channels last: torch's."""

import pytest
import torch

import pyconv


@pytest.fixture(autouse=True)
def _on_two_threads():
    """On one thread torch computes small volumes in another way, which leaves another order."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


SHAPES = {4: (2, 6, 5, 4), 5: (2, 6, 3, 5, 4)}


def last(lib, *shape, dtype):
    format_ = lib.channels_last if len(shape) == 4 else lib.channels_last_3d
    return lib.zeros(shape, dtype=getattr(lib, dtype)).contiguous(memory_format=format_)


IMAGES = {
    "conv2d": lambda lib, x, z: lib.nn.functional.conv2d(x, z(8, 6, 3, 3)),
    "conv2d 1x1": lambda lib, x, z: lib.nn.functional.conv2d(x, z(8, 6, 1, 1), z(8)),
    "conv2d depthwise": lambda lib, x, z: lib.nn.functional.conv2d(x, z(6, 1, 3, 3), groups=6),
    "conv2d dilated": lambda lib, x, z: lib.nn.functional.conv2d(x, z(8, 6, 3, 3), dilation=2, padding=2),
    "conv2d strided": lambda lib, x, z: lib.nn.functional.conv2d(x, z(8, 6, 3, 3), stride=2),
    "conv2d same": lambda lib, x, z: lib.nn.functional.conv2d(x, z(8, 6, 3, 3), padding="same"),
    "conv2d to one channel": lambda lib, x, z: lib.nn.functional.conv2d(x, z(1, 6, 3, 3)),
    "conv2d of a slice": lambda lib, x, z: lib.nn.functional.conv2d(x[:, :3, :, ::2], z(8, 3, 3, 1)),
    "conv2d of one image": lambda lib, x, z: lib.nn.functional.conv2d(x[:1], z(8, 6, 3, 3)),
    "conv2d of contiguous": lambda lib, x, z: lib.nn.functional.conv2d(z(2, 6, 5, 4), z(8, 6, 3, 3)),
    "conv2d by weight": lambda lib, x, z: lib.nn.functional.conv2d(z(1, 6, 5, 4), x),
    "conv2d of tokens": lambda lib, x, z: lib.nn.functional.conv2d(
        z(2, 20, 6).transpose(1, 2).reshape(2, 6, 5, 4), z(8, 6, 1, 1)
    ),
    "conv2d unbatched": lambda lib, x, z: lib.nn.functional.conv2d(z(5, 4, 6).permute(2, 0, 1), z(8, 6, 3, 3)),
    "conv_transpose2d": lambda lib, x, z: lib.nn.functional.conv_transpose2d(x, z(6, 8, 2, 2), z(8), stride=2),
    "conv_transpose2d grouped": lambda lib, x, z: lib.nn.functional.conv_transpose2d(x, z(6, 4, 2, 2), groups=2),
    "batch_norm": lambda lib, x, z: lib.nn.functional.batch_norm(x, None, None, training=True),
    "batch_norm fixed": lambda lib, x, z: lib.nn.functional.batch_norm(x, z(6), z(6) + 1, z(6), z(6)),
    "group_norm": lambda lib, x, z: lib.nn.functional.group_norm(x, 2),
    "instance_norm": lambda lib, x, z: lib.nn.functional.instance_norm(x),
    "nearest": lambda lib, x, z: lib.nn.functional.interpolate(x, scale_factor=2),
    "bilinear": lambda lib, x, z: lib.nn.functional.interpolate(x, scale_factor=2, mode="bilinear"),
    "bicubic": lambda lib, x, z: lib.nn.functional.interpolate(x, size=(3, 7), mode="bicubic"),
    "gelu": lambda lib, x, z: lib.nn.functional.gelu(x),
    "silu": lambda lib, x, z: lib.nn.functional.silu(x),
    "hardswish": lambda lib, x, z: lib.nn.functional.hardswish(x),
    "relu": lambda lib, x, z: lib.nn.functional.relu(x),
    "pad": lambda lib, x, z: lib.nn.functional.pad(x, (1, 0, 2, 1)),
    "pad with ones": lambda lib, x, z: lib.nn.functional.pad(x, (1, 0, 2, 1), value=1),
    "sum with contiguous": lambda lib, x, z: x + z(2, 6, 5, 4),
    "sum of contiguous": lambda lib, x, z: z(2, 6, 5, 4) + x,
    "difference": lambda lib, x, z: x - z(2, 6, 5, 4),
    "product": lambda lib, x, z: x * z(2, 6, 5, 4),
    "scaled": lambda lib, x, z: z(6, 1, 1) * x,
    "quotient": lambda lib, x, z: x / (z(2, 6, 5, 4) + 1),
}
VOLUMES = {
    "conv3d": lambda lib, x, z: lib.nn.functional.conv3d(x, z(8, 6, 3, 3, 3), padding=1),
    "conv3d 1x1": lambda lib, x, z: lib.nn.functional.conv3d(x, z(8, 6, 1, 1, 1)),
    "conv3d dilated": lambda lib, x, z: lib.nn.functional.conv3d(x, z(8, 6, 3, 3, 3), padding=2, dilation=2),
    "conv_transpose3d": lambda lib, x, z: lib.nn.functional.conv_transpose3d(x, z(6, 8, 2, 2, 2), stride=2),
    "batch_norm": lambda lib, x, z: lib.nn.functional.batch_norm(x, None, None, training=True),
    "trilinear": lambda lib, x, z: lib.nn.functional.interpolate(x, scale_factor=2, mode="trilinear"),
}


def strides(lib, function, rank, dtype):
    def z(*shape):
        return lib.zeros(shape, dtype=getattr(lib, dtype))

    return function(lib, last(lib, *SHAPES[rank], dtype=dtype), z).stride()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", IMAGES)
def test_of_images(name, dtype):
    assert strides(pyconv, IMAGES[name], 4, dtype) == strides(torch, IMAGES[name], 4, dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", VOLUMES)
def test_of_volumes(name, dtype):
    assert strides(pyconv, VOLUMES[name], 5, dtype) == strides(torch, VOLUMES[name], 5, dtype)


def test_dropout_after_a_convolution_of_tokens_falls_on_the_same_pixels():
    masks = []
    for lib in (pyconv, torch):
        lib.manual_seed(0)
        tokens = lib.ones(2, 20, 6).transpose(1, 2).reshape(2, 6, 5, 4)
        y = lib.nn.functional.dropout(lib.nn.functional.conv2d(tokens, lib.ones(8, 6, 3, 3)), 0.5)
        masks.append((y != 0).tolist())
    assert masks[0] == masks[1]
