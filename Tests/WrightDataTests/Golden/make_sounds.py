"""Makes the spectrograms that `SoundTests.swift` is held against, with torch's Fourier transform and formulas written anew.

    python3 make_sounds.py     # torch 2.13
"""
import json, math, os
import torch

RATE, WINDOW, HOP, BANDS, LOWEST, RANGE, COEFFICIENTS = 8000, 200, 80, 24, 20.0, 80.0, 10
count = 1200
time = torch.arange(count, dtype=torch.float64) / RATE
sound = 0.5 * torch.sin(2 * math.pi * 440 * time) + 0.2 * torch.sin(2 * math.pi * (600 + 4000 * time) * time)
sound = sound * torch.exp(-3 * time)

frames = sound.unfold(0, WINDOW, HOP) * torch.hann_window(WINDOW, periodic=True, dtype=torch.float64)
power = torch.fft.rfft(frames, n=256).abs() ** 2
mel = lambda frequency: 2595 * math.log10(1 + frequency / 700)
edges = 700 * (10 ** (torch.linspace(mel(LOWEST), mel(RATE / 2), BANDS + 2, dtype=torch.float64) / 2595) - 1)
frequencies = torch.arange(129, dtype=torch.float64) * RATE / 256
rising = (frequencies[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
falling = (edges[2:, None] - frequencies[None]) / (edges[2:] - edges[1:-1])[:, None]
filters = torch.minimum(rising, falling).clamp(min=0)
decibels = 10 * torch.log10((power @ filters.T).clamp(min=1e-10))
decibels = (decibels - decibels.max()).clamp(min=-RANGE)
number, band = torch.arange(COEFFICIENTS, dtype=torch.float64)[:, None], torch.arange(BANDS, dtype=torch.float64)[None]
cosines = torch.cos(math.pi * number * (band + 0.5) / BANDS) * math.sqrt(2 / BANDS)
cosines[0] = math.sqrt(1 / BANDS)
text = json.dumps(
    {
        "decibels": [[round(value, 4) for value in row] for row in decibels.tolist()],
        "coefficients": [[round(value, 4) for value in row] for row in (decibels @ cosines.T).tolist()],
    })
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "spectrogram.json"), "w") as file:
    file.write(text + "\n")
