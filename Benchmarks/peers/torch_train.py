"""PyTorch's training step on the benchmark's workloads: eager, or through torch.compile."""

import serve  # first: its clock covers the imports below
import torch
import torch_models


def main():
    options = serve.arguments(["torch-eager", "torch-compile"])
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    batch, shape = torch_models.WORKLOADS[options.workload]
    model = torch_models.build(options.workload)
    vocabulary = torch_models.VOCABULARIES.get(options.workload)
    x = torch.randint(0, vocabulary, (batch, *shape)) if vocabulary else torch.rand(batch, *shape) * 2 - 1
    y = torch.randint(0, torch_models.classes(options.workload), torch_models.targets(options.workload))
    if len(shape) == 1:
        options.memory_format = "contiguous"
    if options.memory_format == "channels_last":
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    bfloat16 = options.precision == "bfloat16"

    def forward(x, y):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            return torch_models.loss(options.workload, model(x), y)

    if options.peer == "torch-compile":
        forward = torch.compile(forward)

    def step():
        optimizer.zero_grad()
        loss = forward(x, y)
        loss.backward()
        optimizer.step()
        return loss.item()

    serve.main(options, step, f"torch {torch.__version__}")


main()
