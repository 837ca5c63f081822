# memnet: build, test and measure. `make help` lists the targets.
#
# make demo, check, test    need Python >= 3.10 (venv, headers), a C compiler and make; the rest is installed into .venv,
#                           SuiteSparse by apt where it is missing and you may
# make check-c              needs a C compiler and SuiteSparse only
# Variables you may set: CC, CFLAGS, PYTHON, VENV, V=1 (show commands),
#                           MEMNET_SUITESPARSE_INCLUDE, MEMNET_SUITESPARSE_LIB

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
VENV ?= .venv
BUILD ?= build/$(notdir $(firstword $(CC)))

# A compile shows its file only; V=1 shows the command.
say = $(if $(V),,@echo '  $(notdir $(firstword $(CC))) $(1)';)

# ---------------------------------------------------------------------------------------------------- compiler flags

# `once` makes a variable that asks the shell at its first use, and only then.
once = $(eval $(1) := $$(shell $$(2)))$($(1))

# The search of setup.py where there is a Python to run it, else Debian's place.
FIND_SUITESPARSE = $(if $(shell command -v $(PYTHON)),CC='$(CC)' $(PYTHON) tools/suitesparse.py $(1),echo $(2))
SUITESPARSE_CFLAGS ?= $(or $(call once,SUITESPARSE_CFLAGS,$(call FIND_SUITESPARSE,--cflags, \
    -isystem /usr/include/suitesparse)),$(error SuiteSparse is missing))
SUITESPARSE_LIBS ?= $(or $(call once,SUITESPARSE_LIBS,$(call FIND_SUITESPARSE,--libs, \
    -lumfpack -lamd -lsuitesparseconfig)),$(error SuiteSparse is missing))
# gcc has quadruple precision; a compiler without it skips the comparisons that need it.
QUADMATH ?= $(call once,QUADMATH,printf '\043include <quadmath.h>\nint main(void){return (int)logq(1);}' | \
    $(CC) -x c - -lquadmath -o /dev/null 2> /dev/null && echo -lquadmath)

# The text of a model from equations is one literal, of any length; C11 asks compilers for 4095 characters only.
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
           -Wcast-qual -Wwrite-strings -Wundef -Wno-overlength-strings
CFLAGS ?= -O3 -g
# No trapping: nobody asks for floating-point traps, and with them gcc leaves loops with a select scalar. Same bits.
C_FLAGS = -std=c11 $(CFLAGS) -pthread -ffp-contract=off -fno-trapping-math -fno-math-errno $(WARNINGS) -Icsrc -MMD -MP $(SUITESPARSE_CFLAGS)
C_LIBS = $(SUITESPARSE_LIBS) $(QUADMATH) -lm -pthread

C_GLUE = $(wildcard csrc/python/*.c)
C_SOURCES = $(filter-out $(C_GLUE),$(wildcard csrc/*/*.c csrc/*/*/*.c))
C_TEST_SOURCES = $(wildcard tests/c/test_*.c)
C_HEADERS = $(shell find csrc tests/c -name '*.h' -o -name '*.def')
C_OBJECTS = $(C_SOURCES:%.c=$(BUILD)/%.o)
C_TESTS = $(C_TEST_SOURCES:tests/c/%.c=$(BUILD)/%)

# ---------------------------------------------------------------------------------------------------- build and test

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

PIP = $(VENV)/bin/python -m pip --disable-pip-version-check
STAMP = $(VENV)/stamp

# First, because it is what may be missing, and then the answer should come at once.
$(STAMP)-suitesparse: tools/suitesparse.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "memnet needs Python 3.10 or newer")'
	CC='$(CC)' $(PYTHON) tools/suitesparse.py --ensure
	@mkdir -p $(VENV) && touch $@

# Not quiet: pip's lines are what tells a slow download from one that hangs.
$(STAMP)-venv: | $(STAMP)-suitesparse
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --no-compile 'setuptools>=77.0.3' 'numpy>=2'
	@touch $@

# Each of the three installs is whole: it compiles memnet in place, too, and the smaller ones need not come before.
INSTALL = CC='$(CC)' $(PIP) install --no-compile --no-build-isolation -e

$(STAMP)-runtime: pyproject.toml | $(STAMP)-venv
	@echo 'memnet: installing what it needs to run (scipy, xarray, matplotlib, ...) into $(VENV), about a minute'
	$(INSTALL) .
	@touch $@ $(STAMP)-built

$(STAMP)-test: pyproject.toml | $(STAMP)-venv
	@echo 'memnet: installing what it and its tests need (scipy, pytest, hypothesis, ...) into $(VENV), about a minute'
	$(INSTALL) '.[test]'
	@touch $(STAMP)-runtime $@ $(STAMP)-built

$(STAMP)-packages: pyproject.toml | $(STAMP)-venv
	@echo 'memnet: installing what it and its developers need (scipy, pytest, mypy, ...) into $(VENV), about two minutes'
	$(INSTALL) '.[dev]'
	@touch $(STAMP)-runtime $(STAMP)-test $@ $(STAMP)-built

$(STAMP)-built: $(STAMP)-runtime setup.py tools/suitesparse.py $(C_SOURCES) $(C_GLUE) $(C_HEADERS)
	CC='$(CC)' $(VENV)/bin/python setup.py -q build_ext --inplace
	@touch $@

.PHONY: build
build: $(STAMP)-built ## create .venv, install what memnet needs, compile it in place

.PHONY: dev
dev: $(STAMP)-packages ## build, and install what tests, notebooks and lint need
	@$(MAKE) --no-print-directory build

# One file a layer: solver against dense algebra, networks, drives, runs and their files, names, the command line.
CHECK_TESTS = $(addprefix tests/test_,solve.py network.py drive.py results.py namespace.py cli.py)

.PHONY: check
check: $(STAMP)-test ## is it installed right? A part of the tests, half a minute
	@$(MAKE) --no-print-directory build
	$(VENV)/bin/python -m pytest -q -m 'not slow' $(CHECK_TESTS)

.PHONY: check-c
check-c: $(C_TESTS) ## C tests; no Python needed
	@set -e; for t in $(C_TESTS); do $$t; done

# Compilers, and workers of pytest, at a time.
JOBS ?= $(call once,JOBS,getconf _NPROCESSORS_ONLN)

# Whole files, because the tests of one share what is made once.
PARALLEL = -n $(JOBS) --dist loadfile

.PHONY: test
test: dev ## C tests, then pytest: about six minutes on two processors
	@$(MAKE) --no-print-directory -j$(JOBS) check-c
	$(VENV)/bin/python -m pytest -m 'not slow' $(PARALLEL)

.PHONY: test-slow
test-slow: dev ## the tests marked slow: statistics over many samples
	$(VENV)/bin/python -m pytest -m slow $(PARALLEL)

.PHONY: check-kill
check-kill: build ## kill -9 at 200 random moments each while memnet streams, saves and runs a file, 20 in sweeps
	MEMNET_KILLS=200 $(VENV)/bin/python -m pytest tests/test_killed.py
	MEMNET_KILLS=20 $(VENV)/bin/python -m pytest tests/test_sweep_killed.py

.PHONY: check-view
check-view: dev ## the live view in a Chromium without a window (Debian: chromium-driver), pictures in build/view
	$(VENV)/bin/python -m pytest -q tests/test_live.py tests/test_live_browser.py

.PHONY: notebooks
notebooks: dev ## execute every notebook at full length and store it with its outputs
	$(VENV)/bin/python scripts/run_notebooks.py notebooks/*.py

# The executed copies are left in build/notebooks to look at.
.PHONY: check-notebooks
check-notebooks: dev ## execute every notebook at reduced length
	MEMNET_QUICK=1 $(VENV)/bin/python scripts/run_notebooks.py --jobs $(JOBS) --into build/notebooks notebooks/*.py

# Notebooks are shown as they are stored: check-notebooks executes them.
.PHONY: docs
docs: dev ## build the web site, warnings as errors, and look at every link: build/docs/html/index.html
	$(VENV)/bin/python scripts/build_docs.py

.PHONY: news
news: $(STAMP)-packages ## what the next release would say: the files of news/, joined
	@$(VENV)/bin/python -m towncrier build --draft --version "$$($(VENV)/bin/python setup.py --version)"

.PHONY: demo
demo: build ## simulate a 200x200 network, write demo.nc and demo.png
	$(VENV)/bin/python -m memnet demo --force

.PHONY: bench
bench: build ## measure against SciPy, UMFPACK, CHOLMOD, KLU and, where MEMNET_BRIAN is a Python that has it, Brian 2
	$(VENV)/bin/python benchmarks/run.py

$(BUILD)/%.o: %.c
	@mkdir -p $(dir $@)
	$(call say,$<)$(CC) $(C_FLAGS) -c $< -o $@

$(BUILD)/libmemnet.a: $(C_OBJECTS)
	@rm -f $@
	$(if $(V),,@)$(AR) rcs $@ $^

$(BUILD)/test_%: $(BUILD)/tests/c/test_%.o $(BUILD)/libmemnet.a
	$(call say,$@)$(CC) $(CFLAGS) $^ $(C_LIBS) -o $@

.SECONDARY: $(C_TEST_SOURCES:%.c=$(BUILD)/%.o)
-include $(shell find $(BUILD) -name '*.d' 2> /dev/null)

.PHONY: wheel check-wheel
wheel: build ## a wheel with SuiteSparse inside, and an sdist, in dist (scripts/make_wheels.py --all: of every Python here)
	$(VENV)/bin/python scripts/make_wheels.py

check-wheel: wheel ## the wheels of dist in an empty environment without a compiler: import, demo, tests
	$(VENV)/bin/python scripts/check_wheel.py dist/*.whl

# ---------------------------------------------------------------------------------------------------- deeper checks

SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ASAN_CC ?= gcc
ASAN_LIB = build/asan/lib
# The tests that drive memnet._core itself.
ASAN_TESTS = $(wildcard tests/test_core*.py tests/test_engine.py tests/test_simulation.py tests/test_solve.py \
    tests/test_drive.py)

WITH_ASAN = PYTHONPATH=$(CURDIR)/$(ASAN_LIB) LD_PRELOAD="$$($(ASAN_CC) -print-file-name=libasan.so)" \
    ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 PYTHONMALLOC=malloc

.PHONY: check-asan check-asan-c check-asan-python asan-lib
check-asan: check-asan-c check-asan-python ## C tests and low-level Python tests under ASan and UBSan

check-asan-c:
	ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
	    $(MAKE) --no-print-directory -j$(JOBS) check-c CC='$(ASAN_CC)' BUILD=build/asan/c CFLAGS='-O1 -g $(SANITIZE)'

asan-lib: dev
	CC='$(ASAN_CC)' CFLAGS='-g $(SANITIZE)' LDFLAGS='$(SANITIZE)' $(VENV)/bin/python setup.py -q \
	    build_py --build-lib $(ASAN_LIB) build_ext --build-lib $(ASAN_LIB) --build-temp build/asan/temp

# CPython keeps memory until it ends, so leaks are looked for in the C tests only.
check-asan-python: asan-lib
	@test -n '$(ASAN_TESTS)' || { echo 'check-asan: no test to run'; exit 1; }
	@cd $(ASAN_LIB) && $(WITH_ASAN) $(abspath $(VENV))/bin/python -c \
	    'import memnet._core as c; assert "$(ASAN_LIB)" in c.__file__, c.__file__'
	$(WITH_ASAN) $(VENV)/bin/pytest -q -p no:cacheprovider $(PARALLEL) $(ASAN_TESTS)

# Memory is the question here: valgrind computes long double in 64 bits, so a test that measures errors with it may
# end with 1. An error of memory ends with 9, a crash with more.
.PHONY: check-valgrind
check-valgrind: $(C_TESTS) ## C tests under valgrind
	@command -v valgrind > /dev/null || { echo 'check-valgrind: no valgrind here, skipped'; exit 0; }; \
	printf '%s\n' $(C_TESTS) | xargs -P $(JOBS) -I {} sh -c ' \
	    valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,possible {} > {}.valgrind 2>&1; \
	    if [ $$? -gt 1 ]; then cat {}.valgrind; echo "check-valgrind: {} failed"; exit 1; fi; \
	    echo "check-valgrind: {} is clean"'

.PHONY: check-pins
check-pins: $(STAMP)-packages ## the oldest and newest versions of all dependencies, on the oldest and newest Python here
	$(VENV)/bin/python scripts/check_pins.py

# ---------------------------------------------------------------------------------------------------- out of memory

# failing_memory stands in for base/memory; lint sees these files, too.
OOM_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/c/oom*.c tests/c/failing_memory.c))

.PHONY: check-oom
check-oom: $(BUILD)/oom ## each allocation of each C entry point fails once
	$(BUILD)/oom

$(BUILD)/oom: $(OOM_OBJECTS) $(filter-out $(BUILD)/csrc/base/memory.o,$(C_OBJECTS))
	$(CC) $(CFLAGS) $^ $(C_LIBS) -o $@

lint-objects: $(OOM_OBJECTS)

# ---------------------------------------------------------------------------------------------------- fuzzing, coverage

FUZZ_SECONDS ?= 150
FUZZ_FLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

.PHONY: fuzz fuzz-checkpoint fuzz-program fuzz-equations fuzz-api has-fuzzer
fuzz: fuzz-checkpoint fuzz-program fuzz-equations fuzz-api ## FUZZ_SECONDS each of checkpoints, programs, texts of models, absurd calls (FUZZ_SEED repeats the latter two)

# libFuzzer is in clang's runtime library, which Debian packs on its own.
HAS_FUZZER = echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -w -fsanitize=fuzzer -x c - -o /dev/null

has-fuzzer:
	@$(HAS_FUZZER)

# The corpus begins with what the program itself writes there.
fuzz-checkpoint fuzz-program: fuzz-%:
	@command -v clang > /dev/null || { echo '$@: no clang here, skipped'; exit 0; }; \
	$(HAS_FUZZER) 2> /dev/null || { echo '$@: this clang has no libFuzzer (Debian: libclang-rt-dev), skipped'; \
	    exit 0; }; \
	$(MAKE) --no-print-directory build/fuzz/fuzz_$* CC=clang BUILD=build/fuzz QUADMATH= CFLAGS='$(FUZZ_FLAGS)' \
	&& mkdir -p build/fuzz/corpus-$* \
	&& FUZZ_CORPUS=build/fuzz/corpus-$* build/fuzz/fuzz_$* -runs=0 2> /dev/null \
	&& build/fuzz/fuzz_$* -max_total_time=$(FUZZ_SECONDS) -max_len=20000 -print_final_stats=1 \
	    -artifact_prefix=build/fuzz/ build/fuzz/corpus-$*

build/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libmemnet.a
	$(CC) $(CFLAGS) -fsanitize=fuzzer $^ $(C_LIBS) -o $@

# With AddressSanitizer, as damaged tables may make C read and write beside its arrays.
fuzz-equations: asan-lib
	$(WITH_ASAN) $(VENV)/bin/python tests/fuzz/fuzz_equations.py --memory 0 --seconds $(FUZZ_SECONDS) \
	    $(addprefix --seed ,$(FUZZ_SEED))

fuzz-api: dev
	$(VENV)/bin/python tests/fuzz/fuzz_api.py --seconds $(FUZZ_SECONDS) $(addprefix --seed ,$(FUZZ_SEED))

# Lines of csrc that tests reach. One build without optimisation serves the C tests and, as memnet._core, the Python ones,
# so that both count into the same files. A loop that is otherwise compiled more than once is compiled once (MN_ONE_FORM).
COVERAGE = build/coverage
COVERAGE_FLAGS = -O0 -g -fPIC --coverage -fprofile-update=atomic -DMN_ONE_FORM
COVERAGE_CORE = $(COVERAGE)/lib/memnet/_core.so
# The others reach no line of csrc that these and the C tests leave: COVERAGE_TESTS=tests runs them all.
COVERAGE_TESTS ?= $(wildcard tests/test_core*.py) $(addprefix tests/test_,checkpoints.py cli.py concat.py copies.py \
    devices.py errors.py interrupts.py port.py published_devices.py runs.py solve.py solve_range.py window_ends.py wires.py)

.PHONY: coverage coverage-core
coverage: dev ## line coverage of csrc by C and Python tests (gcovr), 95 % asked for: build/coverage/lines.txt
	@$(MAKE) --no-print-directory coverage-core CC=gcc BUILD=$(COVERAGE) CFLAGS='$(COVERAGE_FLAGS)'
	@find $(COVERAGE) -name '*.gcda' -delete
	@$(MAKE) --no-print-directory check-c check-oom CC=gcc BUILD=$(COVERAGE) CFLAGS='$(COVERAGE_FLAGS)'
	PYTHONPATH=$(CURDIR)/$(COVERAGE)/lib $(VENV)/bin/pytest -q -p no:cacheprovider -m 'not slow' $(COVERAGE_TESTS)
	@$(VENV)/bin/gcovr --txt $(COVERAGE)/lines.txt --fail-under-line 95 $(COVERAGE); status=$$?; \
	    cat $(COVERAGE)/lines.txt; exit $$status

coverage-core: $(C_TESTS) $(BUILD)/oom $(COVERAGE_CORE)
	$(VENV)/bin/python setup.py -q build_py --build-lib $(COVERAGE)/lib

$(COVERAGE_CORE): $(C_OBJECTS) $(C_GLUE:%.c=$(BUILD)/%.o)
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) -shared $^ $(C_LIBS) -o $@

# ---------------------------------------------------------------------------------------------------- lint

LINT_COMPILERS ?= gcc clang
PY_FILES = setup.py tools scripts memnet tests benchmarks docs/conf.py docs/making $(wildcard notebooks/*.ipynb)

.PHONY: lint lint-python lint-format lint-c
lint: lint-python lint-format lint-c ## ruff, mypy, clang-format, gcc and clang with warnings as errors

lint-python: $(STAMP)-packages
	$(VENV)/bin/ruff check $(PY_FILES)
	$(VENV)/bin/ruff format --check $(PY_FILES)
	$(VENV)/bin/mypy

lint-format: $(STAMP)-packages
	@$(VENV)/bin/clang-format --dry-run -Werror $(shell find csrc tests -name '*.[ch]')

lint-c: $(STAMP)-packages
	@set -e; for compiler in $(LINT_COMPILERS); do \
	    if ! command -v $$compiler > /dev/null; then echo "lint-c: no $$compiler here, skipped"; continue; fi; \
	    $(MAKE) --no-print-directory lint-objects CC=$$compiler BUILD=build/lint/$$compiler \
	        CFLAGS='-O2 -Werror'; \
	    echo "lint-c: $$compiler has no warnings"; done

PRINT_INCLUDES = $(VENV)/bin/python -c 'import sysconfig as s, numpy; \
    print("-isystem", s.get_path("include"), "-isystem", numpy.get_include())'
PYTHON_INCLUDES = $(call once,PYTHON_INCLUDES,$(PRINT_INCLUDES))

.PHONY: lint-objects
lint-objects: $(C_OBJECTS) $(C_TEST_SOURCES:%.c=$(BUILD)/%.o) $(C_GLUE:%.c=$(BUILD)/%.o)

$(BUILD)/csrc/python/%.o: csrc/python/%.c
	@mkdir -p $(dir $@)
	$(call say,$<)$(CC) $(C_FLAGS) $(PYTHON_INCLUDES) -DNPY_NO_DEPRECATED_API=NPY_2_0_API_VERSION \
	    -DNPY_TARGET_VERSION=NPY_2_0_API_VERSION -c $< -o $@

# ---------------------------------------------------------------------------------------------------- clean

.PHONY: clean
clean: ## remove everything that was built, .venv too
	rm -rf build dist $(VENV) *.egg-info memnet/*.so .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find memnet tests benchmarks scripts tools -name __pycache__ -type d -prune -exec rm -rf {} +
