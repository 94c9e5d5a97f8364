import numpy as np

# Single-layer GRU that reads a sequence of vectors and emits one vector at the end.
# Loss: half the squared distance to the target. No batch, one sequence at a time.
#
#   z = sigma(Wz x + Uz h + bz)          update gate
#   r = sigma(Wr x + Ur h + br)          reset gate
#   n = tanh (Wn x + Un (r*h) + bn)      candidate
#   h <- (1-z)*h + z*n


def sigma(v):
    return 1 / (1 + np.exp(-v))


def unroll(seq, h, p):
    tape = []
    for x in seq:
        pre_z = p["Wz"] @ x + p["Uz"] @ h + p["bz"]
        pre_r = p["Wr"] @ x + p["Ur"] @ h + p["br"]
        z, r = sigma(pre_z), sigma(pre_r)
        n = np.tanh(p["Wn"] @ x + p["Un"] @ (r * h) + p["bn"])
        h_new = (1 - z) * h + z * n
        tape.append((x, h, pre_z, pre_r, z, r, n))
        h = h_new
    return h, tape


def loss(seq, h0, target, p):
    h, _ = unroll(seq, h0, p)
    diff = p["V"] @ h + p["c"] - target
    return 0.5 * diff @ diff


def gradients(seq, h0, target, p):
    h_last, tape = unroll(seq, h0, p)
    g = {name: np.zeros(val.shape) for name, val in p.items()}

    diff = p["V"] @ h_last + p["c"] - target
    g["V"] = np.outer(diff, h_last)
    g["c"] = diff
    dh = p["V"].T @ diff

    while tape:
        x, h, pre_z, pre_r, z, r, n = tape.pop()
        dz = dh * (n - h)
        dn = dh * z
        dh_prev = dh * (1 - z)

        d_n = dn * (1 - n ** 2)
        g["Wn"] += np.outer(d_n, x)
        g["Un"] += np.outer(d_n, r * h)
        g["bn"] += d_n
        d_rh = p["Un"].T @ d_n
        dr = d_rh * h
        dh_prev = dh_prev + d_rh * r

        d_z = dz * pre_z * (1 - pre_z)
        d_r = dr * r * (1 - r)
        for gate, d in (("z", d_z), ("r", d_r)):
            g["W" + gate] += np.outer(d, x)
            g["U" + gate] += np.outer(d, h)
            g["b" + gate] += d
            dh_prev = dh_prev + p["U" + gate].T @ d
        dh = dh_prev
    return g
