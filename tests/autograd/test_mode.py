"""Whether operations are recorded: managers, decorators, threads, generators."""

import threading

import pytest

import pyconv
from pyconv import enable_grad, is_grad_enabled, no_grad, set_grad_enabled


def test_managers_nest_and_put_the_mode_back():
    assert is_grad_enabled()
    with no_grad():
        assert not is_grad_enabled()
        with enable_grad():
            assert is_grad_enabled()
        assert not is_grad_enabled()
    assert is_grad_enabled()


def test_a_manager_can_be_entered_twice():
    manager = no_grad()
    with manager:
        with enable_grad(), manager:
            assert not is_grad_enabled()
        assert not is_grad_enabled()
    assert is_grad_enabled()


def test_an_exception_puts_the_mode_back():
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert is_grad_enabled()


@pytest.mark.parametrize(
    ("decorate", "enabled"),
    [(no_grad(), False), (no_grad, False), (enable_grad(), True), (enable_grad, True)],
    ids=["no_grad()", "no_grad", "enable_grad()", "enable_grad"],
)
def test_a_decorated_function_keeps_its_name_arguments_and_mode(decorate, enabled):
    @decorate
    def seen(*args, **kwargs):
        return is_grad_enabled(), args, kwargs

    for outside in (no_grad, enable_grad):
        with outside():
            assert seen(1, a=2) == (enabled, (1,), {"a": 2})
            assert is_grad_enabled() is (outside is enable_grad)
    assert seen.__name__ == "seen"


def test_set_grad_enabled_holds_from_the_call_on_or_inside_a_block():
    try:
        set_grad_enabled(False)
        assert not is_grad_enabled()
    finally:
        set_grad_enabled(True)
    with set_grad_enabled(False):
        assert not is_grad_enabled()
    assert is_grad_enabled()


def test_set_grad_enabled_decorates_without_setting():
    @set_grad_enabled(False)
    def seen():
        return is_grad_enabled()

    assert is_grad_enabled()
    assert not seen()
    assert is_grad_enabled()


@pytest.mark.parametrize("mode", [0, 1, None, "x"])
def test_set_grad_enabled_takes_a_bool(mode):
    text = f"set_grad_enabled\\(\\): argument 'enabled' \\(position 1\\) must be bool, not {type(mode).__name__}"
    with pytest.raises(TypeError, match=text):
        set_grad_enabled(mode)
    assert is_grad_enabled()


def test_a_thread_begins_enabled_and_leaves_other_threads_alone():
    started, finish, seen = threading.Event(), threading.Event(), []

    def work():
        seen.append(is_grad_enabled())
        with no_grad():
            started.set()
            finish.wait(10)
            seen.append(is_grad_enabled())

    with no_grad():
        thread = threading.Thread(target=work)
        thread.start()
        assert started.wait(10)
        with enable_grad():
            assert is_grad_enabled()
            finish.set()
            thread.join(10)
    assert seen == [True, False]


@no_grad()
def numbers():
    """What the body sees; it can be sent values, thrown at, and closed."""
    seen = [is_grad_enabled()]
    try:
        while True:
            try:
                seen.append((yield list(seen)))
            except KeyError:
                seen.append("thrown")
            seen.append(is_grad_enabled())
            if len(seen) > 4:
                return seen
    finally:
        closed.append(is_grad_enabled())


closed = []


def test_only_the_body_of_a_decorated_generator_is_in_the_mode():
    generator = numbers()
    assert next(generator) == [False]
    assert is_grad_enabled()
    assert generator.send("sent") == [False, "sent", False]
    assert is_grad_enabled()
    with pytest.raises(StopIteration) as stop:
        generator.throw(KeyError())
    assert stop.value.value == [False, "sent", False, "thrown", False]
    assert is_grad_enabled()


def test_a_decorated_generator_is_closed_in_its_mode():
    closed.clear()
    generator = numbers()
    next(generator)
    generator.close()
    assert closed == [False]
    assert is_grad_enabled()


def test_what_is_made_is_a_leaf_where_nothing_is_recorded():
    x = pyconv.ones(2, requires_grad=True)
    with no_grad():
        y = x * 2
        leaf = pyconv.ones(2, requires_grad=True)
    assert not y.requires_grad
    assert y.is_leaf
    assert leaf.requires_grad


@pytest.mark.parametrize("mode", [pyconv.no_grad(), pyconv.enable_grad(), pyconv.inference_mode()])
def test_a_class_is_decorated_with_a_warning(mode):
    with pytest.warns(FutureWarning, match="^Decorating classes is deprecated") as warned:

        @mode
        class Made:
            def __init__(self):
                self.enabled = pyconv.is_grad_enabled()

    assert warned[0].filename == __file__
    assert Made().enabled is isinstance(mode, pyconv.enable_grad)
