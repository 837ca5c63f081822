"""Device models that memnet does not list, compiled from tests/c/contract_models.h and made at run time."""

import ctypes
import functools
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from memnet import _core, devices

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["-std=c11", "-O2", "-shared", "-fPIC", "-ffp-contract=off", f"-I{ROOT / 'csrc'}"]
CAPSULE = b"memnet.device_model"


@functools.cache
def library():
    """Return the compiled models."""
    compiler = shlex.split(os.environ.get("CC", "")) or [shutil.which("cc") or ""]
    if not shutil.which(compiler[0]):
        pytest.skip("no C compiler")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contract_models.so"
        source = ROOT / "tests" / "c" / "contract_models.c"
        subprocess.run([*compiler, *FLAGS, str(source), "-o", str(file)], check=True)
        found = ctypes.CDLL(str(file))
    found.contract_model.restype = ctypes.c_void_p
    return found


def capsule(name):
    """Return a model as the extension module takes it."""
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return new(library().contract_model(name.encode()), CAPSULE, None)


@functools.cache
def made_class(name):
    """Return the Python class of a model; its devices are described by their parameters, as those of the list are."""
    model = _core.MadeModel(capsule(name))
    cls = devices.device_class(model.table, model)
    cls.__module__ = __name__
    globals()[name] = cls  # where pickles of its devices look
    return cls
