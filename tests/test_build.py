"""The build: what is said where SuiteSparse is missing, where it is looked for, what is packed, and one version."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

import pytest
import tree
from tree import ROOT, tool

import memnet as mn

pytestmark = tree.needs_sources

suitesparse = tool("tools", "suitesparse")
check_pins = tool("scripts", "check_pins")

PACKAGES = {
    "apt-get": "libsuitesparse-dev",
    "dnf": "suitesparse-devel",
    "brew": "suite-sparse",
    "conda": "conda-forge suitesparse",
}


def run(*command, cwd=ROOT, **environ):
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **{key: str(value) for key, value in environ.items()}},
        capture_output=True,
        text=True,
        timeout=120,
    )


def header_version():
    text = (ROOT / "csrc" / "memnet.h").read_text()
    return re.search(r'^#define MN_VERSION "(.+)"$', text, re.MULTILINE)[1]


def assert_is_the_screen(text):
    for program, package in PACKAGES.items():
        assert re.search(rf"\b{program} install .*{package}", text), program
    assert suitesparse.INCLUDE_VARIABLE in text
    assert suitesparse.LIB_VARIABLE in text


# ---------------------------------------------------------------- SuiteSparse is missing


def test_wrong_folder_is_an_error_and_not_replaced_by_another(tmp_path):
    done = run("tools/suitesparse.py", MEMNET_SUITESPARSE_INCLUDE=tmp_path)
    assert done.returncode == 1
    assert_is_the_screen(done.stderr)
    assert f"MEMNET_SUITESPARSE_INCLUDE={tmp_path}: no umfpack.h" in done.stderr
    assert "pkg-config" not in done.stderr
    assert len(done.stderr.splitlines()) <= 24


def test_wrong_folder_of_libraries_is_an_error(tmp_path):
    done = run("tools/suitesparse.py", MEMNET_SUITESPARSE_LIB=tmp_path)
    assert done.returncode == 1
    assert f"MEMNET_SUITESPARSE_LIB={tmp_path}: no umfpack.h or libumfpack" in done.stderr


def test_wrong_folder_is_not_installed_over(tmp_path):
    environ = {"MEMNET_SUITESPARSE_INCLUDE": str(tmp_path)}
    assert suitesparse.apt_command(environ) is None
    with pytest.raises(suitesparse.SuiteSparseMissing):
        suitesparse.ensure(environ)


def test_setup_stops_with_the_screen_before_it_compiles(tmp_path):
    done = run(
        "setup.py",
        "build_ext",
        "--build-lib",
        tmp_path / "lib",
        "--build-temp",
        tmp_path / "temp",
        MEMNET_SUITESPARSE_INCLUDE=tmp_path,
    )
    assert done.returncode == 1
    assert_is_the_screen(done.stderr)
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.o"))


def test_screen_names_everything_that_was_tried(tmp_path, monkeypatch):
    monkeypatch.setattr(suitesparse, "SYSTEM_PREFIXES", (str(tmp_path / "one"), str(tmp_path / "two")))
    monkeypatch.setattr(suitesparse, "from_pkg_config", lambda: None)
    with pytest.raises(suitesparse.SuiteSparseMissing) as caught:
        suitesparse.find({"CONDA_PREFIX": str(tmp_path / "conda")})
    tried = [line.strip() for line in str(caught.value).partition("in this order:")[2].splitlines() if line.strip()]
    assert [line.partition(":")[0] for line in tried] == [
        "pkg-config UMFPACK AMD SuiteSparse_config",
        f"CONDA_PREFIX={tmp_path / 'conda'}",
        str(tmp_path / "one"),
        str(tmp_path / "two"),
    ]


def test_compiler_that_hangs_is_given_up(tmp_path, monkeypatch):
    slow = tmp_path / "slow-cc"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(suitesparse, "SEARCH_SECONDS", 0.5)
    monkeypatch.setattr(suitesparse, "SYSTEM_PREFIXES", ("/usr",))
    monkeypatch.setattr(suitesparse, "from_prefix", lambda origin, _: suitesparse.SuiteSparse(origin, (), ()))
    with pytest.raises(suitesparse.SuiteSparseMissing, match="timed out"):
        suitesparse.find({}, [str(slow)])


def test_compiler_that_is_not_there_is_named():
    with pytest.raises(suitesparse.SuiteSparseMissing, match="no-such-cc: no such C compiler"):
        suitesparse.find({}, ["no-such-cc"])


def test_header_that_does_not_compile_is_passed_over(tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    (broken / "include").mkdir(parents=True)
    (broken / "include" / "umfpack.h").write_text("#error not this one\n")
    monkeypatch.setattr(suitesparse, "from_pkg_config", lambda: None)
    place = suitesparse.find({"CONDA_PREFIX": str(broken), "PATH": os.environ["PATH"]})
    assert place.origin != "conda prefix"


# ---------------------------------------------------------------- SuiteSparse is found


def test_search_finds_a_version_by_running_the_probe():
    place = suitesparse.find()
    assert re.fullmatch(r"\d+\.\d+\.\d+", place.version)


def test_search_order(tmp_path, monkeypatch):
    conda = tmp_path / "conda"
    (conda / "include" / "suitesparse").mkdir(parents=True)
    (conda / "include" / "suitesparse" / "umfpack.h").touch()
    monkeypatch.setattr(suitesparse, "from_pkg_config", lambda: suitesparse.SuiteSparse("pkg-config", ("/p",), ()))
    monkeypatch.setattr(suitesparse, "SYSTEM_PREFIXES", ())
    places = [place for _, place in suitesparse.candidates({"CONDA_PREFIX": str(conda)})]
    assert [place.origin for place in places] == ["pkg-config", "conda prefix"]
    assert places[1].include_dirs == (str(conda / "include" / "suitesparse"),)
    assert places[1].library_dirs == (str(conda / "lib"),)


def test_pkg_config_flags_are_read(tmp_path, monkeypatch):
    tool = tmp_path / "pkg-config"
    tool.write_text("#!/bin/sh\necho -I/a/include -I/a/include -L/a/lib -lumfpack -lamd\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert suitesparse.from_pkg_config() == suitesparse.SuiteSparse("pkg-config", ("/a/include",), ("/a/lib",))


def test_named_folders_win_over_everything_else(tmp_path):
    for folder, file in (("include", "umfpack.h"), ("lib", "libumfpack.so")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).touch()
    environ = {
        "MEMNET_SUITESPARSE_INCLUDE": str(tmp_path / "include"),
        "MEMNET_SUITESPARSE_LIB": str(tmp_path / "lib"),
        "CONDA_PREFIX": "/elsewhere",
    }
    ((_, place),) = suitesparse.candidates(environ)
    assert place.include_dirs == (str(tmp_path / "include"),)
    assert place.library_dirs == (str(tmp_path / "lib"),)
    assert f"-Wl,-rpath,{tmp_path / 'lib'}" in place.libs()


# ---------------------------------------------------------------- what is packed


def test_setup_answers_without_suitesparse(tmp_path):
    assert run("setup.py", "--help", MEMNET_SUITESPARSE_INCLUDE=tmp_path).returncode == 0
    done = run("setup.py", "--version", MEMNET_SUITESPARSE_INCLUDE=tmp_path)
    assert done.stdout.split()[-1] == header_version()


# Files that nobody has named in a build pattern: a room in each storey, and what a later kind of device brings.
NEW_FILES = ("memnet/newroom/__init__.py", "memnet/newroom/deeper/__init__.py", "memnet/newroom/models/x.txt")
NEW_FILES += ("memnet/newroom/models/y.txt", "memnet/newroom/z.pyi", "csrc/newroom/x.c", "csrc/newroom/x.h")
NEW_FILES += ("csrc/newroom/deeper/y.h", "csrc/newroom/deeper/z.def")
LEFT_BY_BUILDS = ("memnet/_core.cpython-311-x86_64-linux-gnu.so", "memnet/newroom/__pycache__/__init__.cpython-311.pyc")


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A copy of the tree with new rooms in it, and the names of all its files."""
    place = tmp_path_factory.mktemp("grown")
    names = tree.copy(place)
    for name in (*NEW_FILES, *LEFT_BY_BUILDS):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).touch()
    return place, {*names, *NEW_FILES}


@pytest.fixture(scope="module")
def packed(grown, tmp_path_factory):
    """The names in an sdist and in a wheel of that copy, neither compiled: no place of SuiteSparse is looked at."""
    place, _ = grown
    target = tmp_path_factory.mktemp("packed")
    wheel = ("build_py", "bdist_wheel", "--skip-build", "-d", target)
    done = run("setup.py", "-q", "sdist", "-d", target, *wheel, cwd=place, MEMNET_SUITESPARSE_INCLUDE=target)
    assert done.returncode == 0, done.stderr
    (sdist,), (wheel,) = target.glob("*.tar.gz"), target.glob("*.whl")
    assert sdist.name == f"memnet_sim-{header_version()}.tar.gz"
    with tarfile.open(sdist) as tar, zipfile.ZipFile(wheel) as archive:
        in_sdist = {one.name.partition("/")[2] for one in tar.getmembers() if one.isfile()}
        return in_sdist, {name for name in archive.namelist() if ".dist-info/" not in name}


def test_sdist_holds_every_file_that_git_has(grown, packed):
    _, names = grown
    in_sdist, _ = packed
    assert names - in_sdist == set()
    assert {name.partition("/")[0] for name in in_sdist - names} <= {"PKG-INFO", "setup.cfg", "memnet_sim.egg-info"}


def test_wheel_holds_the_package_and_nothing_else(grown, packed):
    _, names = grown
    _, in_wheel = packed
    assert in_wheel == {name for name in names if name.startswith("memnet/")}


def test_a_new_room_of_c_is_compiled_into_the_extension(grown):
    place, names = grown
    done = run("-c", "import setup; print(*setup.core.sources, *setup.core.depends, sep='\\n')", cwd=place)
    compiled = {name for name in names if name.startswith("csrc/") and name.endswith((".c", ".h", ".def"))}
    assert compiled == set(done.stdout.split()) - {"setup.py", "tools/suitesparse.py"}, done.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_a_new_room_of_c_is_compiled_and_formatted_by_make(grown):
    place, names = grown
    given = ("CC=cc", "SUITESPARSE_CFLAGS=-Inone", "SUITESPARSE_LIBS=-lnone", "QUADMATH=")
    done = subprocess.run(
        ["make", "-n", "check-c", "lint-format", *given], cwd=place, capture_output=True, text=True, check=True
    )
    compiled = set(re.findall(r"-c (csrc/\S+\.c) ", done.stdout))
    assert compiled == {name for name in names if re.match(r"csrc/(?!python/).*\.c$", name)}
    (formatted,) = (line for line in done.stdout.splitlines() if "clang-format" in line)
    assert {name for name in names if re.match(r"(csrc|tests)/.*\.[ch]$", name)} <= set(formatted.split())


def test_one_version_everywhere():
    import memnet
    import memnet._core

    version = header_version()
    assert memnet.__version__ == version
    assert memnet._core.__version__ == version
    assert importlib.metadata.version("memnet-sim") == version
    assert re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)[1] == version
    assert version in (ROOT / "CHANGELOG.md").read_text()


# ---------------------------------------------------------------- what is installed


def test_e_every_requirement_has_a_lower_bound_that_the_job_pins():
    named = check_pins.requirements()
    bounds = check_pins.lower_bounds(named)
    assert len(bounds) == len(named)
    assert {"numpy==2.0", "typer==0.19.2"} <= set(bounds)
    assert [one for one in bounds if one.startswith("memnet")] == []
    with pytest.raises(ValueError, match="must have the form name>=version, got 'ruff==1'"):
        check_pins.lower_bounds(["ruff==1"])


def test_e_pins_are_tested_on_the_oldest_and_the_newest_python():
    plan = check_pins.runs({10: "a", 12: "b", 13: "c"})
    assert [run.name for run in plan] == ["python3.10-oldest", "python3.10-newest", "python3.13-newest"]
    assert [run.name for run in check_pins.runs({11: "a"})] == ["python3.11-oldest", "python3.11-newest"]
    assert check_pins.runs({}) == []


def test_e_interpreters_that_cannot_build_are_left_out_aloud(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "versions" / "3.14.1" / "bin"
    folder.mkdir(parents=True)
    for name, says in (("python", "14"), ("python3.13", "no headers")):
        (folder / name).write_text(f"#!/bin/sh\necho {says}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(folder))
    assert check_pins.interpreters() == {14: str(folder / "python")}
    said = capsys.readouterr().out
    assert [minor for minor in range(10, 15) if f"no Python 3.{minor} with headers" in said] == [10, 11, 12, 13]


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_e_the_demo_installs_only_what_it_needs(tmp_path):
    def commands(target):
        done = subprocess.run(
            ["make", "-n", target, f"VENV={tmp_path / 'venv'}"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert "[dev]" not in commands("demo")
    assert "[test]" not in commands("demo")
    assert "[test]" in commands("check")
    assert "[dev]" not in commands("check")
    assert "[dev]" in commands("dev")
    assert "[dev]" in commands("test")
    quiet = [line for line in commands("demo").splitlines() if "pip" in line and " -q" in line]
    assert quiet == []


def test_e_extras_and_authors_of_the_distribution():
    found = importlib.metadata.metadata("memnet-sim")
    assert {"dev", "notebook", "test", "zarr"} <= set(found.get_all("Provides-Extra"))
    assert "memnet authors" in found["Author"]
    needed = {one for one in found.get_all("Requires-Dist") if "notebook" in one}
    assert {one.split(">")[0] for one in needed} == {"jupyterlab", "ipywidgets"}


# ---------------------------------------------------------------- what an import costs


def test_import_leaves_the_heavy_packages_alone(capsys):
    code = "import sys, time; t = time.perf_counter(); import memnet; print(time.perf_counter() - t, *sys.modules)"
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    seconds, *modules = done.stdout.split()
    with capsys.disabled():
        print(f"\nimport memnet took {float(seconds):.3f} s")
    heavy = {"matplotlib", "xarray", "pandas", "networkx", "h5netcdf", "zarr", "typer", "scipy"}
    assert not heavy & set(modules)


# ---------------------------------------------------------------- nothing of one machine in the repository

# Written in pieces, so that this file is none of its own findings.
TOP_FOLDERS = "|".join(("home", "work", "root", "Users", "mnt"))
PERSONAL_PATH = re.compile(rf"(?:(?<![\w.$}}/~-])|(?<=-[IL]))/(?:{TOP_FOLDERS})/[\w.-]+")
INDEX_SETTING = re.compile("--?(?:extra-)?" + "index" + "-url|find" + "-links|trusted" + "-host")
URL_HOST = re.compile(r"https?://([\w.-]+)")
KNOWN_HOSTS = {"doi.org", "arxiv.org", "github.com", "keepachangelog.com", "semver.org", "numpydoc.readthedocs.io"}
KNOWN_HOSTS |= {"json-schema.org", "distributed.dask.org", "sbi.readthedocs.io", "pyvisa-sim.readthedocs.io"}
KNOWN_HOSTS |= {"127.0.0.1", "localhost", "example.org"}  # any machine itself, and a name that is nobody's (RFC 2606)


def tracked_files():
    for name in tree.tracked():
        data = (ROOT / name).read_bytes()
        if name != "LICENSE" and b"\0" not in data:
            yield name, data.decode("utf-8")


def findings(pattern, wanted=bool):
    return [
        f"{name}: {match[0]}" for name, text in tracked_files() for match in pattern.finditer(text) if wanted(match)
    ]


@pytest.mark.parametrize("pattern", [PERSONAL_PATH, INDEX_SETTING], ids=["path", "index"])
def test_no_file_names_a_place_on_one_machine(pattern):
    assert findings(pattern) == []


def test_every_host_in_the_repository_is_a_known_one():
    assert findings(URL_HOST, lambda match: match[1].removeprefix("www.") not in KNOWN_HOSTS) == []


@pytest.mark.parametrize("text", ["see /" + "home/ada/x.py", '"/' + 'work/a"', "-I/" + "Users/b"])
def test_pattern_finds_a_personal_path(text):
    assert PERSONAL_PATH.search(text)


@pytest.mark.parametrize("text", ["docs/home/notes", "~/home/x", "../home/x", "$HOME/home/x"])
def test_pattern_leaves_other_paths(text):
    assert not PERSONAL_PATH.search(text)


def test_e_a_clone_called_memnet_beside_a_script_is_not_imported_in_its_place(tmp_path):
    (tmp_path / "memnet").mkdir()
    script = tmp_path / "script.py"
    script.write_text("import memnet\nprint(memnet.__version__)\n")
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.stderr) == (mn.__version__, "")


# ---------------------------------------------------------------- wheels

make_wheels = tool("scripts", "make_wheels")
check_wheel = tool("scripts", "check_wheel")

MATERIALS = """{"components": [
    {"name": "memnet_sim", "purl": "pkg:pypi/memnet_sim@0.1.0?file_name=memnet_sim.whl"},
    {"name": "libumfpack5", "purl": "pkg:deb/debian/libumfpack5@1%3A5.12.0%2Bdfsg-2"},
    {"name": "libgfortran5", "purl": "pkg:rpm/almalinux/libgfortran@8.5.0-1"}
]}"""


def test_packages_inside_a_wheel_come_from_its_bill_of_materials(tmp_path):
    (tmp_path / "auditwheel.cdx.json").write_text(MATERIALS)
    assert make_wheels.packages(tmp_path / "auditwheel.cdx.json") == ["libgfortran", "libumfpack5"]


def test_a_library_without_licence_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(make_wheels, "LICENCES", (f"{tmp_path}/{{}}/copyright",))
    (tmp_path / "libthis").mkdir()
    (tmp_path / "libthis" / "copyright").write_text("free")
    assert make_wheels.licence("libthis").read_text() == "free"
    with pytest.raises(RuntimeError, match="no licence of libthat"):
        make_wheels.licence("libthat")


def test_a_newcomer_finds_commands_but_no_compiler(tmp_path, monkeypatch):
    names = ["cc", "gcc-12", "x86_64-linux-gnu-gcc", "clang", "c++", "ld", "git", "gcov", "cat", "lddtree"]
    (tmp_path / "some").mkdir()
    for name in names:
        (tmp_path / "some" / name).touch()
    monkeypatch.setenv("PATH", f"{tmp_path / 'some'}{os.pathsep}{tmp_path / 'nothing'}")
    found = check_wheel.without_compilers(tmp_path / "commands")
    assert sorted(path.name for path in found.iterdir()) == ["cat", "gcov", "git", "lddtree"]


def test_a_library_from_elsewhere_is_seen(tmp_path):
    own = [f"{tmp_path}/memnet_sim.libs/lib{name}-0a.so.3" for name in check_wheel.BUNDLED]
    check_wheel.assert_bundled([*own, "/usr/lib/libm.so.6"], tmp_path)
    with pytest.raises(SystemExit, match="libumfpack comes from"):
        check_wheel.assert_bundled(["/usr/lib/libumfpack.so.5", *own[1:]], tmp_path)
