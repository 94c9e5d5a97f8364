import numpy as np

# Small CNN on single grey images, valid cross-correlation, one channel everywhere.
# image -> conv K1 -> sigmoid -> conv K2 -> sigmoid -> sum with V -> logistic output

def sig(t):
    return 1 / (1 + np.exp(-t))


def conv2d(img, K, bias):
    kh, kw = K.shape
    H, W = img.shape[0] - kh + 1, img.shape[1] - kw + 1
    out = np.empty((H, W))
    for r in range(H):
        for s in range(W):
            out[r, s] = (img[r:r+kh, s:s+kw] * K).sum() + bias
    return out


def conv2d_grad(dout, img, K):
    kh, kw = K.shape
    dK = np.zeros_like(K)
    dimg = np.zeros_like(img)
    for r in range(dout.shape[0]):
        for s in range(dout.shape[1]):
            dK += dout[r, s] * img[r:r+kh, s:s+kw]
            dimg[r:r+kh, s:s+kw] += dout[r, s] * K[::-1, ::-1]
    return dimg, dK, dout.sum()


class TinyCNN:
    def __init__(self, K1, c1, K2, c2, V, d):
        self.K1, self.c1, self.K2, self.c2, self.V, self.d = K1, c1, K2, c2, V, d

    def forward(self, img):
        self.img = img
        self.f1 = sig(conv2d(img, self.K1, self.c1))
        self.f2 = sig(conv2d(self.f1, self.K2, self.c2))
        return sig((self.f2 * self.V).sum() + self.d)

    def loss(self, images, labels):
        total = 0
        for img, t in zip(images, labels):
            p = self.forward(img)
            total -= t * np.log(p) + (1 - t) * np.log(1 - p)
        return total / len(images)

    def grad(self, images, labels):
        g = [0, 0, 0, 0, 0, 0]
        for img, t in zip(images, labels):
            p = self.forward(img)
            do = (p - t) / len(images)
            dV = do * self.f2
            dpre2 = do * self.V * self.f2 * (1 - self.f2)
            df1, dK2, dc2 = conv2d_grad(dpre2, self.f1, self.K2)
            dpre1 = df1 * self.f1 * (1 - self.f1)
            _, dK1, dc1 = conv2d_grad(dpre1, self.img, self.K1)
            for n, part in enumerate((dK1, dc1, dK2, dc2, dV, do)):
                g[n] = g[n] + part
        return dict(zip(("K1", "c1", "K2", "c2", "V", "d"), g))
