import numpy as np


class ELU:
    def __call__(self, z):
        return np.where(z > 0, z, np.exp(z) - 1)

    def derivative(self, a):
        return np.where(a > 0, 1.0, a + 1)


class LeakyReLU:
    def __call__(self, z):
        return np.where(z > 0, z, 0.1 * z)

    def derivative(self, a):
        return np.where(a > 0, 1.0, 0.1)
