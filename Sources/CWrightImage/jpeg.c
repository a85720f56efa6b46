#include "problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

static wright_codec_status fail(wright_codec_problem *problem, tjhandle handle, wright_codec_status status) {
    char message[sizeof problem->message];
    const char *reason = handle ? tjGetErrorStr2(handle) : "no memory";
    if (strstr(reason, "remature end") || strstr(reason, "nput file is empty")) status = WRIGHT_CODEC_TRUNCATED;
    snprintf(message, sizeof message, "libjpeg-turbo says: %s", reason);
    if (handle) tjDestroy(handle);
    return wright_codec_fail(problem, handle ? status : WRIGHT_CODEC_OUT_OF_MEMORY, 0, message);
}

static wright_codec_status read_header(
    tjhandle handle, const uint8_t *bytes, size_t count, wright_image_header *header, int *colours,
    wright_codec_problem *problem) {
    int width = 0, height = 0, sampling = 0;
    if (count < 3 || bytes[0] != 0xFF || bytes[1] != 0xD8) {
        if (handle) tjDestroy(handle);
        return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, 0, "it does not start like a JPEG file");
    }
    if (!handle || tjDecompressHeader3(handle, bytes, count, &width, &height, &sampling, colours) != 0)
        return fail(problem, handle, WRIGHT_CODEC_INVALID);
    header->width = (uint32_t)width;
    header->height = (uint32_t)height;
    header->channels = *colours == TJCS_GRAY ? 1 : 3;
    header->bits = 8;
    return WRIGHT_CODEC_OK;
}

wright_codec_status wright_jpeg_check(
    const uint8_t *bytes, size_t count, wright_image_header *header, wright_codec_problem *problem) {
    tjhandle handle = tjInitDecompress();
    int colours = 0;
    wright_codec_status status = read_header(handle, bytes, count, header, &colours, problem);
    if (status == WRIGHT_CODEC_OK) tjDestroy(handle);
    return status;
}

/// Inks to light. Files hold inks inverted, as Adobe's programs write them.
static void from_inks(const uint8_t *inks, uint8_t *pixels, uint32_t channels, size_t total) {
    for (size_t index = 0; index < total; ++index, inks += 4, pixels += channels) {
        uint32_t colour[3];
        for (int c = 0; c < 3; ++c) colour[c] = (inks[c] * inks[3] + 127u) / 255u;
        if (channels == 1) {
            pixels[0] = (uint8_t)((colour[0] * 19595u + colour[1] * 38470u + colour[2] * 7471u + 0x8000u) >> 16);
        } else {
            for (int c = 0; c < 3; ++c) pixels[c] = (uint8_t)colour[c];
        }
    }
}

/// Bytes between segments are common in files from cameras and phones, and harm nothing.
static int is_harmless(tjhandle handle) {
    return tjGetErrorCode(handle) == TJERR_WARNING && strstr(tjGetErrorStr2(handle), "extraneous bytes before marker");
}

wright_codec_status wright_jpeg_decode(
    const uint8_t *bytes, size_t count, uint32_t channels, uint32_t width, uint32_t height, uint8_t *pixels,
    wright_codec_problem *problem) {
    tjhandle handle = tjInitDecompress();
    wright_image_header header;
    int colours = 0;
    wright_codec_status status = read_header(handle, bytes, count, &header, &colours, problem);
    if (status != WRIGHT_CODEC_OK) return status;
    if (header.width != width || header.height != height) {
        tjDestroy(handle);
        return wright_codec_fail(problem, WRIGHT_CODEC_INVALID, 0, "the size is not that of its header");
    }
    int is_inks = colours == TJCS_CMYK || colours == TJCS_YCCK;
    int format = is_inks ? TJPF_CMYK : channels == 1 ? TJPF_GRAY : TJPF_RGB;
    size_t total = (size_t)width * height;
    uint8_t *target = pixels;
    if (is_inks && (target = malloc(total * 4)) == NULL) {
        tjDestroy(handle);
        return wright_codec_fail(problem, WRIGHT_CODEC_OUT_OF_MEMORY, 0, "there is no memory for its pixels");
    }
    // The limit of scans refuses progressive files made to take hours.
    int flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS;
    int failed = tjDecompress2(handle, bytes, count, target, (int)width, 0, (int)height, format, flags) != 0;
    if (failed && !is_harmless(handle)) {
        status = fail(problem, handle, WRIGHT_CODEC_INVALID);
    } else {
        if (is_inks) from_inks(target, pixels, channels, total);
        tjDestroy(handle);
    }
    if (target != pixels) free(target);
    return status;
}

wright_codec_status wright_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t channels, int quality, uint8_t **encoded,
    size_t *count, wright_codec_problem *problem) {
    int sampling = channels == 1 ? TJSAMP_GRAY : TJSAMP_420;
    unsigned long capacity = tjBufSize((int)width, (int)height, sampling);
    uint8_t *bytes = capacity == (unsigned long)-1 ? NULL : malloc(capacity);
    tjhandle handle = tjInitCompress();
    if (bytes == NULL || handle == NULL) {
        free(bytes);
        if (handle) tjDestroy(handle);
        return wright_codec_fail(problem, WRIGHT_CODEC_OUT_OF_MEMORY, 0, "there is no memory for the JPEG file");
    }
    int format = channels == 1 ? TJPF_GRAY : TJPF_RGB;
    int flags = TJFLAG_ACCURATEDCT | TJFLAG_NOREALLOC;
    if (tjCompress2(
            handle, pixels, (int)width, 0, (int)height, format, &bytes, &capacity, sampling, quality, flags) != 0) {
        free(bytes);
        return fail(problem, handle, WRIGHT_CODEC_INVALID);
    }
    tjDestroy(handle);
    *encoded = bytes;
    *count = capacity;
    return WRIGHT_CODEC_OK;
}
