"""Makes metrics.json: predictions and what scikit-learn says of them. Run once, never in CI.

scikit-learn 1.9.1, NumPy 2.4.6.
"""
import json
import numpy as np
from sklearn import metrics as m

rng = np.random.default_rng(7)


def expected_calibration_error(p, y, bins=15):
    choice, confidence = p.argmax(1), p.max(1).astype(np.float64)
    which = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    error = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            error += abs((choice == y)[inside].sum() - confidence[inside].sum())
    return error / len(y)


def classification(name, n, classes, ties=False, missing=None, k=2):
    logits = rng.normal(size=(n, classes)) * 1.5
    y = rng.integers(0, classes, n)
    if missing is not None:
        y[y == missing] = (missing + 1) % classes
    logits[np.arange(n), y] += 1
    p = np.exp(logits)
    if missing is not None:
        p[:, missing] *= 1e-3
    p = (p / p.sum(1, keepdims=True)).astype(np.float32)
    if ties:
        p = (np.round(p * 8) / 8).astype(np.float32)
    predicted = p.argmax(1)
    values = {
        "accuracy": m.accuracy_score(y, predicted),
        "balanced_accuracy": m.recall_score(y, predicted, average="macro", labels=sorted(set(y.tolist()))),
        "matthews_corrcoef": m.matthews_corrcoef(y, predicted),
        "cohen_kappa": m.cohen_kappa_score(y, predicted),
        "calibration_error": expected_calibration_error(p, y),
        "log_loss": float(-np.log(np.clip(p[np.arange(n), y].astype(np.float64), np.finfo(np.float32).eps,
                                          1 - np.finfo(np.float32).eps)).mean()),
    }
    if not ties:
        values["log_loss"] = m.log_loss(y, p, labels=list(range(classes)))
        values["brier_score"] = m.brier_score_loss(
            y if classes > 2 else y, p.astype(np.float64) if classes > 2 else p[:, 1].astype(np.float64),
            **({"labels": list(range(classes))} if classes > 2 else {}))
    for kind in ("macro", "micro", "weighted"):
        values[f"precision_{kind}"] = m.precision_score(y, predicted, average=kind, zero_division=0)
        values[f"recall_{kind}"] = m.recall_score(y, predicted, average=kind, zero_division=0)
        values[f"f1_{kind}"] = m.f1_score(y, predicted, average=kind, zero_division=0)
    if classes > 2:
        values[f"top{k}_accuracy"] = m.top_k_accuracy_score(y, p, k=k, labels=list(range(classes)))
    lists = {
        "confusion": m.confusion_matrix(y, predicted, labels=list(range(classes))).ravel(),
        "precision": m.precision_score(y, predicted, average=None, labels=list(range(classes)), zero_division=0),
        "recall": m.recall_score(y, predicted, average=None, labels=list(range(classes)), zero_division=0),
        "f1": m.f1_score(y, predicted, average=None, labels=list(range(classes)), zero_division=0),
        "average_precision": [m.average_precision_score(y == c, p[:, c]) if (y == c).any() else 0.0
                              for c in (range(classes) if classes > 2 else [1])],
    }
    if classes == 2:
        fpr, tpr, thresholds = m.roc_curve(y, p[:, 1], drop_intermediate=False)
        lists |= {"fpr": fpr[1:], "tpr": tpr[1:], "thresholds": thresholds[1:]}
        # scikit-learn begins with the lowest threshold and adds a last point of precision 1.
        lists["curve_precision"] = m.precision_recall_curve(y, p[:, 1])[0][:-1][::-1]
    if missing is None:
        lists["roc_auc"] = [m.roc_auc_score(y == c, p[:, c]) for c in (range(classes) if classes > 2 else [1])]
        values["roc_auc"] = (m.roc_auc_score(y, p / p.astype(np.float64).sum(1, keepdims=True), multi_class="ovr")
                             if classes > 2 and not ties else float(np.mean(lists["roc_auc"])))
    return {"name": name, "classes": classes, "k": k, "labels": y.tolist(),
            "probabilities": [float(x) for x in p.ravel()], "values": values,
            "lists": {key: [float(x) for x in v] for key, v in lists.items()}}


def regression(name, n, constant=False, offset=0.0):
    target = (np.full(n, 3.0) if constant else rng.normal(size=n) * 2 + offset).astype(np.float32)
    output = (target + rng.normal(size=n) * 0.5).astype(np.float32)
    t, o = target.astype(np.float64), output.astype(np.float64)
    return {"name": name, "targets": [float(x) for x in target], "outputs": [float(x) for x in output],
            "values": {"mse": m.mean_squared_error(t, o), "rmse": m.root_mean_squared_error(t, o),
                       "mae": m.mean_absolute_error(t, o), "r2": m.r2_score(t, o),
                       "mape": m.mean_absolute_percentage_error(t, o),
                       "median_absolute_error": m.median_absolute_error(t, o)}}


cases = {
    "classification": [
        classification("binary", 60, 2), classification("four classes", 80, 4, k=2),
        classification("ties", 60, 3, ties=True, k=2), classification("a class that never occurs", 50, 5, missing=3, k=3),
    ],
    "regression": [regression("plain", 70), regression("constant targets", 20, constant=True),
                   regression("far from zero", 50, offset=10_000.0)],
}
with open("metrics.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
