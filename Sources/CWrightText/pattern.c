#include "CWrightText.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

struct wright_pattern {
    pcre2_code *code;
    int is_compiled_to_machine_code;
};

struct wright_matcher {
    const wright_pattern *pattern;
    pcre2_match_data *data;
    pcre2_match_context *context;
};

wright_pattern *wright_pattern_compile(
    const uint8_t *text, size_t length, char *message, size_t capacity, size_t *position) {
    wright_pattern *pattern = calloc(1, sizeof *pattern);
    if (!pattern) {
        snprintf(message, capacity, "there is no memory for it");
        return NULL;
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    // Multi-line, because ^ and $ are line anchors in the Ruby syntax that tokenizer files are written in.
    const uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
    pattern->code = pcre2_compile(text, length, options, &error, &offset, NULL);
    if (!pattern->code) {
        if (pcre2_get_error_message(error, (PCRE2_UCHAR *)message, capacity) < 0)
            snprintf(message, capacity, "error %d", error);
        *position = offset;
        free(pattern);
        return NULL;
    }
    pattern->is_compiled_to_machine_code = pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
    return pattern;
}

void wright_pattern_free(wright_pattern *pattern) {
    if (!pattern) return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

wright_matcher *wright_matcher_make(const wright_pattern *pattern) {
    wright_matcher *matcher = calloc(1, sizeof *matcher);
    if (!matcher) return NULL;
    matcher->pattern = pattern;
    matcher->data = pcre2_match_data_create(1, NULL);
    matcher->context = pcre2_match_context_create(NULL);
    if (!matcher->data || !matcher->context) {
        wright_matcher_free(matcher);
        return NULL;
    }
    // A hostile pattern may need steps without end; these take about a second.
    pcre2_set_match_limit(matcher->context, 10 * 1000 * 1000);
    pcre2_set_heap_limit(matcher->context, 64 * 1024);
    return matcher;
}

void wright_matcher_free(wright_matcher *matcher) {
    if (!matcher) return;
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    free(matcher);
}

static size_t scalar_length(uint8_t lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

static int match(wright_matcher *matcher, const uint8_t *text, size_t length, size_t from) {
    if (matcher->pattern->is_compiled_to_machine_code) {
        const int found =
            pcre2_jit_match(matcher->pattern->code, text, length, from, 0, matcher->data, matcher->context);
        if (found != PCRE2_ERROR_JIT_STACKLIMIT) return found;
    }
    return pcre2_match(
        matcher->pattern->code, text, length, from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, matcher->data, matcher->context);
}

ptrdiff_t wright_matcher_find(
    wright_matcher *matcher, const uint8_t *text, size_t length, wright_search *search, uint32_t *spans,
    size_t capacity) {
    size_t count = 0;
    const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(matcher->data);
    while (count < capacity && search->next <= length) {
        const int found = match(matcher, text, length, search->next);
        if (found == PCRE2_ERROR_NOMATCH) {
            search->next = length + 1;
            break;
        }
        if (found < 0) return -1;
        const size_t start = vector[0], end = vector[1];
        if (end <= start) {
            // An empty match counts only where the last match did not end; the search goes on behind the next scalar.
            search->next = end + (end < length ? scalar_length(text[end]) : 1);
            if (end < start || (search->has_match && search->last_end == end)) continue;
        } else {
            search->next = end;
        }
        search->last_end = end;
        search->has_match = 1;
        spans[2 * count] = (uint32_t)start;
        spans[2 * count + 1] = (uint32_t)end;
        count++;
    }
    return (ptrdiff_t)count;
}
