"""JAX's training step on the benchmark's workloads: one jitted function, its state donated."""

import os

import serve  # before jax: its clock covers the imports below

options = serve.arguments(["jax-jit"])
# XLA sizes its thread pool by the processors this process may use; it has no setting for it.
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: options.threads]))
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy  # noqa: E402
from jax import lax  # noqa: E402

COMPUTE = jnp.bfloat16 if options.precision == "bfloat16" else jnp.float32
random = numpy.random.RandomState(0)


def weights(*shape, fan_in):
    return random.uniform(-(fan_in**-0.5), fan_in**-0.5, shape).astype(numpy.float32)


def dense_weights(inputs, outputs):
    return {"w": weights(inputs, outputs, fan_in=inputs), "b": weights(outputs, fan_in=inputs)}


def dense(p, x):
    return x @ p["w"].astype(COMPUTE) + p["b"].astype(COMPUTE)


def conv_weights(size, inputs, outputs, bias=True):
    fan_in = size * size * inputs
    p = {"w": weights(size, size, inputs, outputs, fan_in=fan_in)}
    return {**p, "b": weights(outputs, fan_in=fan_in)} if bias else p


def conv(p, x, stride=1, padding="VALID"):
    y = lax.conv_general_dilated(x, p["w"].astype(COMPUTE), (stride, stride), padding,
                                 dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return y + p["b"].astype(COMPUTE) if "b" in p else y


def max_pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def norm_weights(channels):
    return {"scale": numpy.ones(channels, numpy.float32), "shift": numpy.zeros(channels, numpy.float32)}


def norm_statistics(channels):
    return {"mean": numpy.zeros(channels, numpy.float32), "variance": numpy.ones(channels, numpy.float32)}


def batch_norm(p, s, x):
    """Returns the normalised values and the running statistics after this batch."""
    full = x.astype(jnp.float32)
    mean = full.mean((0, 1, 2))
    variance = jnp.square(full).mean((0, 1, 2)) - jnp.square(mean)
    count = x.size // x.shape[-1]
    y = (full - mean) * (lax.rsqrt(variance + 1e-5) * p["scale"]) + p["shift"]
    new = {"mean": 0.9 * s["mean"] + 0.1 * mean, "variance": 0.9 * s["variance"] + 0.1 * variance * count / (count - 1)}
    return y.astype(COMPUTE), new


def mlp1():
    def forward(p, s, x, key):
        return dense(p[1], jax.nn.relu(dense(p[0], x))), s

    return [dense_weights(784, 128), dense_weights(128, 10)], {}, forward, (32, 784)


def mlp2():
    def forward(p, s, x, key):
        x = jax.nn.relu(dense(p[1], jax.nn.relu(dense(p[0], x))))
        keep = jax.random.bernoulli(key, 0.5, x.shape)
        return dense(p[2], jnp.where(keep, x / 0.5, 0)), s

    return [dense_weights(784, 512), dense_weights(512, 256), dense_weights(256, 10)], {}, forward, (64, 784)


def cnn():
    def forward(p, s, x, key):
        x = max_pool(jax.nn.relu(conv(p[0], x)))
        x = max_pool(jax.nn.relu(conv(p[1], x)))
        x = jax.nn.relu(conv(p[2], x)).reshape(x.shape[0], -1)
        return dense(p[4], jax.nn.relu(dense(p[3], x))), s

    p = [conv_weights(3, 3, 32), conv_weights(3, 32, 64), conv_weights(3, 64, 64), dense_weights(1024, 64),
         dense_weights(64, 10)]
    return p, {}, forward, (64, 32, 32, 3)


def resnet18():
    stages = [(64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2),
              (512, 512, 1)]
    p = {"stem": conv_weights(3, 3, 64, bias=False), "norm": norm_weights(64), "head": dense_weights(512, 10)}
    s = {"norm": norm_statistics(64)}
    for i, (inputs, outputs, stride) in enumerate(stages):
        p[f"block{i}"] = {"conv1": conv_weights(3, inputs, outputs, bias=False), "norm1": norm_weights(outputs),
                          "conv2": conv_weights(3, outputs, outputs, bias=False), "norm2": norm_weights(outputs)}
        s[f"block{i}"] = {"norm1": norm_statistics(outputs), "norm2": norm_statistics(outputs)}
        if stride != 1:
            p[f"block{i}"] |= {"short": conv_weights(1, inputs, outputs, bias=False), "norm3": norm_weights(outputs)}
            s[f"block{i}"]["norm3"] = norm_statistics(outputs)

    def forward(p, s, x, key):
        new = {}
        x, new["norm"] = batch_norm(p["norm"], s["norm"], conv(p["stem"], x, 1, ((1, 1), (1, 1))))
        x = jax.nn.relu(x)
        for i, (_, _, stride) in enumerate(stages):
            q, t, n = p[f"block{i}"], s[f"block{i}"], {}
            y, n["norm1"] = batch_norm(q["norm1"], t["norm1"], conv(q["conv1"], x, stride, ((1, 1), (1, 1))))
            y, n["norm2"] = batch_norm(q["norm2"], t["norm2"], conv(q["conv2"], jax.nn.relu(y), 1, ((1, 1), (1, 1))))
            if stride != 1:
                x, n["norm3"] = batch_norm(q["norm3"], t["norm3"], conv(q["short"], x, stride))
            x = jax.nn.relu(x + y)
            new[f"block{i}"] = n
        return dense(p["head"], x.mean((1, 2))), new

    return p, s, forward, (32, 32, 32, 3)


def lstm():
    def forward(p, s, x, key):
        projected = dense(p["input"], p["table"].astype(COMPUTE)[x.T])

        def cell(carry, gates):
            h, c = carry
            i, f, g, o = jnp.split(gates + dense(p["hidden"], h), 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

        zeros = jnp.zeros((x.shape[0], 64), COMPUTE)
        (h, _), _ = lax.scan(cell, (zeros, zeros), projected)
        return dense(p["head"], h), s

    p = {"table": random.standard_normal((10_000, 32)).astype(numpy.float32),
         "input": {"w": weights(32, 256, fan_in=64), "b": weights(256, fan_in=64)},
         "hidden": {"w": weights(64, 256, fan_in=64), "b": weights(256, fan_in=64)}, "head": dense_weights(64, 1)}
    return p, {}, forward, (32, 200)


def gpt(vocabulary=65, places=128, layers=6, width=192, heads=6):
    def layer_norm(p, x):
        full = x.astype(jnp.float32)
        centered = full - full.mean(-1, keepdims=True)
        y = centered * lax.rsqrt(jnp.square(centered).mean(-1, keepdims=True) + 1e-5) * p["scale"] + p["shift"]
        return y.astype(COMPUTE)

    def forward(p, s, x, key):
        batch, count = x.shape
        x = p["tokens"].astype(COMPUTE)[x] + p["positions"].astype(COMPUTE)[:count]
        for q in p["layers"]:
            parts = jnp.split(dense(q["projection"], layer_norm(q["norm1"], x)), 3, -1)
            parts = [part.reshape(batch, count, heads, -1) for part in parts]
            y = jax.nn.dot_product_attention(*parts, is_causal=True).reshape(x.shape)
            x = x + dense(q["joined"], y)
            x = x + dense(q["output"], jax.nn.gelu(dense(q["expansion"], layer_norm(q["norm2"], x)), approximate=True))
        return layer_norm(p["norm"], x) @ p["tokens"].astype(COMPUTE).T, s

    def normal(*shape):
        return 0.02 * random.standard_normal(shape).astype(numpy.float32)

    def layer():
        return {"norm1": norm_weights(width), "norm2": norm_weights(width),
                "projection": dense_weights(width, 3 * width), "joined": dense_weights(width, width),
                "expansion": dense_weights(width, 4 * width), "output": dense_weights(4 * width, width)}

    p = {"tokens": normal(vocabulary, width), "positions": normal(places, width), "norm": norm_weights(width),
         "layers": [layer() for _ in range(layers)]}
    return p, {}, forward, (16, places)


def main():
    options.memory_format = "channels_last"
    p, s, forward, shape = {"mlp1": mlp1, "mlp2": mlp2, "cnn": cnn, "resnet18": resnet18, "lstm": lstm,
                            "gpt": gpt}[options.workload]()
    if len(shape) == 2:
        options.memory_format = "contiguous"

    vocabulary = {"lstm": 10_000, "gpt": 65}.get(options.workload)
    classes = {"lstm": 2, "gpt": 65}.get(options.workload, 10)

    def objective(p, s, x, y, key):
        logits, new = forward(p, s, x if vocabulary else x.astype(COMPUTE), key)
        if options.workload == "lstm":
            logits = logits.astype(jnp.float32).ravel()
            return (jax.nn.softplus(logits) - logits * y).mean(), new
        logs = jax.nn.log_softmax(logits.astype(jnp.float32))
        return -jnp.take_along_axis(logs, y[..., None], -1).mean(), new

    def train(state, x, y):
        p, s, m, v, t, key = state
        key, used = jax.random.split(key)
        (loss, s), g = jax.value_and_grad(objective, has_aux=True)(p, s, x, y, used)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        c1, c2 = 1 - 0.9**t, 1 - 0.999**t
        p = jax.tree.map(lambda p, m, v: p - 1e-3 * (m / c1) / (jnp.sqrt(v / c2) + 1e-8), p, m, v)
        return (p, s, m, v, t, key), loss

    jitted = jax.jit(train, donate_argnums=0)
    p, s = jax.tree.map(jnp.asarray, (p, s))
    zeros = jax.tree.map(jnp.zeros_like, p)
    state = (p, s, zeros, jax.tree.map(jnp.zeros_like, p), jnp.float32(0), jax.random.key(0, impl="rbg"))
    x = random.randint(0, vocabulary, shape) if vocabulary else random.uniform(-1, 1, shape).astype(numpy.float32)
    x, y = jnp.asarray(x), jnp.asarray(random.randint(0, classes, shape if options.workload == "gpt" else shape[0]))

    def step():
        nonlocal state
        state, loss = jitted(state, x, y)
        return float(loss)

    serve.main(options, step, f"jax {jax.__version__}")


main()
