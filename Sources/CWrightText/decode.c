#include "CWrightText.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

struct wright_decoder {
    iconv_t handle;
};

wright_decoder *wright_decoder_make(const char *encoding) {
    const iconv_t handle = iconv_open("UTF-8", encoding);
    if (handle == (iconv_t)-1) return NULL;
    wright_decoder *decoder = malloc(sizeof *decoder);
    if (!decoder) {
        iconv_close(handle);
        return NULL;
    }
    decoder->handle = handle;
    return decoder;
}

void wright_decoder_free(wright_decoder *decoder) {
    if (!decoder) return;
    iconv_close(decoder->handle);
    free(decoder);
}

wright_decoding wright_decoder_run(
    wright_decoder *decoder, const uint8_t **input, size_t *left, uint8_t *output, size_t capacity, size_t *written) {
    // The library promises not to write to its input, whatever its type says.
    char *from = (char *)*input;
    char *to = (char *)output;
    size_t room = capacity;
    const size_t status = iconv(decoder->handle, &from, left, &to, &room);
    const int problem = errno;
    *input = (const uint8_t *)from;
    *written = capacity - room;
    if (status != (size_t)-1) return WRIGHT_DECODING_DONE;
    switch (problem) {
    case E2BIG: return WRIGHT_DECODING_FULL;
    case EINVAL: return WRIGHT_DECODING_INCOMPLETE;
    default: return WRIGHT_DECODING_INVALID;
    }
}
