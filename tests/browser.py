"""A real Chromium without a window, and what it asked of the network; used by tests and benchmarks of the live view."""

import contextlib
import json
import re
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # it runs as root in containers
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # of itself it may ask for updates
)


def missing():
    """Return why there can be no browser here, or None."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            return f"no {program} here (Debian: chromium-driver)"
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "no selenium here (pip install selenium)"
    return None


@contextlib.contextmanager
def chromium(*flags, size=(1100, 1050)):
    """Give a driver of a browser of its own, which ends with it."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in (*FLAGS, *flags, f"--window-size={size[0]},{size[1]}", f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        driver.set_script_timeout(60)
        try:
            yield driver
        finally:
            driver.quit()


def until(driver, condition, seconds=60.0):
    """Wait until a script says something true, and return that."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(Exception):
            found = driver.execute_script(f"return {condition}")
            if found:
                return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {condition}; {driver.get_log('browser')}")
        time.sleep(0.05)


def errors(driver):
    """Return what the browser complained of."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def requests(driver):
    """Return the addresses of all requests since the last call, as the DevTools protocol tells them."""
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
    return sent + [one["params"]["url"] for one in events if one["method"] == "Network.webSocketCreated"]


def hosts(addresses):
    """Return the hosts of addresses on a network; pages of the browser itself have none."""
    parts = map(urlsplit, addresses)
    return {one.hostname for one in parts if one.scheme in ("http", "https", "ws", "wss")}


def family(root):
    """Return the ids of a process and of all below it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
    found, waiting = set(), [root]
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting += [child for child, parent in parents.items() if parent == one and child not in found]
    return found


def peers(root):
    """Return the far ends of all TCP connections of a process and those below it, as /proc/net has them."""
    inodes = set()
    for pid in family(root):
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            with contextlib.suppress(OSError):
                inodes.update(re.findall(r"socket:\[(\d+)\]", str(link.readlink())))
    found = set()
    for name in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[9] in inodes and fields[3] != "0A":  # 0A: it listens
                found.add(fields[2].partition(":")[0])
    return found
