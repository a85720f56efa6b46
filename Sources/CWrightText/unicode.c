#include "CWrightText.h"

#include <utf8proc.h>

int32_t wright_scalar_category(uint32_t scalar) { return utf8proc_category((utf8proc_int32_t)scalar); }

uint32_t wright_scalar_lowercase(uint32_t scalar) { return (uint32_t)utf8proc_tolower((utf8proc_int32_t)scalar); }

int32_t wright_scalar_combining_class(uint32_t scalar) {
    return utf8proc_get_property((utf8proc_int32_t)scalar)->combining_class;
}

size_t wright_scalar_decompose(uint32_t scalar, int compatibility, uint32_t result[18]) {
    const utf8proc_option_t options = UTF8PROC_DECOMPOSE | (compatibility ? UTF8PROC_COMPAT : 0);
    int last_class = 0;
    const utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)scalar, (utf8proc_int32_t *)result, 18, options, &last_class);
    if (count >= 1 && count <= 18) return (size_t)count;
    result[0] = scalar;
    return 1;
}

uint32_t wright_scalar_compose(uint32_t first, uint32_t second) {
    // One more than the two, because the library ends what it writes with a zero.
    utf8proc_int32_t pair[3] = {(utf8proc_int32_t)first, (utf8proc_int32_t)second, 0};
    const utf8proc_ssize_t count = utf8proc_normalize_utf32(pair, 2, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    return count == 1 ? (uint32_t)pair[0] : 0;
}

int wright_grapheme_ends(uint32_t before, uint32_t after, int32_t *state) {
    return utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)after, state);
}
