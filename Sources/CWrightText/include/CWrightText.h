/// Regular expressions (PCRE2), the Unicode character database (utf8proc) and the C library's encodings (iconv) behind
/// functions that return a status and a message: nothing here aborts, prints or keeps state between calls, and no caller sees a library's own types.
#pragma once

#include <stddef.h>
#include <stdint.h>

// MARK: Regular expressions

/// A compiled pattern: immutable, to be used from any thread.
typedef struct wright_pattern wright_pattern;
/// What matching writes to: one for each thread.
typedef struct wright_matcher wright_matcher;

/// Compiles a UTF-8 pattern; NULL with a message and the byte it speaks of when that cannot be.
wright_pattern *wright_pattern_compile(
    const uint8_t *text, size_t length, char *message, size_t capacity, size_t *position);
void wright_pattern_free(wright_pattern *pattern);

/// NULL when there is no memory.
wright_matcher *wright_matcher_make(const wright_pattern *pattern);
void wright_matcher_free(wright_matcher *matcher);

/// Where a search stands in its text; all zero at the beginning.
typedef struct {
    size_t next;
    size_t last_end;
    int has_match;
} wright_search;

/// Finds the next matches, which do not overlap, and writes the start and end of each to `spans`. The text must be
/// well-formed UTF-8. Gives how many were found, 0 at the end, or -1 when matching took more steps than are allowed.
ptrdiff_t wright_matcher_find(
    wright_matcher *matcher, const uint8_t *text, size_t length, wright_search *search, uint32_t *spans,
    size_t capacity);

// MARK: Characters

/// General categories, numbered as in utf8proc.h: 0 Cn, 1 Lu, 2 Ll, 3 Lt, 4 Lm, 5 Lo, 6 Mn, 7 Mc, 8 Me, 9 Nd, 10 Nl,
/// 11 No, 12 Pc to 18 Po, 19 Sm to 22 So, 23 Zs, 24 Zl, 25 Zp, 26 Cc, 27 Cf, 28 Cs, 29 Co.
int32_t wright_scalar_category(uint32_t scalar);
/// The lower case of a scalar that has one of a single scalar, or itself.
uint32_t wright_scalar_lowercase(uint32_t scalar);
/// The canonical combining class.
int32_t wright_scalar_combining_class(uint32_t scalar);
/// The full decomposition, canonical or of compatibility; gives the number of scalars written, at most 18.
size_t wright_scalar_decompose(uint32_t scalar, int compatibility, uint32_t result[18]);
/// The canonical composition of two scalars, or 0.
uint32_t wright_scalar_compose(uint32_t first, uint32_t second);
/// Whether a grapheme cluster ends between the two; `state` starts at 0 with each text.
int wright_grapheme_ends(uint32_t before, uint32_t after, int32_t *state);

// MARK: Encodings

/// Turns text of one encoding into UTF-8, piece by piece.
typedef struct wright_decoder wright_decoder;

typedef enum {
    /// All input was used.
    WRIGHT_DECODING_DONE = 0,
    /// The output is full.
    WRIGHT_DECODING_FULL = 1,
    /// The input ends inside of a character; what is left must be given again with more behind it.
    WRIGHT_DECODING_INCOMPLETE = 2,
    /// The next byte of the input begins no character.
    WRIGHT_DECODING_INVALID = 3,
} wright_decoding;

/// NULL when the C library does not know the encoding.
wright_decoder *wright_decoder_make(const char *encoding);
void wright_decoder_free(wright_decoder *decoder);

/// Moves `input` and `left` past what was used and gives the number of bytes written.
wright_decoding wright_decoder_run(
    wright_decoder *decoder, const uint8_t **input, size_t *left, uint8_t *output, size_t capacity, size_t *written);
