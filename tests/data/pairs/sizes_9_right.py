import numpy as np


class Shift:
    """Channels of (N, C, H, W) are scaled, then the mean over height and width is taken off."""

    def __init__(self, channels):
        self.scale = np.ones((1, channels, 1, 1))

    def forward(self, x):
        self.x = x
        y = x * self.scale
        return y - y.mean(axis=(2, 3), keepdims=True)

    def backward(self, dout):
        n, c, h, w = dout.shape
        g = dout - dout.sum(axis=(2, 3), keepdims=True) / (h * w)
        self.dscale = np.sum(g * self.x, axis=(0, 2, 3), keepdims=True)
        return g * self.scale
