"""Golden values of layers: output, running statistics, and the gradients of inputs and parameters."""

import numpy
import torch
from golden_format import Group
from torch.nn import functional as F


def first(x):
    """NHWC → NCHW, for any number of spatial axes."""
    return x.movedim(-1, 1)


def last(x):
    """NCHW → NHWC."""
    return x.movedim(1, -1)


def transposed_weight(weight, groups):
    """[out, k…, in/groups] → PyTorch's [in, out/groups, k…]."""
    out, inner = weight.shape[0], weight.shape[-1]
    split = weight.reshape(groups, out // groups, *weight.shape[1:])  # g, out/g, k…, in/g
    return split.movedim(-1, 1).reshape(groups * inner, out // groups, *weight.shape[1:-1])


def make():
    g = Group("layers", seed=1)
    linear(g)
    convolutions(g)
    transposed(g)
    normalisation(g)
    pooling(g)
    embedding(g)
    g.write()


def linear(g):
    for name, bias, shape in [("linear", True, (4, 5)), ("linear_no_bias", False, (4, 5)),
                              ("linear_three_axes", True, (2, 3, 5)), ("linear_vector", True, (5,))]:
        parameters = {"weight": g.uniform(5, 3)}
        if bias:
            parameters["bias"] = g.uniform(3)

        def run(v, bias=bias):
            return F.linear(v["x"], v["weight"].T, v["bias"] if bias else None)

        g.case(name, "Linear", {"inputs": 5, "outputs": 3, "bias": bias}, {"x": g.uniform(*shape)}, run, parameters)


def convolutions(g):
    # name, spatial, in, out, kernel, stride, padding, dilation, groups, bias
    table = [
        ("conv1d", (9,), 3, 4, (3,), (1,), (0,), (1,), 1, True),
        ("conv1d_stride_padding", (9,), 3, 4, (3,), (2,), (1,), (1,), 1, True),
        ("conv1d_dilation_groups", (11,), 4, 6, (3,), (1,), (2,), (2,), 2, False),
        ("conv1d_depthwise", (9,), 4, 4, (5,), (1,), (2,), (1,), 4, True),
        ("conv2d", (6, 5), 3, 4, (3, 3), (1, 1), (0, 0), (1, 1), 1, True),
        ("conv2d_no_bias", (6, 5), 3, 4, (3, 3), (1, 1), (0, 0), (1, 1), 1, False),
        ("conv2d_one_by_one", (4, 5), 3, 4, (1, 1), (1, 1), (0, 0), (1, 1), 1, True),
        ("conv2d_one_by_one_stride", (5, 6), 3, 4, (1, 1), (2, 2), (0, 0), (1, 1), 1, False),
        ("conv2d_padding", (6, 5), 3, 4, (3, 3), (1, 1), (1, 1), (1, 1), 1, True),
        ("conv2d_stride", (7, 8), 3, 4, (3, 3), (2, 2), (1, 1), (1, 1), 1, True),
        ("conv2d_uneven", (9, 8), 2, 3, (2, 3), (2, 1), (0, 2), (1, 2), 1, True),
        ("conv2d_dilation", (7, 7), 2, 3, (3, 3), (1, 1), (2, 2), (2, 2), 1, True),
        ("conv2d_groups", (5, 5), 4, 6, (3, 3), (1, 1), (1, 1), (1, 1), 2, True),
        ("conv2d_depthwise", (6, 6), 4, 4, (3, 3), (1, 1), (1, 1), (1, 1), 4, True),
        ("conv2d_depthwise_multiplier", (6, 6), 3, 6, (3, 3), (2, 2), (1, 1), (1, 1), 3, False),
        ("conv2d_stride_leaves_border", (8, 8), 2, 3, (3, 3), (3, 3), (0, 0), (1, 1), 1, True),
        ("conv2d_same", (6, 5), 2, 3, (3, 3), (1, 1), "same", (2, 2), 1, True),
        ("conv2d_same_even_kernel", (6, 5), 2, 3, (4, 2), (1, 1), "same", (1, 1), 1, True),
        ("conv3d", (4, 5, 4), 2, 3, (2, 3, 2), (1, 1, 1), (0, 0, 0), (1, 1, 1), 1, True),
        ("conv3d_stride_padding", (5, 5, 4), 2, 3, (3, 3, 3), (2, 2, 1), (1, 1, 1), (1, 1, 1), 1, False),
        ("conv3d_groups_dilation", (4, 5, 4), 2, 4, (2, 2, 2), (1, 1, 1), (1, 1, 1), (2, 1, 1), 2, True),
    ]
    for name, spatial, inputs, outputs, kernel, stride, padding, dilation, groups, bias in table:
        function = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[len(spatial)]
        parameters = {"weight": g.uniform(outputs, *kernel, inputs // groups)}
        if bias:
            parameters["bias"] = g.uniform(outputs)

        def run(v, function=function, stride=stride, padding=padding, dilation=dilation, groups=groups, bias=bias):
            y = function(first(v["x"]), first(v["weight"]), v["bias"] if bias else None,
                         stride, padding, dilation, groups)
            return last(y)

        config = {"inputs": inputs, "outputs": outputs, "kernel": kernel, "stride": stride, "padding": padding,
                  "dilation": dilation, "groups": groups, "bias": bias}
        g.case(name, f"Convolution{len(spatial)}D", config, {"x": g.uniform(2, *spatial, inputs)}, run, parameters)


def transposed(g):
    # name, spatial, in, out, kernel, stride, padding, output padding, dilation, groups, bias
    table = [
        ("transposed1d", (5,), 3, 4, (3,), (2,), (1,), (0,), (1,), 1, True),
        ("transposed1d_output_padding", (5,), 4, 2, (3,), (2,), (1,), (1,), (1,), 2, True),
        ("transposed2d", (3, 4), 3, 2, (3, 3), (1, 1), (0, 0), (0, 0), (1, 1), 1, True),
        ("transposed2d_stride", (3, 4), 3, 2, (2, 2), (2, 2), (0, 0), (0, 0), (1, 1), 1, False),
        ("transposed2d_output_padding", (3, 4), 3, 2, (3, 3), (2, 2), (1, 1), (1, 1), (1, 1), 1, True),
        ("transposed2d_groups", (3, 4), 4, 6, (3, 2), (2, 1), (1, 0), (1, 0), (1, 1), 2, True),
        ("transposed2d_dilation", (3, 3), 2, 3, (3, 3), (2, 2), (1, 1), (1, 1), (2, 2), 1, True),
        ("transposed2d_kernel_below_stride", (3, 3), 2, 3, (2, 2), (3, 3), (0, 0), (1, 2), (1, 1), 1, True),
        ("transposed3d", (2, 3, 2), 2, 3, (3, 3, 3), (2, 2, 2), (1, 1, 1), (1, 0, 1), (1, 1, 1), 1, True),
    ]
    for name, spatial, inputs, outputs, kernel, stride, padding, extra, dilation, groups, bias in table:
        function = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}[len(spatial)]
        parameters = {"weight": g.uniform(outputs, *kernel, inputs // groups)}
        if bias:
            parameters["bias"] = g.uniform(outputs)

        def run(v, function=function, stride=stride, padding=padding, extra=extra, dilation=dilation, groups=groups,
                bias=bias):
            y = function(first(v["x"]), transposed_weight(v["weight"], groups), v["bias"] if bias else None,
                         stride, padding, extra, groups, dilation)
            return last(y)

        config = {"inputs": inputs, "outputs": outputs, "kernel": kernel, "stride": stride, "padding": padding,
                  "outputPadding": extra, "dilation": dilation, "groups": groups, "bias": bias}
        g.case(name, f"TransposedConvolution{len(spatial)}D", config, {"x": g.uniform(2, *spatial, inputs)}, run,
               parameters)


def normalisation(g):
    def batch_norm(v, training, momentum, affine, steps):
        for step in steps:
            # PyTorch updates running statistics in place; give it copies and hand the new values on.
            mean, variance = v["state/runningMean"].clone(), v["state/runningVariance"].clone()
            y = F.batch_norm(first(v[step]), mean, variance, v["weight"] if affine else None,
                             v["bias"] if affine else None, training, momentum, 1e-5)
            v["state/runningMean"], v["state/runningVariance"] = mean, variance
        return last(y)

    for shape, label in [((6, 3), "1d"), ((3, 4, 3), "sequence"), ((3, 4, 2, 3), "2d"), ((2, 2, 3, 2, 3), "3d")]:
        channels = shape[-1]
        initial = {"runningMean": numpy.zeros(channels, numpy.float32),
                   "runningVariance": numpy.ones(channels, numpy.float32)}
        for affine in (True, False) if label == "2d" else (True,):
            parameters = {"weight": g.uniform(channels), "bias": g.uniform(channels)} if affine else {}
            inputs = {"x1": g.uniform(*shape), "x2": g.uniform(*shape) * numpy.float32(1.5) + numpy.float32(0.5)}
            g.case(f"batch_norm_{label}_training" + ("" if affine else "_plain"), "BatchNorm",
                   {"channels": channels, "momentum": 0.1, "epsilon": 1e-5, "affine": affine, "training": True},
                   inputs, lambda v, affine=affine: batch_norm(v, True, 0.1, affine, ("x1", "x2")), parameters,
                   initial=initial)
        initial = {"runningMean": g.uniform(channels), "runningVariance": g.uniform(channels, low=0.3, high=2)}
        parameters = {"weight": g.uniform(channels), "bias": g.uniform(channels)}
        g.case(f"batch_norm_{label}_evaluation", "BatchNorm",
               {"channels": channels, "momentum": 0.1, "epsilon": 1e-5, "affine": True, "training": False},
               {"x1": g.uniform(*shape)}, lambda v: batch_norm(v, False, 0.1, True, ("x1",)), parameters,
               initial=initial)

    for name, shape, axes, affine, bias in [("layer_norm", (4, 6), 1, True, True),
                                            ("layer_norm_three_axes", (2, 3, 6), 1, True, True),
                                            ("layer_norm_two_normalised", (2, 3, 6), 2, True, True),
                                            ("layer_norm_no_bias", (4, 6), 1, True, False),
                                            ("layer_norm_plain", (4, 6), 1, False, False)]:
        normalised = shape[-axes:]
        parameters = {}
        if affine:
            parameters["weight"] = g.uniform(*normalised)
        if bias:
            parameters["bias"] = g.uniform(*normalised)
        g.case(name, "LayerNorm", {"shape": normalised, "epsilon": 1e-5, "affine": affine, "bias": bias},
               {"x": g.uniform(*shape)},
               lambda v, n=normalised: F.layer_norm(v["x"], n, v.get("weight"), v.get("bias"), 1e-5), parameters)
    for name, shape, epsilon in [("rms_norm", (4, 6), 1e-6), ("rms_norm_three_axes", (2, 3, 6), 1e-5)]:
        g.case(name, "RMSNorm", {"shape": shape[-1:], "epsilon": epsilon}, {"x": g.uniform(*shape)},
               lambda v, e=epsilon: F.rms_norm(v["x"], v["x"].shape[-1:], v["weight"], e),
               {"weight": g.uniform(shape[-1])})
    for name, shape, groups in [("group_norm", (2, 3, 4, 6), 2), ("group_norm_one_group", (2, 3, 2, 4), 1),
                                ("group_norm_of_vectors", (3, 6), 3), ("group_norm_per_channel", (2, 3, 3, 4), 4)]:
        channels = shape[-1]
        g.case(name, "GroupNorm", {"groups": groups, "channels": channels, "epsilon": 1e-5, "affine": True},
               {"x": g.uniform(*shape)},
               lambda v, n=groups: last(F.group_norm(first(v["x"]), n, v["weight"], v["bias"], 1e-5)),
               {"weight": g.uniform(channels), "bias": g.uniform(channels)})


def pooling(g):
    # name, spatial, kernel, stride, padding
    for name, spatial, kernel, stride, padding in [
            ("1d", (9,), (3,), (2,), (1,)), ("2d", (6, 6), (2, 2), (2, 2), (0, 0)),
            ("2d_leaves_border", (7, 5), (2, 2), (2, 2), (0, 0)), ("2d_overlap", (7, 7), (3, 3), (2, 2), (1, 1)),
            ("2d_uneven", (6, 7), (3, 2), (1, 2), (1, 0)), ("3d", (4, 5, 4), (2, 3, 2), (2, 1, 2), (0, 1, 1))]:
        rank = len(spatial)
        config = {"kernel": kernel, "stride": stride, "padding": padding}
        maximum = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}[rank]
        average = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}[rank]
        x = {"x": g.uniform(2, *spatial, 3)}
        g.case(f"max_pool_{name}", f"MaxPool{rank}D", config, x,
               lambda v, f=maximum, k=kernel, s=stride, p=padding: last(f(first(v["x"]), k, s, p)))
        for counted in (True, False) if any(padding) else (True,):
            g.case(f"average_pool_{name}" + ("" if counted else "_padding_not_counted"), f"AveragePool{rank}D",
                   {**config, "countsPadding": counted}, x,
                   lambda v, f=average, k=kernel, s=stride, p=padding, c=counted: last(
                       f(first(v["x"]), k, s, p, False, c)))
    for name, spatial, scales in [("1d", (5,), (3,)), ("2d", (3, 4), (2, 2)), ("2d_uneven", (3, 4), (1, 3))]:
        g.case(f"upsample_{name}", "Upsample", {"scales": scales}, {"x": g.uniform(2, *spatial, 3)},
               lambda v, s=scales: last(F.interpolate(first(v["x"]), scale_factor=s, mode="nearest")))
    # Equal values in a window: PyTorch gives the whole gradient to the first one in row-major order.
    ties = g.random.randint(0, 2, (2, 4, 4, 3)).astype(numpy.float32)
    g.case("max_pool_2d_ties", "MaxPool2D", {"kernel": (2, 2), "stride": (2, 2), "padding": (0, 0)}, {"x": ties},
           lambda v: last(F.max_pool2d(first(v["x"]), 2)))
    for name, spatial, output in [("adaptive_average_pool_1d", (7,), (3,)), ("adaptive_average_pool_2d", (7, 5), (3, 2)),
                                  ("adaptive_average_pool_2d_divides", (6, 4), (3, 2)),
                                  ("adaptive_average_pool_2d_grows", (2, 3), (3, 5)),
                                  ("adaptive_average_pool_3d", (4, 5, 3), (2, 2, 2))]:
        function = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}[len(spatial)]
        g.case(name, f"AdaptiveAveragePool{len(spatial)}D", {"output": output}, {"x": g.uniform(2, *spatial, 3)},
               lambda v, f=function, o=output: last(f(first(v["x"]), o)))
    for spatial in [(5,), (4, 3), (2, 3, 2)]:
        axes = tuple(range(1, len(spatial) + 1))
        x = {"x": g.uniform(2, *spatial, 3)}
        g.case(f"global_average_pool_{len(spatial)}d", "GlobalAveragePool", {}, x,
               lambda v, a=axes: v["x"].mean(dim=a))
        g.case(f"global_max_pool_{len(spatial)}d", "GlobalMaxPool", {}, x, lambda v, a=axes: v["x"].amax(dim=a))


def embedding(g):
    indices = numpy.array([[1, 5, 1], [0, 6, 1]], numpy.int32)
    g.case("embedding", "Embedding", {"count": 7, "dimension": 4}, {"indices": indices},
           lambda v: F.embedding(v["indices"], v["weight"]), {"weight": g.uniform(7, 4)})
    # Row `paddingIndex` is read as it is, but gets no gradient.
    g.case("embedding_padding", "Embedding", {"count": 7, "dimension": 4, "paddingIndex": 1}, {"indices": indices},
           lambda v: F.embedding(v["indices"], v["weight"], padding_idx=1), {"weight": g.uniform(7, 4)})
