import numpy as np


def im2col(img, fh, fw):
    N, C, H, W = img.shape
    oh, ow = H - fh + 1, W - fw + 1
    col = np.zeros((N, C, fh, fw, oh, ow))
    for y in range(fh):
        for x in range(fw):
            col[:, :, y, x, :, :] = img[:, :, y:y+oh, x:x+ow]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N*oh*ow, -1)


def col2im(col, shape, fh, fw):
    N, C, H, W = shape
    oh, ow = H - fh + 1, W - fw + 1
    col = col.reshape(N, oh, ow, C, fh, fw).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros(shape)
    for y in range(fh):
        for x in range(fw):
            img[:, :, y:y+oh, x:x+ow] = col[:, :, y, x, :, :]
    return img


class Convolution:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        self.shape = x.shape
        self.col = im2col(x, FH, FW)
        out = np.dot(self.col, self.W.reshape(FN, -1).T) + self.b
        return out.reshape(N, H-FH+1, W-FW+1, FN).transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = np.sum(dout, axis=0)
        self.dW = np.dot(self.col.T, dout).T.reshape(FN, C, FH, FW)
        return col2im(np.dot(dout, self.W.reshape(FN, -1)), self.shape, FH, FW)


class Relu:
    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class ConvNet:
    def __init__(self, p):
        self.p = p
        self.layers = [Convolution(p['W1'], p['b1']), Relu(), Convolution(p['W2'], p['b2']), Relu()]

    def loss(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        self.fshape, self.flat = x.shape, x.reshape(x.shape[0], -1)
        score = np.dot(self.flat, self.p['W3']) + self.p['b3']
        e = np.exp(score - score.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.mean(np.log(self.y[np.arange(len(t)), t]))

    def gradient(self, x, t):
        self.loss(x, t)
        d = self.y.copy()
        d[np.arange(len(t)), t] -= 1
        d /= len(t)
        g = {'W3': np.dot(self.flat.T, d), 'b3': d.sum(axis=0)}
        d = np.dot(d, self.p['W3'].T).reshape(self.fshape)
        for layer in reversed(self.layers):
            d = layer.backward(d)
        c1, c2 = self.layers[0], self.layers[2]
        g.update(W1=c1.dW, b1=c1.db, W2=c2.dW, b2=c2.db)
        return g
