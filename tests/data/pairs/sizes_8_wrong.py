import numpy as np


class Upsample:
    """Each pixel of (N, C, H, W) is repeated twice in both directions."""

    def forward(self, x):
        self.shape = x.shape
        return x.repeat(2, axis=2).repeat(2, axis=3)

    def backward(self, dout):
        n, c, h, w = self.shape
        blocks = dout.reshape(n, c, h, 2, w, 2).sum(axis=(3, 5))
        return blocks.reshape(n, c, -1)[:, :, : h * h].reshape(n, c, h, -1) if h <= w else blocks
