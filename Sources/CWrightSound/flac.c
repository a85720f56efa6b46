#include "CWrightSound.h"

#include <FLAC/stream_decoder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What the callbacks share.
typedef struct {
    const uint8_t *bytes;
    size_t count;
    size_t place;
    size_t limit;
    size_t capacity;
    /// Frames that the file says it has; 0 when it does not say.
    uint64_t stated;
    wright_sound sound;
    wright_sound_problem *problem;
    /// The first failure; those after it follow from it.
    wright_sound_status status;
} reader;

static void fail(reader *reader, wright_sound_status status, const char *message) {
    if (reader->status != WRIGHT_SOUND_OK) return;
    reader->status = status;
    reader->problem->position = reader->place;
    snprintf(reader->problem->message, sizeof reader->problem->message, "%s", message);
}

static FLAC__StreamDecoderReadStatus read_bytes(
    const FLAC__StreamDecoder *decoder, FLAC__byte buffer[], size_t *count, void *client) {
    (void)decoder;
    reader *reader = client;
    size_t left = reader->count - reader->place;
    if (*count > left) *count = left;
    memcpy(buffer, reader->bytes + reader->place, *count);
    reader->place += *count;
    return *count == 0 ? FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM : FLAC__STREAM_DECODER_READ_STATUS_CONTINUE;
}

static FLAC__StreamDecoderWriteStatus write_frame(
    const FLAC__StreamDecoder *decoder, const FLAC__Frame *frame, const FLAC__int32 *const channels[], void *client) {
    (void)decoder;
    reader *reader = client;
    wright_sound *sound = &reader->sound;
    size_t frames = frame->header.blocksize, needed = sound->count + frames;
    if (sound->rate != 0 && sound->rate != frame->header.sample_rate) {
        fail(reader, WRIGHT_SOUND_INVALID, "the rate of its samples changes on the way");
        return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }
    sound->rate = frame->header.sample_rate;
    if (needed > reader->limit) {
        fail(reader, WRIGHT_SOUND_TOO_LARGE, "it holds more samples than are read from one file");
        return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
    }
    if (needed > reader->capacity) {
        // Grown by what is there: a header may state any number.
        size_t capacity = needed + needed / 2;
        float *grown = realloc(sound->samples, capacity * sizeof *grown);
        if (grown == NULL) {
            fail(reader, WRIGHT_SOUND_TOO_LARGE, "there is no memory for its samples");
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
        }
        sound->samples = grown;
        reader->capacity = capacity;
    }
    uint32_t width = frame->header.channels;
    double scale = 1.0 / ((double)((uint64_t)1 << (frame->header.bits_per_sample - 1)) * width);
    for (size_t index = 0; index < frames; ++index) {
        double sum = 0;
        for (uint32_t channel = 0; channel < width; ++channel) sum += channels[channel][index];
        sound->samples[sound->count + index] = (float)(sum * scale);
    }
    sound->count = needed;
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

static void read_metadata(const FLAC__StreamDecoder *decoder, const FLAC__StreamMetadata *metadata, void *client) {
    (void)decoder;
    reader *reader = client;
    if (metadata->type == FLAC__METADATA_TYPE_STREAMINFO) reader->stated = metadata->data.stream_info.total_samples;
}

static void note_error(const FLAC__StreamDecoder *decoder, FLAC__StreamDecoderErrorStatus status, void *client) {
    (void)decoder;
    reader *reader = client;
    // The last frame of a file that was cut off is damaged too.
    wright_sound_status kind = reader->place == reader->count ? WRIGHT_SOUND_TRUNCATED : WRIGHT_SOUND_INVALID;
    if (status == FLAC__STREAM_DECODER_ERROR_STATUS_FRAME_CRC_MISMATCH)
        fail(reader, WRIGHT_SOUND_INVALID, "a frame's check sum does not match");
    else
        fail(reader, kind, kind == WRIGHT_SOUND_TRUNCATED ? "its last frame is cut off or damaged" : "a frame is damaged");
}

static void decode(FLAC__StreamDecoder *decoder, reader *reader) {
    FLAC__stream_decoder_set_md5_checking(decoder, true);
    if (FLAC__stream_decoder_init_stream(
            decoder, read_bytes, NULL, NULL, NULL, NULL, write_frame, read_metadata, note_error, reader)
        != FLAC__STREAM_DECODER_INIT_STATUS_OK) {
        fail(reader, WRIGHT_SOUND_TOO_LARGE, "there is no memory to decode it");
        return;
    }
    while (reader->status == WRIGHT_SOUND_OK
           && FLAC__stream_decoder_get_state(decoder) != FLAC__STREAM_DECODER_END_OF_STREAM)
        if (!FLAC__stream_decoder_process_single(decoder)) fail(reader, WRIGHT_SOUND_INVALID, "a frame is damaged");
    int is_sound = FLAC__stream_decoder_finish(decoder);
    if (reader->sound.count < reader->stated || (reader->stated == 0 && reader->sound.count == 0))
        fail(reader, WRIGHT_SOUND_TRUNCATED, "it ends before its last samples");
    if (!is_sound) fail(reader, WRIGHT_SOUND_INVALID, "the check sum of its samples does not match");
}

wright_sound_status wright_flac_decode(
    const uint8_t *bytes, size_t count, size_t limit, wright_sound *sound, wright_sound_problem *problem) {
    reader reader = {.bytes = bytes, .count = count, .limit = limit, .problem = problem, .status = WRIGHT_SOUND_OK};
    FLAC__StreamDecoder *decoder = FLAC__stream_decoder_new();
    if (decoder == NULL) {
        fail(&reader, WRIGHT_SOUND_TOO_LARGE, "there is no memory to decode it");
    } else {
        decode(decoder, &reader);
        FLAC__stream_decoder_delete(decoder);
    }
    if (reader.status != WRIGHT_SOUND_OK) {
        free(reader.sound.samples);
        reader.sound = (wright_sound){0};
    }
    *sound = reader.sound;
    return reader.status;
}

void wright_sound_free(float *samples) { free(samples); }
