"""What a process that never defined a user's model makes of the files that another one left."""

import hashlib
import pickle

import numpy as np

import memnet as mn


def bits(data):
    names = sorted(str(name) for name in data.variables)
    return hashlib.sha256(b"".join(np.ascontiguousarray(data[name].values).tobytes() for name in names)).hexdigest()


def go_on(folder):
    """Go on from all files of a folder, and write down the bits of what follows."""
    loaded, unpickled = mn.Simulation.load(folder / "state"), pickle.loads((folder / "pickle").read_bytes())
    data = [mn.rerun(folder / "run.nc").load(), mn.resume(folder / "run.zarr", n_steps=40).load()]
    data += [loaded.run(20), unpickled.run(20)]
    for model, device in pickle.loads((folder / "classes").read_bytes()):
        assert type(device) is model
        assert model.equations["text"] == model.text
    (folder / "bits").write_text("\n".join(map(bits, data)))
