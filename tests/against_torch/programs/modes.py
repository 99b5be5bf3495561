"""no_grad, enable_grad and set_grad_enabled: nested, as decorators, in threads, in generators."""

import threading


def nested(torch):
    seen = [torch.is_grad_enabled()]
    with torch.no_grad():
        seen.append(torch.is_grad_enabled())
        with torch.enable_grad():
            seen.append(torch.is_grad_enabled())
            with torch.no_grad():
                seen.append(torch.is_grad_enabled())
            seen.append(torch.is_grad_enabled())
        seen.append(torch.is_grad_enabled())
    return [*seen, torch.is_grad_enabled()]


def one_manager_inside_itself(torch):
    manager, seen = torch.no_grad(), []
    with manager:
        with torch.enable_grad():
            with manager:
                seen.append(torch.is_grad_enabled())
            seen.append(torch.is_grad_enabled())
        seen.append(torch.is_grad_enabled())
    return [*seen, torch.is_grad_enabled()]


def decorators(torch):
    @torch.no_grad()
    def called():
        return torch.is_grad_enabled()

    @torch.no_grad
    def bare():
        return torch.is_grad_enabled()

    @torch.enable_grad()
    def enabled():
        return torch.is_grad_enabled()

    with torch.no_grad():
        inside = enabled()
    return [called(), bare(), enabled(), inside, called.__name__, torch.is_grad_enabled()]


def a_decorated_method(torch):
    class Model:
        @torch.no_grad()
        def run(self, n):
            return [n, torch.is_grad_enabled()]

    return Model().run(2)


def a_decorated_function_that_calls_itself(torch):
    @torch.no_grad()
    def count(n):
        return [torch.is_grad_enabled(), *(count(n - 1) if n else [])]

    return count(3)


def a_decorated_generator(torch):
    @torch.no_grad()
    def numbers():
        received = yield torch.is_grad_enabled()
        yield received, torch.is_grad_enabled()
        try:
            yield 1
        except KeyError:
            yield torch.is_grad_enabled()
        return 5

    generator = numbers()
    seen = [next(generator), torch.is_grad_enabled(), generator.send(3), torch.is_grad_enabled()]
    seen += [next(generator), generator.throw(KeyError())]
    try:
        next(generator)
    except StopIteration as stop:
        seen.append(stop.value)
    return seen


def a_decorated_generator_that_is_closed(torch):
    seen = []

    @torch.no_grad()
    def numbers():
        try:
            yield 1
        finally:
            seen.append(torch.is_grad_enabled())

    generator = numbers()
    next(generator)
    generator.close()
    return [*seen, torch.is_grad_enabled()]


def setting(torch):
    seen = []
    torch.set_grad_enabled(False)
    seen.append(torch.is_grad_enabled())
    torch.set_grad_enabled(True)
    with torch.set_grad_enabled(False):
        seen.append(torch.is_grad_enabled())
    seen.append(torch.is_grad_enabled())
    manager = torch.set_grad_enabled(False)
    seen.append(torch.is_grad_enabled())
    with manager:
        seen.append(torch.is_grad_enabled())
    return [*seen, torch.is_grad_enabled(), repr(manager)]


def setting_as_a_decorator(torch):
    @torch.set_grad_enabled(False)
    def decorated():
        return torch.is_grad_enabled()

    return [torch.is_grad_enabled(), decorated(), torch.is_grad_enabled()]


def setting_to_no_bool(torch):
    torch.set_grad_enabled(1)


def an_exception_puts_the_mode_back(torch):
    try:
        with torch.no_grad():
            raise KeyError
    except KeyError:
        return torch.is_grad_enabled()


def another_thread_has_its_own_mode(torch):
    seen = []
    with torch.no_grad():
        thread = threading.Thread(target=lambda: seen.append(torch.is_grad_enabled()))
        thread.start()
        thread.join()
    return seen


def what_is_made_without_recording(torch):
    x = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        y = x * 2
        leaf = torch.ones(2, requires_grad=True)
        z = leaf * 1
        y.requires_grad_()
    return [y, y.is_leaf, leaf.requires_grad, z, x.view(2).requires_grad]


def a_pass_without_recording(torch):
    x = torch.ones(2, requires_grad=True)
    y = (x * x).sum()
    with torch.no_grad():
        (g,) = torch.autograd.grad(y, x, create_graph=True)
        (x * x).sum().backward() if torch.is_grad_enabled() else y.backward()
        mode = torch.is_grad_enabled()
    return [g, x.grad, mode]


def a_pass_from_what_was_not_recorded(torch):
    x = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        y = (x * 3).sum()
    y.backward()
