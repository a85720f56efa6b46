"""Makes evaluation.json: label sets, ranked lists, forecasts, calibration and tests of significance. Run once, never in CI.

scikit-learn 1.9.1, SciPy 1.17.1, NumPy 2.4.6.
"""
import json
import numpy as np
from scipy import optimize, stats
from sklearn import calibration, isotonic, metrics as m

rng = np.random.default_rng(11)


def numbers(a):
    return [float(x) for x in np.asarray(a).ravel()]


def label_sets(n, labels, empty=()):
    truth = (rng.random((n, labels)) < 0.4).astype(int)
    truth[:, list(empty)] = 0
    truth[0] = 0
    p = np.clip(truth * 0.35 + rng.random((n, labels)) * 0.65, 0, 1).astype(np.float32)
    p[0] = 0.1
    predicted = (p > 0.5).astype(int)
    values = {f"f1_{kind}": m.f1_score(truth, predicted, average=kind, zero_division=0)
              for kind in ("micro", "macro", "weighted", "samples")}
    values |= {"accuracy": m.accuracy_score(truth, predicted), "hamming_loss": m.hamming_loss(truth, predicted)}
    return {"labels": labels, "targets": numbers(truth), "outputs": numbers(p), "values": values}


def ranked_lists(queries, items, k, ties):
    relevance = rng.choice([0, 0, 0, 1, 2, 3], (queries, items)).astype(float)
    relevance[2] = 0
    scores = (relevance * 0.4 + rng.normal(size=(queries, items))).astype(np.float32)
    if ties:
        scores = np.round(scores)
    values = {f"ndcg@{k}": m.ndcg_score(relevance, scores, k=k)}
    hits, reciprocal, precision = [], [], []
    for r, s in zip(relevance, scores):
        ranked = (r > 0)[np.lexsort((r, -s))]
        places = np.flatnonzero(ranked) + 1
        hits.append(float(len(places) > 0 and places[0] <= k))
        reciprocal.append(1 / places[0] if len(places) else 0)
        precision.append(np.mean(np.arange(1, len(places) + 1) / places) if len(places) else 0)
        if len(places) and not ties:
            assert np.isclose(precision[-1], m.average_precision_score(r > 0, s))
    values |= {f"hit_rate@{k}": np.mean(hits), "mrr": np.mean(reciprocal), "map": np.mean(precision)}
    return {"items": items, "k": k, "targets": numbers(relevance), "outputs": numbers(scores), "values": values}


def forecast(n, season):
    series = (10 + 3 * np.sin(np.arange(n) * 2 * np.pi / season) + rng.normal(size=n)).astype(np.float32)
    train, test = series[:-12].astype(np.float64), series[-12:]
    output = (test + rng.normal(size=12) * 0.7).astype(np.float32)
    t, o = test.astype(np.float64), output.astype(np.float64)
    scale = np.abs(train[season:] - train[:-season]).mean()
    return {"season": season, "training": numbers(train), "targets": numbers(test), "outputs": numbers(output),
            "values": {"mase": np.abs(t - o).mean() / scale,
                       "smape": (2 * np.abs(t - o) / (np.abs(t) + np.abs(o))).mean()}}


def calibrations():
    n = 300
    y = rng.integers(0, 2, n)
    x = (2.5 * (y - 0.5) + rng.normal(size=n) * 1.5) * 2
    p = np.round(1 / (1 + np.exp(-x)), 2).astype(np.float32)
    p = np.clip(p, 0.01, 0.99).astype(np.float32)
    q = p.astype(np.float64)
    odds = np.log(q) - np.log(1 - q)
    logits = np.stack([np.log(1 - q), np.log(q)], 1)

    def loss(t):
        z = logits / t
        z = z - z.max(1, keepdims=True)
        return -(z[np.arange(n), y] - np.log(np.exp(z).sum(1))).mean()
    a, b = calibration._SigmoidCalibration().fit(odds, y).__dict__.values()
    steps = isotonic.IsotonicRegression(out_of_bounds="clip").fit(q, y)
    asked = np.array([0.0, 0.01, 0.123, 0.3, 0.455, 0.5, 0.51, 0.77, 0.902, 0.99, 1.0])
    return {"labels": numbers(y), "probabilities": numbers(p), "asked": numbers(asked),
            "temperature": optimize.minimize_scalar(loss, bounds=(0.05, 20), method="bounded",
                                                    options={"xatol": 1e-10}).x,
            "slope": a, "intercept": b, "isotonic": numbers(steps.predict(asked))}


with open("evaluation.json", "w") as file:
    json.dump({
        "label sets": [label_sets(40, 5), label_sets(30, 4, empty=(2,))],
        "ranked lists": [ranked_lists(9, 14, 5, ties=False), ranked_lists(9, 14, 5, ties=True),
                         ranked_lists(6, 4, 10, ties=True)],
        "forecasts": [forecast(60, 1), forecast(80, 7)],
        "calibration": calibrations(),
        "binomial": [{"first": a, "second": b, "probability": stats.binomtest(a, a + b).pvalue}
                     for a, b in ((3, 11), (50, 80), (7, 7), (0, 5), (900, 1010))],
    }, file)
    file.write("\n")
