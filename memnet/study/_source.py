"""What a function is: its source, and a hash of all that it says, to tell whether a store is of the same function."""

from __future__ import annotations

import functools
import hashlib
import inspect
import io
import pickle
import textwrap
from collections.abc import Callable
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from memnet.base.plain import encode
from memnet.devices import Device
from memnet.drive import Waveform
from memnet.network import Network

# What does not change while a function runs. Lists, dicts and arrays may: whoever counts calls in one, sweeps the same
# function afterwards.
FIXED = (bool, int, float, complex, str, bytes, type(None), Device, Network, Waveform)


def name_of(function: Callable[..., Any]) -> str:
    """Return the module and the name of a function, or of the class of what else can be called."""
    inner = unwrapped(function)
    named = inner if hasattr(inner, "__qualname__") else type(inner)
    return f"{named.__module__}.{named.__qualname__}"


def source_of(function: Callable[..., Any]) -> str | None:
    """Return the source of a function or of the class of what else can be called, None where nobody has it.

    An object may say its own, as `source_text`.
    """
    own = getattr(function, "source_text", None)
    if isinstance(own, str):
        return own
    inner = unwrapped(function)
    try:
        return textwrap.dedent(inspect.getsource(inner if hasattr(inner, "__qualname__") else type(inner)))
    except (OSError, TypeError, IndentationError, SyntaxError):
        return None


def digest_of(function: Callable[..., Any]) -> str:
    """Return the SHA-256 of a function: of its source, and of what it names that is of its own package.

    Another helper, class, default, or number in a closure or a global name make another function. What is imported from
    elsewhere counts by its name, and what may change while the function runs does not count.
    """
    package = name_of(function).partition(".")[0]
    lines: list[str] = []
    _describe_callable(function, lines, {package, "__main__"} - {"memnet"}, set())
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def unwrapped(function: Callable[..., Any]) -> Any:
    """Return what a partial function or a method calls in the end."""
    while isinstance(function, (functools.partial, MethodType)):
        function = function.func if isinstance(function, functools.partial) else function.__func__
    return function


def fingerprint(value: Any) -> str | None:
    """Return the SHA-256 of all that an object is made of, None where it cannot be had.

    A repr leaves out numbers: two networks, or devices with arrays, may read alike.
    """
    packed = io.BytesIO()
    pickler = pickle.Pickler(packed, protocol=5)
    pickler.fast = True  # what two parts have in common is written twice, as where they are copies
    try:
        pickler.dump(value)
    except Exception:  # objects of others, which may refuse in any way
        return None
    return hashlib.sha256(packed.getvalue()).hexdigest()


def _describe_callable(function: Any, lines: list[str], packages: set[str], seen: set[int]) -> None:
    """Add what a function is to the lines; objects that can be called, or have it as a method, with their parameters.

    What a partial function has been given counts as a whole.
    """
    if isinstance(function, functools.partial):
        _describe_callable(function.func, lines, packages, seen)
        for name, value in [*enumerate(function.args), *sorted(function.keywords.items())]:
            lines.append(str(name))
            known = isinstance(value, (functools.partial, MethodType, FunctionType, type, *FIXED))
            if known:
                _describe(value, lines, packages, seen)
            else:
                lines.append(_plain(value))
        return
    if isinstance(function, MethodType):
        _describe(function.__func__, lines, packages, seen)
        function = function.__self__
    else:
        _describe(function, lines, packages, seen)
    if not isinstance(function, (FunctionType, type)) and id(function) not in seen:
        seen.add(id(function))
        for name, value in sorted(getattr(function, "__dict__", {}).items()):
            lines.append(name)
            _describe(value, lines, packages, seen)


def _describe(value: Any, lines: list[str], packages: set[str], seen: set[int]) -> None:
    """Add what a value is to the lines; functions of these packages with all that they name."""
    ours = str(getattr(value, "__module__", "")).partition(".")[0] in packages
    if isinstance(value, (functools.partial, MethodType)):
        _describe_callable(value, lines, packages, seen)
    elif isinstance(value, FunctionType) and ours:
        if id(value) not in seen:
            seen.add(id(value))
            _describe_function(value, lines, packages, seen)
    elif isinstance(value, (tuple, frozenset)):
        for part in value if isinstance(value, tuple) else sorted(value, key=repr):
            _describe(part, lines, packages, seen)
    elif isinstance(value, FIXED):
        lines.append(_plain(value))
    else:
        named = value if hasattr(value, "__qualname__") or isinstance(value, ModuleType) else type(value)
        lines.append(f"{getattr(named, '__module__', '')}.{getattr(named, '__qualname__', named.__name__)}")
        if isinstance(value, type) and ours:
            lines.append(source_of(value) or "")


def _describe_function(function: FunctionType, lines: list[str], packages: set[str], seen: set[int]) -> None:
    lines.append(source_of(function) or "\n".join(_code(function.__code__)))
    named = {name: function.__globals__[name] for name in _names(function.__code__) & function.__globals__.keys()}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            named[name] = cell.cell_contents
        except ValueError:
            continue  # not set yet
    for name in sorted(named):
        lines.append(name)
        _describe(named[name], lines, packages, seen)
    for name, default in {"": function.__defaults__, **(function.__kwdefaults__ or {})}.items():
        lines.append(name)
        _describe(default, lines, packages, seen)


def _names(code: CodeType) -> set[str]:
    """Return the names that compiled code, and functions inside it, look up."""
    inner = (_names(constant) for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*inner)


def _code(code: CodeType) -> list[str]:
    """Return what compiled code says, where there is no source."""
    lines = [code.co_code.hex(), repr(code.co_names), repr(code.co_varnames)]
    for constant in code.co_consts:
        lines += _code(constant) if isinstance(constant, CodeType) else [repr(constant)]
    return lines


def _plain(value: Any) -> str:
    """Return a value as text that is the same in the next process."""
    try:
        return repr(encode(value))
    except TypeError:
        text = repr(value)
    whole = fingerprint(value) or ("" if " at 0x" in text else text)
    return f"{type(value).__module__}.{type(value).__qualname__} {whole}"
