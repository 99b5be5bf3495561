"""A super-resolution network that shuffles pixels, trained for a few steps; the state goes through a file."""

import io
import math

import torch
import torch.nn as nn
from torch.nn import init
from torch.utils.data import DataLoader, Dataset


class Net(nn.Module):
    def __init__(self, upscale_factor):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 16, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(16, 16, (3, 3), (1, 1), (1, 1))
        self.conv3 = nn.Conv2d(16, 8, (3, 3), (1, 1), (1, 1))
        self.conv4 = nn.Conv2d(8, upscale_factor**2, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)
        self._initialize_weights()

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        x = self.relu(self.conv3(x))
        return self.pixel_shuffle(self.conv4(x))

    def _initialize_weights(self):
        init.orthogonal_(self.conv1.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv2.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv3.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv4.weight)


class Waves(Dataset):
    def __len__(self):
        return 12

    def __getitem__(self, index):
        grid = torch.linspace(0, math.pi, 16)
        large = torch.sin(grid * (index + 1))[None, :, None] * torch.cos(grid * (index % 3))[None, None, :]
        small = nn.functional.interpolate(large[None], scale_factor=0.5, mode="bicubic", align_corners=False)[0]
        return small, large


torch.manual_seed(123)
model = Net(upscale_factor=2)
print(model)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
loader = DataLoader(Waves(), batch_size=4, shuffle=True)
for epoch in range(1, 4):
    epoch_loss = 0
    for small, large in loader:
        optimizer.zero_grad()
        loss = criterion(model(small), large)
        epoch_loss += loss.item()
        loss.backward()
        optimizer.step()
    print(f"===> Epoch {epoch} Complete: Avg. Loss: {epoch_loss / len(loader):.4f}")
buffer = io.BytesIO()
torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, buffer)
buffer.seek(0)
checkpoint = torch.load(buffer)
copy = Net(2)
print(copy.load_state_dict(checkpoint["model"]))
with torch.inference_mode():
    psnr = sum((10 * torch.log10(1 / criterion(copy(small), large))).item() for small, large in loader)
print(f"===> Avg. PSNR: {psnr / len(loader):.3f} dB")
print(checkpoint["optimizer"]["param_groups"], checkpoint["epoch"])
