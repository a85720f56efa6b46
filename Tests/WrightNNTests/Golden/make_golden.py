"""Makes every golden file in this folder with PyTorch: `python make_golden.py`. Run by hand, never in CI.

Needs torch, numpy and safetensors in the versions of Benchmarks/peers/requirements.txt. README.md beside this file
describes what it writes.
"""

import golden_activations
import golden_layers
import golden_losses
import golden_optimizers
import golden_recurrent
import golden_schedules
import golden_transformers
import torch

torch.set_num_threads(1)
for module in (golden_layers, golden_activations, golden_losses, golden_optimizers, golden_recurrent, golden_schedules,
               golden_transformers):
    module.make()
