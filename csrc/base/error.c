#include "memnet.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

mn_error mn_error_none(void)
{
    return (mn_error){.code = MN_OK,
                      .replica = -1,
                      .step = -1,
                      .time = NAN,
                      .edge = -1,
                      .node = -1,
                      .node_b = -1,
                      .electrode = -1,
                      .value = NAN,
                      .model = NULL,
                      .noun = NULL,
                      .check = NULL,
                      .check_value = NAN,
                      .check_unit = NULL,
                      .limit = NAN,
                      .limit_unit = NULL,
                      .backend_status = -1};
}

void mn_error_clear(mn_error *error)
{
    if (error != NULL) {
        *error = mn_error_none();
    }
}

int mn_error_set(mn_error *error, int code)
{
    if (error != NULL) {
        error->code = code;
    }
    return code;
}

int mn_error_refuse(mn_error *error, int code, const char *noun, double value)
{
    if (error != NULL) {
        error->noun = noun;
        error->value = value;
    }
    return mn_error_set(error, code);
}

const char *mn_error_sentence(int code)
{
    switch (code) {
    case MN_OK:
        return "ok";
#define MN_ERROR(name, exception, sentence)                                                                            \
    case MN_ERR_##name:                                                                                                \
        return sentence;
#include "base/errors.def"
#undef MN_ERROR
    default:
        return "unknown error";
    }
}

const char *mn_error_exception(int code)
{
    switch (code) {
#define MN_ERROR(name, exception, sentence)                                                                            \
    case MN_ERR_##name:                                                                                                \
        return #exception;
#include "base/errors.def"
#undef MN_ERROR
    default:
        return "RuntimeError";
    }
}

typedef struct {
    char *text;
    size_t size;
    size_t used; /* without the final zero, always < size */
} message;

__attribute__((format(printf, 2, 3))) static void put(message *m, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(m->text + m->used, m->size - m->used, format, arguments);
    va_end(arguments);
    if (n > 0) {
        size_t room = m->size - m->used - 1;
        m->used += (size_t)n < room ? (size_t)n : room;
    }
}

static void put_value(message *m, double value)
{
    if (isnan(value)) {
        put(m, "nan"); /* printf would show its sign bit, which means nothing */
    } else {
        put(m, "%.10g", value);
    }
}

/* What the value of a code is, where its noun does not say it. */
static const char *value_noun(int code)
{
    switch (code) {
    case MN_ERR_CONDUCTANCE:
    case MN_ERR_NEGATIVE_CONDUCTANCE:
        return "conductance";
    case MN_ERR_NOT_FINITE_POTENTIAL:
        return "potential";
    case MN_ERR_NOT_FINITE_STATE:
        return "state";
    case MN_ERR_NOT_FINITE_DRIVE:
        return "drive";
    case MN_ERR_PARAMETER:
        return "parameter";
    default:
        return "value";
    }
}

/* Codes that say no more than that a value is not finite: there a value of nan is the finding. */
static bool is_about_finite(int code)
{
    return code == MN_ERR_CONDUCTANCE || code == MN_ERR_NOT_FINITE_POTENTIAL || code == MN_ERR_NOT_FINITE_STATE ||
           code == MN_ERR_NOT_FINITE_DRIVE;
}

/* What is said of a place; of a device as a whole, where there is neither noun nor value, its model. */
static void put_noun(message *m, const mn_error *error, bool has_value)
{
    if (error->noun == NULL && error->model != NULL && !has_value) {
        put(m, "%s", error->model);
    } else if (error->noun != NULL) {
        put(m, error->model != NULL ? "%s.%s" : "%s%s", error->model != NULL ? error->model : "", error->noun);
    } else if (error->model != NULL) {
        put(m, "%s %s", error->model, value_noun(error->code));
    } else {
        put(m, "%s", value_noun(error->code));
    }
}

static void put_place(message *m, const mn_error *error)
{
    const char *comma = "";
    if (error->edge >= 0) {
        put(m, "edge %" PRId32, error->edge);
        if (error->node >= 0 && error->node_b >= 0) {
            put(m, " (n%" PRId32 "-n%" PRId32 ")", error->node, error->node_b);
        }
        comma = ", ";
    } else if (error->node >= 0) {
        put(m, "node %" PRId32, error->node);
        comma = ", ";
    }
    if (error->electrode >= 0) {
        put(m, "%selectrode %" PRId32, comma, error->electrode);
    }
}

/* "conductance of edge 812 (n17-n93) is nan", or as much of it as is known. */
static void put_finding(message *m, const mn_error *error, bool has_place, bool has_value)
{
    if (has_value || error->noun != NULL || error->model != NULL) {
        put_noun(m, error, has_value);
        put(m, "%s", has_place ? " of " : "");
    }
    put_place(m, error);
    if (has_value) {
        put(m, " is ");
        put_value(m, error->value);
    }
    if (!isnan(error->limit)) {
        const bool has_unit = error->limit_unit != NULL && strcmp(error->limit_unit, "1") != 0;
        put(m, ", must be at %s ", error->value > error->limit ? "most" : "least");
        put_value(m, error->limit);
        put(m, "%s%s", has_unit ? " " : "", has_unit ? error->limit_unit : "");
    }
}

static void put_check(message *m, const mn_error *error)
{
    put(m, "; check %s%s%s", error->model != NULL ? error->model : "", error->model != NULL ? "." : "", error->check);
    if (!isnan(error->check_value)) {
        put(m, " (");
        put_value(m, error->check_value);
        put(m, "%s%s)", error->check_unit != NULL ? " " : "", error->check_unit != NULL ? error->check_unit : "");
    }
}

void mn_error_message(const mn_error *error, char *text, size_t size)
{
    if (size == 0) {
        return;
    }
    text[0] = '\0';
    message m = {.text = text, .size = size, .used = 0};
    bool has_place = error->edge >= 0 || error->node >= 0 || error->electrode >= 0;
    bool has_value = !isnan(error->value) || (is_about_finite(error->code) && (has_place || error->noun != NULL));
    bool has_finding = has_place || has_value || error->noun != NULL || error->model != NULL;

    if (error->replica >= 0) {
        put(&m, "replica %" PRId64 ": ", error->replica);
    }
    if (error->step >= 0) {
        put(&m, "step %" PRId64 ": ", error->step);
    } else if (!isnan(error->time)) {
        put(&m, "t = %.10g s: ", error->time);
    }
    if (!has_value || !is_about_finite(error->code)) {
        put(&m, "%s%s", mn_error_sentence(error->code), has_finding ? ": " : "");
    }
    if (has_finding) {
        put_finding(&m, error, has_place, has_value);
    }
    if (error->check != NULL) {
        put_check(&m, error);
    }
    if (error->backend_status != -1 && error->backend_status != 0) {
        put(&m, " (status %d)", error->backend_status);
    }
}
