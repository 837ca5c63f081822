"""Frames a second of the live view with 50,000 discs in a Chromium without a window, which draws in software.

    python benchmarks/live_view.py

prints, for each of several turns, the pictures that the browser drew in some seconds: `replayed` has the simulation
paused and draws stored pictures again and again, with new colours each; `running` has it take steps, a new picture
from the server each. A frame counts when the browser drew it, and the last one is read back before the clock stops.
Then it says which hosts the page asked, and with whom this process and the browser had connections.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import browser

import memnet as mn
from memnet.live import Page

# Draws pictures of two kinds in turn, as often as the browser draws, and returns frames a second.
REPLAY = """
const [seconds, done] = [arguments[0], arguments[1]];
const view = memnet, first = view.frame;
const other = { ...first, potential: first.potential.map((x) => 0.9 * x) };
const start = performance.now(), drawn = view.drawn;
let turn = 0;
function next() {
  if (performance.now() - start > 1000 * seconds) {
    view.painter.finish();
    done((view.drawn - drawn) / (performance.now() - start) * 1000);
    return;
  }
  view.update(turn++ % 2 ? first : other);
  requestAnimationFrame(next);
}
next();
"""
# Returns pictures of the server that were drawn, a second.
WATCH = """
const [seconds, done] = [arguments[0], arguments[1]];
const view = memnet, start = performance.now();
const seen = new Set();
function next() {
  seen.add(view.frame.picture);
  if (performance.now() - start < 1000 * seconds) { requestAnimationFrame(next); return; }
  view.painter.finish();
  done((seen.size - 1) / (performance.now() - start) * 1000);
}
next();
"""


def said(name, rates):
    best, median = max(rates), statistics.median(rates)
    shown = ", ".join(f"{rate:.1f}" for rate in rates)
    print(f"{name:<9} best {best:5.1f}, median {median:5.1f} frames a second ({shown})")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", type=float, default=200.0)
    arguments.add_argument("--turns", type=int, default=7)
    arguments.add_argument("--seconds", type=float, default=4.0)
    arguments.add_argument("--speed", type=int, default=1)
    arguments.add_argument("--painter", choices=("canvas", "webgl"), default="canvas")
    given = arguments.parse_args()
    net = mn.percolating(size=given.size, coverage=0.65, seed=1)
    devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
    page = Page(mn.Simulation(net, devices, {"left": 3.0, "right": 0.0}, seed=1))
    page.start()
    with browser.chromium() as driver:
        driver.get(f"{page.url}?painter={given.painter}")
        browser.until(driver, "globalThis.memnet && memnet.frame && memnet.drawn > 0")
        size = driver.execute_script("return [memnet.canvas.width, memnet.canvas.height]")
        size = f"{size[0]} x {size[1]} pixels, painter {driver.execute_script('return memnet.painter.name')}"
        print(f"{len(net.layout.position):,} discs, {net.n_edges:,} edges, {size}")
        print(f"Chromium {driver.capabilities['browserVersion']}, software; {os.cpu_count()} processors,", end=" ")
        print(f"load {os.getloadavg()[0]:.1f}")
        page.player.command({"do": "speed", "steps": given.speed}).result()
        replayed, running, steps = [], [], []
        far = set()
        for _ in range(given.turns):
            replayed.append(driver.execute_async_script(REPLAY, given.seconds))
            driver.execute_script("memnet.ask({do: 'run'})")
            browser.until(driver, "memnet.frame.running")
            first, begun = page.player.simulation.steps_done, time.perf_counter()
            running.append(driver.execute_async_script(WATCH, given.seconds))
            steps.append((page.player.simulation.steps_done - first) / (time.perf_counter() - begun))
            far |= browser.peers(os.getpid())
            driver.execute_script("memnet.ask({do: 'pause'})")
            browser.until(driver, "!memnet.frame.running")
        said("replayed", replayed)
        said("running", running)
        print(
            f"          median {statistics.median(steps):.0f} steps a second; load {os.getloadavg()[0]:.1f} at the end"
        )
        asked = browser.requests(driver)
        print(f"{len(asked):,} requests, to {', '.join(sorted(browser.hosts(asked)))}")
        print(f"connections of this process and the browser to {', '.join(sorted(far))} (0100007F is 127.0.0.1)")
        print(f"complaints: {browser.errors(driver) or 'none'}")
    page.close()


if __name__ == "__main__":
    main()
