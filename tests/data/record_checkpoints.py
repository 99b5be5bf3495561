"""Files that torch 2.13.0 writes: `python -m tests.data.record_checkpoints`. Needs torch.

Writes `tests/data/torch_zip.pt` and `tests/data/torch_legacy.pt`.
"""

from pathlib import Path


def record():
    """Write the files."""
    import torch

    x = torch.arange(6.0).reshape(2, 3)
    layer = torch.nn.Conv2d(1, 1, 2)
    optimizer = torch.optim.Adam(layer.parameters())
    layer(torch.ones(1, 1, 3, 3)).sum().backward()
    optimizer.step()
    values = {
        "x": x,
        "view": x[1],
        "parameter": torch.nn.Parameter(x),
        "half": torch.ones(2, dtype=torch.float16),
        "brain": torch.tensor([1.5], dtype=torch.bfloat16),
        "state": layer.state_dict(),
        "optimizer": optimizer.state_dict(),
        "average": optimizer.state[layer.weight]["exp_avg"],
        "rest": [torch.int64, torch.Size([2]), torch.device("cpu"), None, "é"],
    }
    folder = Path(__file__).parent
    torch.save(values, folder / "torch_zip.pt")
    torch.save(values, folder / "torch_legacy.pt", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    record()
