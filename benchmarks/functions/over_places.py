"""Pools, resizing and padding: what is made of neighbouring pixels.

May import: `benchmarks.functions.function`.
"""

from typing import Any

from benchmarks.functions.function import Function, Group, Operand, normal, places, positive, target

IMAGES = normal(32, 56, 56)
PATH = "nn.functional."


def _of_images(title: str, name: str, *others: Operand, **arguments: Any) -> Function:
    return Function(title, f"{PATH}{name}", (IMAGES, *others), arguments)


POOLS = Group(
    "pools of (N, 32, 56, 56)",
    (
        _of_images("max_pool2d 2", "max_pool2d", kernel_size=2),
        _of_images("max_pool2d 3/2", "max_pool2d", kernel_size=3, stride=2, padding=1),
        _of_images("avg_pool2d 2", "avg_pool2d", kernel_size=2),
        _of_images("avg_pool2d 3/1", "avg_pool2d", kernel_size=3, stride=1, padding=1),
        _of_images("adaptive_avg_pool2d 1", "adaptive_avg_pool2d", output_size=1),
        _of_images("adaptive_avg_pool2d 7", "adaptive_avg_pool2d", output_size=7),
        _of_images("adaptive_max_pool2d 5", "adaptive_max_pool2d", output_size=5),
        Function("max_pool1d 3/2", "nn.functional.max_pool1d", (normal(64, 500),), {"kernel_size": 3, "stride": 2}),
    ),
)

RESIZES = Group(
    "resizing, sampling and padding of (N, 32, 56, 56)",
    (
        _of_images("interpolate 2, nearest", "interpolate", scale_factor=2, mode="nearest"),
        _of_images("interpolate 2, bilinear", "interpolate", scale_factor=2, mode="bilinear"),
        _of_images("interpolate 2, bicubic", "interpolate", scale_factor=2, mode="bicubic"),
        _of_images("interpolate ½, bilinear", "interpolate", scale_factor=0.5, mode="bilinear"),
        _of_images("interpolate 25, antialias", "interpolate", size=(25, 25), mode="bilinear", antialias=True),
        _of_images("grid_sample", "grid_sample", positive(56, 56, 2), align_corners=False),
        _of_images("pixel_shuffle", "pixel_shuffle", upscale_factor=2),
        _of_images("pixel_unshuffle", "pixel_unshuffle", downscale_factor=2),
        _of_images("channel_shuffle", "channel_shuffle", groups=4),
        _of_images("unfold", "unfold", kernel_size=3, padding=1),
        _of_images("pad, constant", "pad", pad=(2, 2, 2, 2)),
        _of_images("pad, reflect", "pad", pad=(2, 2, 2, 2), mode="reflect"),
        _of_images("pad, replicate", "pad", pad=(2, 2, 2, 2), mode="replicate"),
    ),
)

LOSSES = Group(
    "losses of (N, 32, 56, 56), and of (N, 1000)",
    (
        _of_images("cross_entropy, pixels", "cross_entropy", places(32, 56, 56)),
        Function("cross_entropy, images", "nn.functional.cross_entropy", (normal(1000), places(1000))),
        *(
            _of_images(name, name, target(32, 56, 56))
            for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
        ),
    ),
)
