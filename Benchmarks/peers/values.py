"""Numbers that any language can make again: weights, inputs, labels and masks without a file of them.

Element `i` of the tensor `name` comes from 32 bits, all arithmetic modulo 2^32:

    seed = FNV-1a of the name's UTF-8 bytes
    h = i * 0x9E3779B9 + seed;  h ^= h >> 16;  h *= 0x85EBCA6B;  h ^= h >> 13;  h *= 0xC2B2AE35;  h ^= h >> 16
    k = h >> 8                     (24 bits)

- uniform in [-a, a): float32(a) * float32(k / 2^23 - 1), the bracket exact, the product rounded once
- a class out of n:   (k * n) >> 24
- a dropout mask:     1 / (1 - rate) where k / 2^24 >= rate, else 0
"""

import numpy


def bits(name, count):
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    h = numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(0x9E3779B9) + numpy.uint32(seed)
    h ^= h >> numpy.uint32(16)
    h *= numpy.uint32(0x85EBCA6B)
    h ^= h >> numpy.uint32(13)
    h *= numpy.uint32(0xC2B2AE35)
    h ^= h >> numpy.uint32(16)
    return h >> numpy.uint32(8)


def uniform(name, shape, bound):
    k = bits(name, int(numpy.prod(shape)))
    unit = (k.astype(numpy.float64) / 2**23 - 1).astype(numpy.float32)
    return (numpy.float32(bound) * unit).reshape(shape)


def classes(name, count, number):
    return (bits(name, count).astype(numpy.int64) * number >> 24).astype(numpy.int64)


def mask(name, shape, rate):
    k = bits(name, int(numpy.prod(shape)))
    return numpy.where(k / 2**24 >= rate, 1 / (1 - rate), 0).astype(numpy.float32).reshape(shape)
