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
    g.write()
