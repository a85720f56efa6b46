#include "problem.h"

#include <stdlib.h>
#include <zlib.h>

struct wright_inflater {
    z_stream stream;
};

static int window_bits(wright_deflate_format format) { return format == WRIGHT_DEFLATE_GZIP ? 15 + 16 : -15; }

wright_inflater *wright_inflater_create(wright_deflate_format format) {
    wright_inflater *inflater = calloc(1, sizeof *inflater);
    if (inflater && inflateInit2(&inflater->stream, window_bits(format)) != Z_OK) {
        free(inflater);
        return NULL;
    }
    return inflater;
}

void wright_inflater_destroy(wright_inflater *inflater) {
    if (!inflater) return;
    inflateEnd(&inflater->stream);
    free(inflater);
}

wright_codec_status wright_inflater_run(
    wright_inflater *inflater, const uint8_t **input, size_t *input_count, uint8_t *output, size_t capacity,
    size_t *written, int *finished, wright_codec_problem *problem) {
    z_stream *stream = &inflater->stream;
    *written = 0;
    *finished = 0;
    while (*written < capacity && (*input_count > 0 || *written == 0)) {
        // zlib counts in 32 bits.
        uInt in = *input_count > 1u << 30 ? 1u << 30 : (uInt)*input_count;
        uInt out = capacity - *written > 1u << 30 ? 1u << 30 : (uInt)(capacity - *written);
        stream->next_in = (Bytef *)*input;
        stream->avail_in = in;
        stream->next_out = output + *written;
        stream->avail_out = out;
        int result = inflate(stream, Z_NO_FLUSH);
        *input += in - stream->avail_in;
        *input_count -= in - stream->avail_in;
        *written += out - stream->avail_out;
        if (result == Z_STREAM_END) {
            *finished = 1;
            inflateReset(stream);
            return WRIGHT_CODEC_OK;
        }
        if (result == Z_BUF_ERROR) return WRIGHT_CODEC_OK;  // more input is needed
        if (result == Z_MEM_ERROR)
            return wright_codec_fail(problem, WRIGHT_CODEC_OUT_OF_MEMORY, 0, "there is no memory to decompress it");
        if (result != Z_OK) {
            const char *reason = stream->msg ? stream->msg : "the compressed data is damaged";
            return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, 0, reason);
        }
    }
    return WRIGHT_CODEC_OK;
}

wright_codec_status wright_deflate(
    wright_deflate_format format, const uint8_t *bytes, size_t count, uint8_t **encoded, size_t *encoded_count,
    wright_codec_problem *problem) {
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits(format), 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return wright_codec_fail(problem, WRIGHT_CODEC_OUT_OF_MEMORY, 0, "there is no memory to compress it");
    size_t capacity = deflateBound(&stream, count);
    uint8_t *output = malloc(capacity);
    if (!output) {
        deflateEnd(&stream);
        return wright_codec_fail(problem, WRIGHT_CODEC_OUT_OF_MEMORY, 0, "there is no memory to compress it");
    }
    size_t read = 0, written = 0;
    int result = Z_OK;
    while (result == Z_OK) {
        uInt in = count - read > 1u << 30 ? 1u << 30 : (uInt)(count - read);
        uInt out = capacity - written > 1u << 30 ? 1u << 30 : (uInt)(capacity - written);
        stream.next_in = (Bytef *)bytes + read;
        stream.avail_in = in;
        stream.next_out = output + written;
        stream.avail_out = out;
        result = deflate(&stream, read + in == count ? Z_FINISH : Z_NO_FLUSH);
        read += in - stream.avail_in;
        written += out - stream.avail_out;
    }
    deflateEnd(&stream);
    if (result != Z_STREAM_END) {
        free(output);
        return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, 0, "zlib could not compress it");
    }
    *encoded = output;
    *encoded_count = written;
    return WRIGHT_CODEC_OK;
}

uint32_t wright_crc32(uint32_t sum, const uint8_t *bytes, size_t count) {
    return (uint32_t)crc32_z(sum, bytes, count);
}
