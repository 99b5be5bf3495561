"""Rivals are found or their lack is told, and those that need NumPy alone are right."""

import builtins

import pytest

from benchmarks.exact import Reference
from benchmarks.layers import Layer, Task
from benchmarks.rivals import RIVALS, base, find, naive, scipy_signal

LAYERS = [
    Layer(6, (9, 8), 4, 3, 2, 1),
    Layer(6, (9, 8), 6, (3, 1), 1, (1, 0), 2, groups=2),
    Layer(4, (11,), 6, 3, 2, 1, 2, groups=2),
    Layer(2, (4, 5, 6), 3, 2, (1, 2, 1)),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("functional", [False, True])
def test_naive_is_right(layer, functional):
    task = Task(layer, 2, functional=functional)
    rival = find("naive")
    reference = Reference(task)
    assert reference.error(rival.array(rival.run(task)())).worst < reference.bound


@pytest.mark.parametrize(
    ("task", "lacks"),
    [
        (Task(Layer(2, (4,), 2, 3, transposed=True), 1), "no transposed"),
        (Task(LAYERS[0], 1, "weight_grad"), "no gradients"),
        (Task(Layer(512, (256, 256), 64, 31), 4), "its windows take"),
    ],
)
def test_naive_says_what_it_lacks(task, lacks):
    with pytest.raises(NotImplementedError, match=lacks):
        find("naive").run(task)


def test_zeros_between_taps_serve_for_a_dilation():
    layer, plain = LAYERS[1], Layer(6, (9, 8), 6, (5, 1), 1, (1, 0), groups=2)
    task = Task(layer, 1)
    stuffed = naive.im2col(task.x, scipy_signal.stuffed(task.w, layer), plain)
    assert Reference(task).error(stuffed).worst < Reference(task).bound


def test_an_unknown_rival_is_refused():
    with pytest.raises(ValueError, match=f"no rival named 'nope'; choose from {', '.join(RIVALS)}"):
        find("nope")


@pytest.mark.parametrize("name", [name for name, (*_, packages) in RIVALS.items() if packages])
def test_a_rival_that_is_not_installed_says_what_it_needs(monkeypatch, name):
    real = builtins.__import__

    def without(module, *args, **kwargs):
        if module.partition(".")[0] in {"torch", "scipy", "cv2", "mygrad", "chainer", "onnx", "onnxruntime"}:
            raise ModuleNotFoundError(f"No module named {module!r}")
        return real(module, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=f"{name} is left out: it needs `pip install {RIVALS[name][2]}`"):
        find(name)


def test_the_first_reason_that_holds_is_given():
    with pytest.raises(NotImplementedError, match=r"^no stride that leaves a remainder$"):
        base.need(groups=False, stride_that_leaves_a_remainder=True, transposed=True)
    base.need(groups=False)
