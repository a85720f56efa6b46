#pragma once

#include "CWrightImage.h"

/// Fills `problem` and gives `status` back.
wright_codec_status wright_codec_fail(
    wright_codec_problem *problem, wright_codec_status status, size_t position, const char *message);
