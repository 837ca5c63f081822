# memnet: build, test and measure. `make help` lists the targets.

CC ?= gcc
BUILD ?= build/c
SUITESPARSE_CFLAGS ?= -I/usr/include/suitesparse
SUITESPARSE_LIBS ?= -lumfpack -lamd -lsuitesparseconfig
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
           -Wcast-qual -Wwrite-strings -Wundef -Werror
CFLAGS ?= -O3 -g
C_FLAGS = -std=c11 $(CFLAGS) -ffp-contract=off $(WARNINGS) -Icsrc -isystem $(patsubst -I%,%,$(SUITESPARSE_CFLAGS))
C_SOURCES = $(wildcard csrc/base/*.c csrc/network/*.c csrc/solve/*.c csrc/devices/*.c csrc/simulate/*.c)
C_HEADERS = $(wildcard csrc/*.h csrc/*/*.h csrc/*/*.def tests/c/*.h)
C_OBJECTS = $(C_SOURCES:%.c=$(BUILD)/%.o)
C_TESTS = $(patsubst tests/c/%.c,$(BUILD)/%,$(wildcard tests/c/test_*.c))

# Errors of elementary functions are measured in quad precision, which clang has not.
QUAD_LIBS ?= $(if $(findstring clang,$(CC)),,-lquadmath)

.PHONY: check-c
check-c: $(C_TESTS)
	@set -e; for t in $(C_TESTS); do $$t; done

$(BUILD)/%.o: %.c $(C_HEADERS)
	@mkdir -p $(dir $@)
	$(CC) $(C_FLAGS) -c $< -o $@

$(BUILD)/test_%: tests/c/test_%.c $(C_OBJECTS) $(C_HEADERS)
	@mkdir -p $(dir $@)
	$(CC) $(C_FLAGS) $< $(C_OBJECTS) $(SUITESPARSE_LIBS) $(TEST_LIBS) -lm -o $@

$(BUILD)/test_elementary: TEST_LIBS = $(QUAD_LIBS)
