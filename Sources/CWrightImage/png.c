#include "problem.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/// libpng's simplified reader stops at the last row of pixels, so a cut-off or damaged end would pass unseen.
wright_codec_status wright_png_check(
    const uint8_t *bytes, size_t count, wright_image_header *header, wright_codec_problem *problem) {
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (count < 8) return wright_codec_fail(problem, WRIGHT_CODEC_TRUNCATED, count, "the PNG signature is cut off");
    if (memcmp(bytes, signature, 8) != 0)
        return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, 0, "it does not start like a PNG file");
    memset(header, 0, sizeof *header);
    int colour = 0, has_data = 0, has_transparency = 0;
    for (size_t at = 8;;) {
        if (count - at < 12) return wright_codec_fail(problem, WRIGHT_CODEC_TRUNCATED, at, "a PNG chunk is cut off");
        size_t length = big_endian(bytes + at);
        const uint8_t *type = bytes + at + 4;
        if (length > 0x7FFFFFFF)
            return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, at, "a PNG chunk states a length out of range");
        if (count - at - 12 < length)
            return wright_codec_fail(problem, WRIGHT_CODEC_TRUNCATED, at, "a PNG chunk is cut off");
        if (crc32_z(crc32_z(0, NULL, 0), type, length + 4) != big_endian(type + 4 + length))
            return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, at, "a PNG chunk's check sum does not match");
        if (at == 8) {
            if (memcmp(type, "IHDR", 4) != 0 || length != 13)
                return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, at, "the PNG header chunk is missing");
            header->width = big_endian(type + 4);
            header->height = big_endian(type + 8);
            header->bits = type[12] == 16 ? 16 : 8;
            colour = type[13];
            if (header->width == 0 || header->height == 0)
                return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, at, "the PNG header states a size of zero");
            if (header->width > 0x7FFFFFFF || header->height > 0x7FFFFFFF)
                return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, at, "the PNG header states a size out of range");
        } else if (memcmp(type, "IDAT", 4) == 0) {
            has_data = 1;
        } else if (memcmp(type, "tRNS", 4) == 0) {
            has_transparency = 1;
        } else if (memcmp(type, "IEND", 4) == 0) {
            break;
        }
        at += 12 + length;
    }
    if (!has_data) return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, 8, "the PNG file holds no pixels");
    int is_coloured = (colour & PNG_COLOR_MASK_COLOR) != 0, has_alpha = (colour & PNG_COLOR_MASK_ALPHA) != 0;
    header->channels = (is_coloured ? 3 : 1) + (has_alpha || has_transparency);
    return WRIGHT_CODEC_OK;
}

static wright_codec_status fail(wright_codec_problem *problem, png_image *image) {
    char message[sizeof problem->message];
    snprintf(message, sizeof message, "libpng says: %s", image->message);
    png_image_free(image);
    return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, 0, message);
}

/// ITU-R BT.601 in 16 bits of fraction, as Pillow converts.
static uint8_t grey(const uint8_t *colour) {
    return (uint8_t)((colour[0] * 19595u + colour[1] * 38470u + colour[2] * 7471u + 0x8000u) >> 16);
}

static void convert(const uint8_t *from, uint32_t from_channels, uint8_t *to, uint32_t to_channels, size_t pixels) {
    int from_colour = from_channels >= 3, to_colour = to_channels >= 3;
    for (size_t index = 0; index < pixels; ++index, from += from_channels, to += to_channels) {
        if (to_colour) {
            for (int c = 0; c < 3; ++c) to[c] = from[from_colour ? c : 0];
        } else {
            to[0] = from_colour ? grey(from) : from[0];
        }
        if (to_channels % 2 == 0) to[to_channels - 1] = from_channels % 2 == 0 ? from[from_channels - 1] : 255;
    }
}

wright_codec_status wright_png_decode(
    const uint8_t *bytes, size_t count, uint32_t channels, uint8_t *pixels, wright_codec_problem *problem) {
    static const png_uint_32 formats[5] = {0, PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&image, bytes, count)) return fail(problem, &image);
    // Without this, 16-bit samples would be taken for linear light and curved on their way to 8 bits.
    image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
    uint32_t native = (image.format & PNG_FORMAT_FLAG_COLOR ? 3 : 1) + (image.format & PNG_FORMAT_FLAG_ALPHA ? 1 : 0);
    image.format = formats[native];
    size_t total = (size_t)image.width * image.height;
    uint8_t *target = pixels;
    if (native != channels && (target = malloc(total * native)) == NULL) {
        png_image_free(&image);
        return wright_codec_fail(problem, WRIGHT_CODEC_OUT_OF_MEMORY, 0, "there is no memory for its pixels");
    }
    int succeeded = png_image_finish_read(&image, NULL, target, 0, NULL);
    if (succeeded && native != channels) convert(target, native, pixels, channels, total);
    if (target != pixels) free(target);
    return succeeded ? WRIGHT_CODEC_OK : fail(problem, &image);
}

wright_codec_status wright_png_decode16(
    const uint8_t *bytes, size_t count, uint32_t channels, uint16_t *pixels, wright_codec_problem *problem) {
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&image, bytes, count)) return fail(problem, &image);
    uint32_t native = image.format & PNG_FORMAT_FLAG_COLOR ? 3 : 1;
    if (image.format & PNG_FORMAT_FLAG_ALPHA || native != channels) {
        png_image_free(&image);
        return wright_codec_fail(
            problem, WRIGHT_CODEC_UNSUPPORTED, 0, "16 bits are read as they are stored, without alpha");
    }
    // Linear in, linear out: the samples pass through unchanged (files that state a gamma are converted by it).
    image.format = native == 3 ? PNG_FORMAT_LINEAR_RGB : PNG_FORMAT_LINEAR_Y;
    return png_image_finish_read(&image, NULL, pixels, 0, NULL) ? WRIGHT_CODEC_OK : fail(problem, &image);
}

wright_codec_status wright_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, uint8_t **encoded, size_t *count,
    wright_codec_problem *problem) {
    static const png_uint_32 formats[5] = {0, PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
    png_image image = {.version = PNG_IMAGE_VERSION, .width = width, .height = height, .format = formats[channels]};
    png_alloc_size_t capacity = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *bytes = malloc(capacity);
    if (bytes == NULL)
        return wright_codec_fail(problem, WRIGHT_CODEC_OUT_OF_MEMORY, 0, "there is no memory for the PNG file");
    if (!png_image_write_to_memory(&image, bytes, &capacity, 0, pixels, 0, NULL)) {
        free(bytes);
        return fail(problem, &image);
    }
    *encoded = bytes;
    *count = capacity;
    return WRIGHT_CODEC_OK;
}
