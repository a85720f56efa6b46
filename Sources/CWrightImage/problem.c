#include "problem.h"

#include <stdio.h>
#include <stdlib.h>

wright_codec_status wright_codec_fail(
    wright_codec_problem *problem, wright_codec_status status, size_t position, const char *message) {
    problem->position = position;
    snprintf(problem->message, sizeof problem->message, "%s", message);
    return status;
}

void wright_codec_free(uint8_t *bytes) { free(bytes); }
