"""Golden values of attention and Transformer layers, by PyTorch's own modules."""

import torch
from golden_format import Group
from torch import nn
from torch.nn import functional as F

DIMENSION, HEADS, HIDDEN = 12, 3, 20


def attention_parameters(g, prefix):
    return {f"{prefix}projection.weight": g.uniform(DIMENSION, 3 * DIMENSION, low=-0.5, high=0.5),
            f"{prefix}projection.bias": g.uniform(3 * DIMENSION),
            f"{prefix}output.weight": g.uniform(DIMENSION, DIMENSION, low=-0.5, high=0.5),
            f"{prefix}output.bias": g.uniform(DIMENSION)}


def attend(v, prefix, query, memory, causal):
    mask = nn.Transformer.generate_square_subsequent_mask(query.shape[1]).to(query.dtype) if causal else None
    out, _ = F.multi_head_attention_forward(
        query.transpose(0, 1), memory.transpose(0, 1), memory.transpose(0, 1), DIMENSION, HEADS,
        v[f"{prefix}projection.weight"].T, v[f"{prefix}projection.bias"], None, None, False, 0.0,
        v[f"{prefix}output.weight"].T, v[f"{prefix}output.bias"], attn_mask=mask, need_weights=False)
    return out.transpose(0, 1)


def layer_parameters(g):
    parameters = attention_parameters(g, "attention.")
    for name, shape in [("expansion", (DIMENSION, HIDDEN)), ("output", (HIDDEN, DIMENSION))]:
        parameters[f"feedForward.{name}.weight"] = g.uniform(*shape, low=-0.5, high=0.5)
        parameters[f"feedForward.{name}.bias"] = g.uniform(shape[1])
    for norm in ("attentionNorm", "feedForwardNorm"):
        parameters[f"{norm}.layerNorm.weight"] = g.uniform(DIMENSION)
        parameters[f"{norm}.layerNorm.bias"] = g.uniform(DIMENSION)
    return parameters


def encoder_layer(v, pre_norm, activation):
    module = nn.TransformerEncoderLayer(DIMENSION, HEADS, HIDDEN, 0.0, activation, norm_first=pre_norm,
                                        batch_first=True).to(v["x"].dtype)
    names = {"self_attn.in_proj_weight": v["attention.projection.weight"].T,
             "self_attn.in_proj_bias": v["attention.projection.bias"],
             "self_attn.out_proj.weight": v["attention.output.weight"].T,
             "self_attn.out_proj.bias": v["attention.output.bias"],
             "linear1.weight": v["feedForward.expansion.weight"].T, "linear1.bias": v["feedForward.expansion.bias"],
             "linear2.weight": v["feedForward.output.weight"].T, "linear2.bias": v["feedForward.output.bias"],
             "norm1.weight": v["attentionNorm.layerNorm.weight"], "norm1.bias": v["attentionNorm.layerNorm.bias"],
             "norm2.weight": v["feedForwardNorm.layerNorm.weight"], "norm2.bias": v["feedForwardNorm.layerNorm.bias"]}
    return torch.func.functional_call(module, names, (v["x"],))


def grouped_attention(v, key_heads, rotary, window, lengths):
    """Attention with `key_heads` of 4 heads of 4 numbers, by scaled_dot_product_attention."""
    x = v["x"]
    batch, places, size = x.shape[0], x.shape[1], 4
    packed = (x @ v["projection.weight"]).reshape(batch, places, -1, size).transpose(1, 2)
    q, k, value = packed.split([4, key_heads, key_heads], 1)
    if rotary:
        frequency = 10_000.0 ** (-torch.arange(0, size, 2, dtype=x.dtype) / size)
        angle = torch.arange(places, dtype=x.dtype)[:, None] * frequency
        angle = torch.cat([angle, angle], 1)

        def turned(t):
            halves = t.chunk(2, -1)
            return t * angle.cos() + torch.cat([-halves[1], halves[0]], -1) * angle.sin()

        q, k = turned(q), turned(k)
    place = torch.arange(places)
    seen = place[None, :] <= place[:, None]
    if window:
        seen = seen & (place[:, None] - place[None, :] < window)
    if lengths:
        seen = seen & (place[None, :] < torch.tensor(lengths)[:, None, None, None])
    out = F.scaled_dot_product_attention(q, k, value, attn_mask=seen, enable_gqa=True)
    return out.transpose(1, 2).reshape(batch, places, 16) @ v["output.weight"]


def decoder_layer(v, pre_norm):
    module = nn.TransformerDecoderLayer(DIMENSION, HEADS, HIDDEN, 0.0, norm_first=pre_norm,
                                        batch_first=True).to(v["x"].dtype)
    names = {}
    for theirs, ours in [("self_attn", "attention"), ("multihead_attn", "crossAttention")]:
        names[f"{theirs}.in_proj_weight"] = v[f"{ours}.projection.weight"].T
        names[f"{theirs}.in_proj_bias"] = v[f"{ours}.projection.bias"]
        names[f"{theirs}.out_proj.weight"] = v[f"{ours}.output.weight"].T
        names[f"{theirs}.out_proj.bias"] = v[f"{ours}.output.bias"]
    for theirs, ours in [("linear1", "expansion"), ("linear2", "output")]:
        names[f"{theirs}.weight"] = v[f"feedForward.{ours}.weight"].T
        names[f"{theirs}.bias"] = v[f"feedForward.{ours}.bias"]
    for theirs, ours in [("norm1", "attentionNorm"), ("norm2", "crossAttentionNorm"), ("norm3", "feedForwardNorm")]:
        names[f"{theirs}.weight"] = v[f"{ours}.layerNorm.weight"]
        names[f"{theirs}.bias"] = v[f"{ours}.layerNorm.bias"]
    x = v["x"]
    mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1]).to(x.dtype)
    memory = torch.cat([x, x * 0.5], 1)
    hidden = torch.arange(memory.shape[1])[None, :] >= torch.tensor([7, 10])[:, None]
    return torch.func.functional_call(module, names, (x, memory),
                                      {"tgt_mask": mask, "memory_key_padding_mask": hidden})


def llama_layer(v):
    x = v["x"]
    norm = lambda t, name: F.rms_norm(t, (16,), v[f"{name}.rmsNorm.weight"], 1e-5)
    inner = {"x": norm(x, "attentionNorm")}
    inner |= {name: v[f"attention.{name}"] for name in ("projection.weight", "output.weight")}
    x = x + grouped_attention(inner, 2, True, 0, None)
    y = norm(x, "feedForwardNorm")
    y = F.silu(y @ v["feedForward.expansion.weight"]) * (y @ v["feedForward.gate.weight"])
    return x + y @ v["feedForward.output.weight"]


def sinusoids(places, dimension):
    angle = torch.arange(places, dtype=torch.float64)[:, None] * 10_000.0 ** (
        -torch.arange(0, dimension, 2, dtype=torch.float64) / dimension)
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1)


def make():
    g = Group("transformers", seed=5)
    for name, causal in [("attention", False), ("attention_causal", True)]:
        g.case(name, "MultiHeadAttention", {"causal": causal}, {"x": g.uniform(2, 5, DIMENSION)},
               lambda v, c=causal: attend(v, "", v["x"], v["x"], c), attention_parameters(g, ""))
    # The other sequence is made from the first one, so that there is one input: itself, and then half of it.
    g.case("attention_cross", "CrossAttention", {}, {"x": g.uniform(2, 4, DIMENSION)},
           lambda v: attend(v, "", v["x"], torch.cat([v["x"], v["x"] * 0.5], 1), False), attention_parameters(g, ""))
    for name, pre_norm, activation in [("encoder_post_norm", False, "relu"), ("encoder_pre_norm", True, "gelu")]:
        g.case(name, "TransformerLayer", {"preNorm": pre_norm, "activation": activation},
               {"x": g.uniform(2, 5, DIMENSION)},
               lambda v, p=pre_norm, a=activation: encoder_layer(v, p, a), layer_parameters(g))
    for name, key_heads, rotary, window, lengths in [
            ("grouped", 2, False, 0, []), ("grouped_one", 1, False, 0, []), ("rotary", 4, True, 0, []),
            ("window", 4, False, 3, []), ("lengths", 2, True, 0, [4, 7]), ("window_lengths", 1, False, 2, [5, 6])]:
        g.case(f"attention_{name}", "GroupedAttention",
               {"keyHeads": key_heads, "rotary": rotary, "window": window, "lengths": lengths},
               {"x": g.uniform(2, 7, 16)},
               lambda v, k=key_heads, r=rotary, w=window, n=lengths: grouped_attention(v, k, r, w, n),
               {"projection.weight": g.uniform(16, (4 + 2 * key_heads) * 4, low=-0.5, high=0.5),
                "output.weight": g.uniform(16, 16, low=-0.5, high=0.5)})
    for name, pre_norm in [("decoder_post_norm", False), ("decoder_pre_norm", True)]:
        parameters = layer_parameters(g) | attention_parameters(g, "crossAttention.")
        parameters["crossAttentionNorm.layerNorm.weight"] = g.uniform(DIMENSION)
        parameters["crossAttentionNorm.layerNorm.bias"] = g.uniform(DIMENSION)
        g.case(name, "DecoderLayer", {"preNorm": pre_norm}, {"x": g.uniform(2, 5, DIMENSION)},
               lambda v, p=pre_norm: decoder_layer(v, p), parameters)
    shapes = {"attention.projection.weight": (16, 32), "attention.output.weight": (16, 16),
              "feedForward.expansion.weight": (16, 24), "feedForward.gate.weight": (16, 24),
              "feedForward.output.weight": (24, 16), "attentionNorm.rmsNorm.weight": (16,),
              "feedForwardNorm.rmsNorm.weight": (16,)}
    g.case("llama_layer", "LlamaLayer", {}, {"x": g.uniform(2, 7, 16)}, llama_layer,
           {name: g.uniform(*shape, low=-0.5, high=0.5) for name, shape in shapes.items()})
    g.case("sinusoidal_positions", "SinusoidalPositions", {}, {"x": g.uniform(2, 9, 6)},
           lambda v: v["x"] + sinusoids(9, 6).to(v["x"].dtype), {})
    g.write()
