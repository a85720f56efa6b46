/// PNG, JPEG and deflate behind functions that return a status and a message: nothing here aborts, prints or keeps
/// state between calls, and no caller sees a library's own types.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define WRIGHT_CODEC_CLOSED __attribute__((enum_extensibility(closed)))
#define WRIGHT_CODEC_CASE(name) __attribute__((swift_name(#name)))
#else
#define WRIGHT_CODEC_CLOSED
#define WRIGHT_CODEC_CASE(name)
#endif

typedef enum WRIGHT_CODEC_CLOSED {
    WRIGHT_CODEC_OK WRIGHT_CODEC_CASE(ok) = 0,
    /// The bytes end too early.
    WRIGHT_CODEC_TRUNCATED WRIGHT_CODEC_CASE(truncated) = 1,
    /// The bytes contradict the format.
    WRIGHT_CODEC_INVALID WRIGHT_CODEC_CASE(invalid) = 2,
    /// The bytes are sound, but of a kind that is not read.
    WRIGHT_CODEC_UNSUPPORTED WRIGHT_CODEC_CASE(unsupported) = 3,
    WRIGHT_CODEC_OUT_OF_MEMORY WRIGHT_CODEC_CASE(outOfMemory) = 4,
} wright_codec_status;

/// What a failed call says of its input. `message` is a clause without a full stop.
typedef struct {
    size_t position;
    char message[200];
} wright_codec_problem;

// MARK: Images

typedef struct {
    uint32_t width;
    uint32_t height;
    /// 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha: what the file holds, palettes resolved.
    uint32_t channels;
    /// 8 or 16; fewer bits in the file count as 8.
    uint32_t bits;
} wright_image_header;

/// Reads the size of a PNG file after checking its chunks from the first to the last: order, lengths and check sums.
wright_codec_status wright_png_check(
    const uint8_t *bytes, size_t count, wright_image_header *header, wright_codec_problem *problem);

/// Decodes a checked PNG file into `height × width × channels` bytes: 1 grey (weighted as ITU-R BT.601), 2 grey and
/// alpha, 3 colour (alpha is left out), 4 colour and alpha. 16 bits are scaled to 8.
wright_codec_status wright_png_decode(
    const uint8_t *bytes, size_t count, uint32_t channels, uint8_t *pixels, wright_codec_problem *problem);

/// Decodes a checked PNG file of 16 bits without alpha into `height × width × channels` (1 or 3) values.
wright_codec_status wright_png_decode16(
    const uint8_t *bytes, size_t count, uint32_t channels, uint16_t *pixels, wright_codec_problem *problem);

/// Encodes `height × width × channels` (1 to 4) bytes; `*encoded` is freed with `wright_codec_free`.
wright_codec_status wright_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, uint8_t **encoded, size_t *count,
    wright_codec_problem *problem);

/// Reads the size of a JPEG file.
wright_codec_status wright_jpeg_check(
    const uint8_t *bytes, size_t count, wright_image_header *header, wright_codec_problem *problem);

/// Decodes a JPEG file into `height × width × channels` bytes, channels 1 or 3; the size must be that of the header.
wright_codec_status wright_jpeg_decode(
    const uint8_t *bytes, size_t count, uint32_t channels, uint32_t width, uint32_t height, uint8_t *pixels,
    wright_codec_problem *problem);

/// Encodes `height × width × channels` (1 or 3) bytes; `*encoded` is freed with `wright_codec_free`.
wright_codec_status wright_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, int quality, uint8_t **encoded,
    size_t *count, wright_codec_problem *problem);

void wright_codec_free(uint8_t *bytes);

// MARK: Deflate

typedef enum WRIGHT_CODEC_CLOSED {
    WRIGHT_DEFLATE_RAW WRIGHT_CODEC_CASE(raw) = 0,
    WRIGHT_DEFLATE_GZIP WRIGHT_CODEC_CASE(gzip) = 1,
} wright_deflate_format;

typedef struct wright_inflater wright_inflater;

/// NULL when there is no memory.
wright_inflater *wright_inflater_create(wright_deflate_format format);
void wright_inflater_destroy(wright_inflater *inflater);

/// Inflates from `*input` (advanced past what was read) into `output`. `*written` of less than `capacity` means that
/// all input was used or, with `*finished`, that the stream ended there.
wright_codec_status wright_inflater_run(
    wright_inflater *inflater, const uint8_t **input, size_t *input_count, uint8_t *output, size_t capacity,
    size_t *written, int *finished, wright_codec_problem *problem);

/// Deflates all of `bytes`; `*encoded` is freed with `wright_codec_free`.
wright_codec_status wright_deflate(
    wright_deflate_format format, const uint8_t *bytes, size_t count, uint8_t **encoded, size_t *encoded_count,
    wright_codec_problem *problem);

/// The check sum of gzip, zip and PNG, continued from `sum` (0 at the start).
uint32_t wright_crc32(uint32_t sum, const uint8_t *bytes, size_t count);
