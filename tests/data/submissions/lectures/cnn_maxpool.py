import numpy as np


class Conv3x3:
    # 3x3 filters without padding, one input channel

    def __init__(self, filters):
        self.filters = filters
        self.num_filters = filters.shape[0]

    def regions(self, image):
        h, w = image.shape
        for i in range(h - 2):
            for j in range(w - 2):
                yield image[i:(i + 3), j:(j + 3)], i, j

    def forward(self, image):
        self.last_input = image
        h, w = image.shape
        output = np.zeros((h - 2, w - 2, self.num_filters))
        for region, i, j in self.regions(image):
            output[i, j] = np.sum(region * self.filters, axis=(1, 2))
        return output

    def backprop(self, d_out):
        d_filters = np.zeros(self.filters.shape)
        for region, i, j in self.regions(self.last_input):
            for f in range(self.num_filters):
                d_filters[f] += d_out[i, j, f] * region
        return d_filters


class MaxPool2:
    def forward(self, x):
        self.last_input = x
        h, w, n = x.shape
        return x.reshape(h // 2, 2, w // 2, 2, n).max(axis=(1, 3))

    def backprop(self, d_out):
        x = self.last_input
        d_in = np.zeros(x.shape)
        for i in range(d_out.shape[0]):
            for j in range(d_out.shape[1]):
                for f in range(d_out.shape[2]):
                    patch = x[2 * i:2 * i + 2, 2 * j:2 * j + 2, f]
                    d_in[2 * i:2 * i + 2, 2 * j:2 * j + 2, f] = (patch == patch.max()) * d_out[i, j, f]
        return d_in


class Softmax:
    def __init__(self, weights, biases):
        self.weights = weights
        self.biases = biases

    def forward(self, x):
        self.last_shape = x.shape
        self.last_input = x.flatten()
        totals = np.dot(self.last_input, self.weights) + self.biases
        exp = np.exp(totals)
        self.out = exp / np.sum(exp, axis=0)
        return self.out

    def backprop(self, label):
        d_t = self.out - np.eye(len(self.out))[label]
        d_w = self.last_input[np.newaxis].T @ d_t[np.newaxis]
        d_inputs = self.weights @ d_t
        return d_inputs.reshape(self.last_shape), d_w, d_t


def forward(image, label, conv, pool, soft):
    out = soft.forward(pool.forward(conv.forward(image / 255 - 0.5)))
    return out, -np.log(out[label])


def backward(label, conv, pool, soft):
    d, d_w, d_b = soft.backprop(label)
    d_filters = conv.backprop(pool.backprop(d))
    return d_filters, d_w, d_b
