import numpy as np


class AvgPool2D:
    def __init__(self, size, stride):
        self.size, self.stride = size, stride

    def forward(self, x):
        self.shape = x.shape
        k, s = self.size, self.stride
        h, w = (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1
        out = np.zeros((x.shape[0], x.shape[1], h, w))
        for i in range(h):
            for j in range(w):
                out[:, :, i, j] = x[:, :, i * s : i * s + k, j * s : j * s + k].mean(axis=(2, 3))
        return out

    def backward(self, dout):
        k, s = self.size, self.stride
        dx = np.zeros(self.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                dx[:, :, i * s : i * s + k, j * s : j * s + k] = dout[:, :, i, j][:, :, None, None] / k**2
        return dx
