"""Ctrl-C, pressed while a call is under way; used by tests of what it leaves."""

import contextlib
import os
import signal
import threading


@contextlib.contextmanager
def pressed_after(simulation, steps=1):
    """Press it once a simulation, or an ensemble, has taken so many steps in the block.

    How long that takes nobody knows where others share the processors: a timer may go off before the first step.
    """
    until, over = simulation.steps_done + steps, threading.Event()

    def press():
        while simulation.steps_done < until:
            if over.wait(0.005):
                return
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press, daemon=True)
    presser.start()
    try:
        yield
    finally:
        over.set()
        presser.join()
