"""Golden values of losses, with each way of reducing them."""

import numpy
import torch
from golden_format import Group
from torch.nn import functional as F

REDUCTIONS = ("mean", "sum", "none")


def focal(logits, targets, alpha, gamma, reduction):
    """Sigmoid focal loss (Lin et al. 2017), as torchvision's `sigmoid_focal_loss` writes it."""
    probability = torch.sigmoid(logits)
    loss = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    hit = probability * targets + (1 - probability) * (1 - targets)
    loss = loss * (1 - hit) ** gamma
    if alpha is not None:
        loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
    return {"mean": loss.mean, "sum": loss.sum, "none": lambda: loss}[reduction]()


def make():
    g = Group("losses", seed=3)

    def each(name, kind, config, inputs, function, constant=(), reductions=REDUCTIONS):
        for reduction in reductions:
            g.case(f"{name}_{reduction}", kind, {**config, "reduction": reduction}, inputs,
                   lambda v: function(v, reduction), constant=constant)

    regression(g, each)
    cross_entropy(g, each)
    binary(g, each)
    others(g, each)
    g.write()


def regression(g, each):
    inputs = {"prediction": g.uniform(3, 4), "target": g.uniform(3, 4)}
    each("mse", "meanSquaredError", {}, inputs, lambda v, r: F.mse_loss(v["prediction"], v["target"], reduction=r))
    each("mae", "meanAbsoluteError", {}, inputs, lambda v, r: F.l1_loss(v["prediction"], v["target"], reduction=r))
    for delta, label in [(1.0, ""), (0.5, "_half")]:
        each(f"huber{label}", "huber", {"delta": delta}, inputs,
             lambda v, r, d=delta: F.huber_loss(v["prediction"], v["target"], reduction=r, delta=d))
        each(f"smooth_l1{label}", "smoothL1", {"beta": delta}, inputs,
             lambda v, r, d=delta: F.smooth_l1_loss(v["prediction"], v["target"], reduction=r, beta=d))
    gaussian = {**inputs, "variance": g.uniform(3, 4, low=0.2, high=2)}
    for full in (False, True):
        each("gaussian_nll" + ("_full" if full else ""), "gaussianNegativeLogLikelihood",
             {"full": full, "epsilon": 1e-6}, gaussian,
             lambda v, r, f=full: F.gaussian_nll_loss(v["prediction"], v["target"], v["variance"], f, 1e-6, r))
    zero = numpy.zeros((2, 3), numpy.float32)
    each("mae_at_zero", "meanAbsoluteError", {}, {"prediction": zero, "target": zero},
         lambda v, r: F.l1_loss(v["prediction"], v["target"], reduction=r), reductions=("mean",))


def cross_entropy(g, each):
    logits = g.uniform(5, 4, low=-3, high=3)
    classes = numpy.array([0, 3, 1, 1, 2], numpy.int32)
    weights = numpy.array([0.5, 1.0, 2.0, 0.25], numpy.float32)
    hard = {"logits": logits, "classes": classes}

    def run(v, reduction, **options):
        return F.cross_entropy(v["logits"].movedim(-1, 1), v["classes"], v.get("classWeights"),
                               reduction=reduction, **options)

    kind = "crossEntropy"
    each("cross_entropy", kind, {}, hard, run)
    each("cross_entropy_smoothing", kind, {"labelSmoothing": 0.1}, hard,
         lambda v, r: run(v, r, label_smoothing=0.1))
    # The mean divides by the sum of the weights of the classes seen, as PyTorch's does.
    each("cross_entropy_weights", kind, {}, {**hard, "classWeights": weights}, run, constant=("classWeights",))
    each("cross_entropy_weights_smoothing", kind, {"labelSmoothing": 0.1}, {**hard, "classWeights": weights},
         lambda v, r: run(v, r, label_smoothing=0.1), constant=("classWeights",))
    ignored = {"logits": logits, "classes": numpy.array([0, -100, 1, -100, 2], numpy.int32)}
    each("cross_entropy_ignore", kind, {"ignoreIndex": -100}, ignored, run)
    each("cross_entropy_ignore_other", kind, {"ignoreIndex": 1}, hard, lambda v, r: run(v, r, ignore_index=1))
    each("cross_entropy_ignore_weights_smoothing", kind, {"ignoreIndex": -100, "labelSmoothing": 0.1},
         {**ignored, "classWeights": weights}, lambda v, r: run(v, r, label_smoothing=0.1),
         constant=("classWeights",))
    dense = {"logits": g.uniform(2, 3, 2, 4, low=-3, high=3),
             "classes": g.random.randint(0, 4, (2, 3, 2)).astype(numpy.int32)}
    each("cross_entropy_dense", kind, {}, dense, run)
    far = {"logits": numpy.array([[1000, 0, -1000], [-1000, 1000, 999]], numpy.float32),
           "classes": numpy.array([1, 2], numpy.int32)}
    each("cross_entropy_far", kind, {}, far, run)

    def soft(v, reduction, **options):
        return F.cross_entropy(v["logits"], v["probabilities"], v.get("classWeights"), reduction=reduction, **options)

    probabilities = g.uniform(5, 4, low=0, high=1)
    probabilities[1] = [0, 0, 1, 0]
    probabilities = (probabilities / probabilities.sum(1, keepdims=True)).astype(numpy.float32)
    inputs = {"logits": logits, "probabilities": probabilities}
    each("soft_cross_entropy", "softCrossEntropy", {}, inputs, soft)
    each("soft_cross_entropy_smoothing", "softCrossEntropy", {"labelSmoothing": 0.1}, inputs,
         lambda v, r: soft(v, r, label_smoothing=0.1), constant=("probabilities",))
    each("soft_cross_entropy_weights", "softCrossEntropy", {}, {**inputs, "classWeights": weights}, soft,
         constant=("classWeights", "probabilities"))

    log_probabilities = numpy.log(probabilities.clip(1e-3)).astype(numpy.float32)
    kl = {"logProbabilities": log_probabilities, "target": probabilities}
    all_four = ("batchmean",) + REDUCTIONS
    each("kl", "klDivergence", {"logTarget": False}, kl,
         lambda v, r: F.kl_div(v["logProbabilities"], v["target"], reduction=r), constant=("target",),
         reductions=all_four)
    each("kl_log_target", "klDivergence", {"logTarget": True},
         {"logProbabilities": log_probabilities, "target": log_probabilities[::-1].copy()},
         lambda v, r: F.kl_div(v["logProbabilities"], v["target"], reduction=r, log_target=True),
         constant=("target",), reductions=all_four)


def binary(g, each):
    targets = g.random.randint(0, 2, (4, 3)).astype(numpy.float32)
    targets[0, 0] = 0.3
    logits = {"logits": g.uniform(4, 3, low=-3, high=3), "target": targets}
    far = {"logits": numpy.array([-1000, -100, -20, 0, 20, 100, 1000] * 2, numpy.float32),
           "target": numpy.array([0] * 7 + [1] * 7, numpy.float32)}
    fixed = ("target", "positiveWeight")

    def with_logits(v, reduction):
        return F.binary_cross_entropy_with_logits(v["logits"], v["target"], reduction=reduction,
                                                  pos_weight=v.get("positiveWeight"))

    kind = "binaryCrossEntropyWithLogits"
    each("bce_logits", kind, {}, logits, with_logits, fixed)
    each("bce_logits_far", kind, {}, far, with_logits, fixed)
    weight = {"positiveWeight": numpy.array([2, 0.5, 1.5], numpy.float32)}
    each("bce_logits_positive_weight", kind, {}, {**logits, **weight}, with_logits, fixed)
    probabilities = {"probabilities": g.uniform(4, 3, low=0.05, high=0.95), "target": targets}
    # PyTorch clamps the logarithms at -100, so that certainty that is wrong costs 100 and not infinity; the slope
    # there is a matter of taste and is not compared.
    certain = {"probabilities": numpy.array([0, 1, 0, 1], numpy.float32),
               "target": numpy.array([0, 0, 1, 1], numpy.float32)}
    for name, inputs, constant in [("bce", probabilities, fixed), ("bce_certain", certain, tuple(certain))]:
        each(name, "binaryCrossEntropy", {}, inputs,
             lambda v, r: F.binary_cross_entropy(v["probabilities"], v["target"], reduction=r), constant)
    for name, alpha, gamma, inputs in [("focal", 0.25, 2.0, logits), ("focal_far", 0.25, 2.0, far),
                                       ("focal_no_alpha", None, 1.5, logits)]:
        config = {"gamma": gamma} if alpha is None else {"alpha": alpha, "gamma": gamma}
        each(name, "focal", config, inputs,
             lambda v, r, a=alpha, c=gamma: focal(v["logits"], v["target"], a, c, r), fixed)

    signs = {"prediction": g.uniform(4, 3), "target": g.random.choice([-1, 1], (4, 3)).astype(numpy.float32)}

    def hinge(v, reduction):
        loss = (1 - v["target"] * v["prediction"]).clamp(min=0)
        return {"mean": loss.mean, "sum": loss.sum, "none": lambda: loss}[reduction]()

    each("hinge", "hinge", {"margin": 1.0}, signs, hinge, fixed)
    each("hinge_embedding", "hingeEmbedding", {"margin": 1.0}, signs,
         lambda v, r: F.hinge_embedding_loss(v["prediction"], v["target"], 1.0, reduction=r), fixed)


def others(g, each):
    scores = {"prediction": g.uniform(4, 5), "classes": numpy.array([0, 4, 2, 2], numpy.int32)}
    for power in (1, 2):
        each("multi_class_hinge" + ("_squared" if power == 2 else ""), "multiClassHinge",
             {"margin": 1.0, "power": power}, scores,
             lambda v, r, p=power: F.multi_margin_loss(v["prediction"], v["classes"], p=p, reduction=r))
    triplet = {"anchor": g.uniform(4, 5), "positive": g.uniform(4, 5), "negative": g.uniform(4, 5)}
    for margin, label in [(1.0, ""), (0.2, "_small_margin")]:
        # The distance is ‖a − b + 1e-6‖, the epsilon added to each difference, as PyTorch's pairwise_distance does.
        each(f"triplet{label}", "tripletMargin", {"margin": margin, "epsilon": 1e-6}, triplet,
             lambda v, r, m=margin: F.triplet_margin_loss(v["anchor"], v["positive"], v["negative"], m, reduction=r))
    pairs = {"first": g.uniform(6, 4), "second": g.uniform(6, 4),
             "target": numpy.array([1, -1, 1, -1, -1, 1], numpy.float32)}
    for margin, label in [(0.0, ""), (0.5, "_margin")]:
        each(f"cosine{label}", "cosineEmbedding", {"margin": margin}, pairs,
             lambda v, r, m=margin: F.cosine_embedding_loss(v["first"], v["second"], v["target"], m, reduction=r),
             ("target",))
