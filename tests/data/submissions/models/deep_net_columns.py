import numpy as np

# ------------------------------------------------------------------
# Fully connected net of any depth, data points are the columns
# hidden: tanh     output: softmax     loss: cross entropy
# ------------------------------------------------------------------


def layer_fwd(inp, W, b, last):
    pre = W @ inp + b
    if last:
        ex = np.exp(pre - pre.max(axis=0))
        res = ex / ex.sum(axis=0)
    else:
        res = np.tanh(pre)
    return res, {"inp": inp, "W": W, "res": res}


def net_fwd(x, Ws, bs):
    memory = []
    last = len(Ws) - 1
    for k in range(len(Ws)):
        x, mem = layer_fwd(x, Ws[k], bs[k], k == last)
        memory.append(mem)
    return x, memory


def cross_entropy(prob, onehot):
    n = onehot.shape[1]
    return -(onehot * np.log(prob)).sum() / n


def layer_bwd(d_pre, mem):
    inp = mem["inp"]
    n = inp.shape[0]
    gW = d_pre @ inp.T / n
    gb = d_pre.sum(axis=1, keepdims=True) / n
    d_inp = mem["W"].T @ d_pre
    return d_inp, gW, gb


def net_bwd(prob, onehot, memory):
    gWs, gbs = [], []
    d_pre = prob - onehot
    for k in range(len(memory) - 1, -1, -1):
        d_inp, gW, gb = layer_bwd(d_pre, memory[k])
        gWs.append(gW)
        gbs.append(gb)
        if k > 0:
            # memory[k]["inp"] is the tanh output of the layer below
            d_pre = d_inp * (1 - memory[k]["inp"] ** 2)
    return gWs[::-1], gbs[::-1]
