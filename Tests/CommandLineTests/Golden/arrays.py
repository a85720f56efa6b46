"""Writes archives of arrays that do not go together, for mistakes with data: python3 arrays.py"""

import numpy as np

zeros, whole = lambda *shape: np.zeros(shape, np.uint8), lambda *values: np.array(values, np.int32)
for name, arrays in {
    "alone": {"x_train": zeros(4, 2)},
    "uneven": {"x_train": zeros(4, 2), "y_train": whole(0, 1)},
    "halves": {"x_train": zeros(2, 2), "y_train": np.array([0, 0.5], np.float32)},
    "deep": {"x_train": zeros(2, 2, 2, 2, 2), "y_train": whole(0, 1)},
    "few": {"x_train": zeros(1, 2), "y_train": whole(1)},
    "other": {"x_train": zeros(2, 8, 8), "y_train": whole(0, 9)},
    "deeper": {"x_train": zeros(2, 12, 12), "y_train": whole(0, 1)},
    "tiny": {"x_train": zeros(20, 2, 2), "y_train": np.arange(20, dtype=np.int32) % 2},
}.items():
    np.savez(f"arrays-{name}.npz", **arrays)
