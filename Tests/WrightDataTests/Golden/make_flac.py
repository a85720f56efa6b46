#!/usr/bin/env python3
"""Writes `mono.flac` (16 bits, 8,000 a second) and `stereo.flac` (24 bits, 44,100 a second) by libFLAC: `python3 make_flac.py`.

Sample i of channel c is ((i·i + 31·i·c) mod 199 − 99) · 2^(bits − 9), so that a test can make it again.
"""
import ctypes
import os

flac = ctypes.CDLL("libFLAC.so.12")
flac.FLAC__stream_encoder_new.restype = ctypes.c_void_p
folder = os.path.dirname(os.path.abspath(__file__))
for name, channels, bits, rate, frames in [("mono", 1, 16, 8000, 900), ("stereo", 2, 24, 44100, 700)]:
    encoder = ctypes.c_void_p(flac.FLAC__stream_encoder_new())
    for setting, value in [("channels", channels), ("bits_per_sample", bits), ("sample_rate", rate),
                           ("compression_level", 8), ("blocksize", 256)]:
        assert getattr(flac, f"FLAC__stream_encoder_set_{setting}")(encoder, value)
    assert flac.FLAC__stream_encoder_set_total_samples_estimate(encoder, ctypes.c_uint64(frames))
    assert flac.FLAC__stream_encoder_init_file(encoder, f"{folder}/{name}.flac".encode(), None, None) == 0
    samples = [((i * i + 31 * i * c) % 199 - 99) << (bits - 9) for i in range(frames) for c in range(channels)]
    assert flac.FLAC__stream_encoder_process_interleaved(encoder, (ctypes.c_int32 * len(samples))(*samples), frames)
    assert flac.FLAC__stream_encoder_finish(encoder)
