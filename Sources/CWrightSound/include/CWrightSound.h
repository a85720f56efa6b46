/// FLAC behind a function that returns a status and a message: nothing here aborts, prints or keeps state between calls.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#define WRIGHT_SOUND_CLOSED __attribute__((enum_extensibility(closed)))
#define WRIGHT_SOUND_CASE(name) __attribute__((swift_name(#name)))
#else
#define WRIGHT_SOUND_CLOSED
#define WRIGHT_SOUND_CASE(name)
#endif

typedef enum WRIGHT_SOUND_CLOSED {
    WRIGHT_SOUND_OK WRIGHT_SOUND_CASE(ok) = 0,
    /// The bytes end too early.
    WRIGHT_SOUND_TRUNCATED WRIGHT_SOUND_CASE(truncated) = 1,
    /// The bytes contradict the format.
    WRIGHT_SOUND_INVALID WRIGHT_SOUND_CASE(invalid) = 2,
    /// More samples than are read.
    WRIGHT_SOUND_TOO_LARGE WRIGHT_SOUND_CASE(tooLarge) = 3,
} wright_sound_status;

/// A decoded sound. `samples` are the means of all channels, from -1 to 1, and are freed with `wright_sound_free`.
typedef struct {
    float *samples;
    size_t count;
    uint32_t rate;
} wright_sound;

/// What a failed call says of its input. `message` is a clause without a full stop.
typedef struct {
    size_t position;
    char message[200];
} wright_sound_problem;

/// Decodes a whole FLAC file of at most `limit` frames, and checks the check sums of its frames and of all its samples.
wright_sound_status wright_flac_decode(
    const uint8_t *bytes, size_t count, size_t limit, wright_sound *sound, wright_sound_problem *problem);

void wright_sound_free(float *samples);
