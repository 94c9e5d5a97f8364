"""Files whose names say little: what they leave out is found by trial, and what they say themselves comes first."""

import pytest

from tinygrad_dnn.cli import main

SOFTMAX = """
    e = np.exp(S - S.max(axis=0))
    return {}e / e.sum(axis=0)
"""
FILES = {  # by what it is about: a file, and a change that makes a gradient wrong
    "a function that trains says who is who": ("""
        def begin(i, j, k):
            return np.random.randn(j, i), np.zeros((j, 1)), np.random.randn(k, j)
        def go(picture, weights):
            A, a, B = weights
            h = np.tanh(A @ picture + a)
            return B @ h, h
        def how_far(guess, wish):
            return ((guess - wish) ** 2).sum() / (2 * wish.shape[1])
        def come_back(picture, wish, guess, h, weights):
            d = (guess - wish) / wish.shape[1]
            dh = weights[2].T @ d * (1 - h**2)
            return dh @ picture.T, dh.sum(axis=1, keepdims=True), d @ h.T
        def study(picture, wish, width, rounds=9):
            weights = begin(len(picture), width, len(wish))
            for r in range(rounds):
                guess, h = go(picture, weights)
                if r % 3 == 0:
                    print(how_far(guess, wish))
                back = come_back(picture, wish, guess, h, weights)
                weights = tuple(w - 0.1 * g for w, g in zip(weights, back))
            return weights
    """, ("(1 - h**2)", "(1 - h)")),
    "nothing makes the parameters, and forward gives the cost": ("""
        def run_forward(data, labels, params):
            h = np.tanh(params["V1"] @ data + params["b1"])
            out = params["V2"] @ h + params["b2"]
            return np.sum((out - labels) ** 2) / (2 * labels.shape[1]), (h, out)
        def run_backward(data, labels, cache, params):
            (h, out), m = cache, labels.shape[1]
            d = out - labels
            dh = params["V2"].T @ d * (1 - h**2)
            return {"V1": dh @ data.T / m, "b1": dh.sum(axis=1, keepdims=True) / m,
                    "V2": d @ h.T / m, "b2": d.sum(axis=1, keepdims=True) / m}
    """, ("d @ h.T / m", "d @ h.T")),
    "there is no cost, and m is a number of the file": ("""
        m = 350
        def setup():
            return [0.3 * np.random.randn(6, 20), np.zeros((6, 1)), np.random.randn(4, 6)]
        def forward(W1, b1, W2, X):
            H = np.maximum(W1 @ X + b1, 0)
            S = W2 @ H
            e = np.exp(S - S.max(axis=0))
            return H, e / e.sum(axis=0)
        def backward(H, A2, W2, X, Y):
            d = A2 - np.eye(4)[Y].T
            dH = W2.T @ d * (H > 0)
            dW1, db1, dW2 = dH @ X.T / m, dH.sum(axis=1, keepdims=True) / m, d @ H.T / m
            return dW1, db1, dW2
    """, ("* (H > 0)", "* (H < 0)")),
    "a class has the derivative of its cost alone": ("""
        class Net:
            def __init__(self, sizes):
                self.weights = [np.random.randn(k, n) for n, k in zip(sizes, sizes[1:])]
            def outputs(self, x):
                every = [x]
                for w in self.weights:
                    every.append(np.tanh(w @ every[-1]))
                return every
            def backprop(self, x, y):
                every, found = self.outputs(x), []
                back = self.derivative_of_error(every[-1], y)
                for before, after, w in zip(every[-2::-1], every[:0:-1], self.weights[::-1]):
                    delta = back * (1 - after**2)
                    found.insert(0, delta @ before.T)
                    back = w.T @ delta
                return found, None
            def derivative_of_error(self, output, y):
                return output - y
    """, ("back = w.T @ delta", "back = w.T @ back")),
    "cost and gradient are two functions of data under any name": ("""
        def misfit(u, K, r):
            e = K @ u - r
            return e @ e / len(r)
        def misfit_gradient(u, K, r):
            return 2 * K.T @ (K @ u - r) / len(r)
    """, ("2 * K.T", "K.T")),
    "one vector holds all parameters": ("""
        N_IN, N_OUT = 6, 2
        def split(theta):
            return theta[:12].reshape(N_OUT, N_IN), theta[12:].reshape(N_OUT)
        def J(theta, X, Y):
            W, b = split(theta)
            return np.mean((X @ W.T + b - Y) ** 2)
        def J_grad(theta, X, Y):
            W, b = split(theta)
            d = 2 * (X @ W.T + b - Y) / Y.size
            return np.concatenate([(d.T @ X).ravel(), d.sum(axis=0)])
    """, ("d.sum(axis=0)", "d.mean(axis=0)")),
    "an object is made of its data": ("""
        class Fit:
            def __init__(self, inputs, targets, speed=0.1):
                self.inputs, self.targets, self.speed = inputs, targets, speed
                self.slope = np.zeros(inputs.shape[1])
            def loss(self):
                return np.mean((self.inputs @ self.slope - self.targets) ** 2)
            def gradient(self):
                return {"slope": 2 * self.inputs.T @ (self.inputs @ self.slope - self.targets) / len(self.targets)}
    """, ("2 * self.inputs.T", "self.inputs.T")),
    "a local variable has the name of the labels": ("""
        class Net:
            def __init__(self, n_in, n_hidden, n_out):
                self.W1, self.W2 = np.random.randn(n_in, n_hidden), np.random.randn(n_hidden, n_out)
            def forward(self, x):
                self.h = np.tanh(x @ self.W1)
                y = self.h @ self.W2
                return y
            def loss(self, x, y):
                return np.mean(np.sum((self.forward(x) - y) ** 2, axis=1))
            def backward(self, x, y):
                d = 2 * (self.forward(x) - y) / len(x)
                self.dW2, self.dW1 = self.h.T @ d, x.T @ (d @ self.W2.T * (1 - self.h**2))
    """, ("self.h.T @ d,", "self.h.T @ d / 2,")),
    "a network reads whole numbers": ("""
        class Reader:
            def __init__(self, alphabet, memory):
                self.U, self.W = np.random.randn(memory, alphabet), np.random.randn(memory, memory)
                self.V = np.random.randn(alphabet, memory)
            def loss(self, letters, following, before):
                states, chances, cost = [before], [], 0.0
                for a, b in zip(letters, following):
                    states.append(np.tanh(self.U[:, [a]] + self.W @ states[-1]))
                    e = np.exp(self.V @ states[-1])
                    chances.append(e / e.sum())
                    cost -= np.log(chances[-1][b, 0])
                dU, dW, dV, later = 0 * self.U, 0 * self.W, 0 * self.V, 0 * before
                for t in reversed(range(len(letters))):
                    d = chances[t] - np.eye(len(self.V))[:, [following[t]]]
                    raw = (self.V.T @ d + later) * (1 - states[t + 1] ** 2)
                    dV, dW = dV + d @ states[t + 1].T, dW + raw @ states[t].T
                    dU[:, [letters[t]]] += raw
                    later = self.W.T @ raw
                return cost, dU, dW, dV
    """, ("later = self.W.T @ raw", "later = 0 * raw")),
    "a layer takes one image and updates itself": ("""
        class Edges:
            def __init__(self, number):
                self.kernels = np.random.randn(number, 2, 2)
            def forward(self, picture):
                self.picture = picture
                h, w = picture.shape[0] - 1, picture.shape[1] - 1
                out = np.zeros((h, w, len(self.kernels)))
                for i, j in np.ndindex(h, w):
                    out[i, j] = (picture[i : i + 2, j : j + 2] * self.kernels).sum(axis=(1, 2))
                return out
            def backprop(self, d_out, speed):
                total = np.zeros(self.kernels.shape)
                for i, j in np.ndindex(*d_out.shape[:2]):
                    total += d_out[i, j][:, None, None] * self.picture[i : i + 2, j : j + 2]
                self.kernels -= speed * total
    """, ("total += d_out", "total = d_out")),
    "a derivative is a table of derivatives": ("""
        def softmax(z):
            e = np.exp(z - z.max())
            return e / e.sum()
        def softmax_derivative(z):
            s = softmax(z)
            return np.diag(s) - np.outer(s, s)
    """, ("- np.outer", "+ np.outer")),
}  # fmt: skip


def outcome(folder, text, capsys):
    """The exit code, and all that is said in small letters and on one line."""
    lines = text.strip("\n").splitlines()
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    (folder / "handed_in.py").write_text("import numpy as np\n\n" + "\n".join(line[margin:] for line in lines) + "\n")
    code = main(["check", str(folder / "handed_in.py"), "--no-suggest"])
    captured = capsys.readouterr()
    return code, " ".join((captured.out + captured.err).lower().split())


@pytest.mark.parametrize("about", FILES)
def test_what_a_file_does_not_say_is_found_and_a_planted_mistake_is_wrong(about, tmp_path, capsys):
    text, (right, wrong) = FILES[about]
    assert text.count(right) == 1
    code, said = outcome(tmp_path, text, capsys)
    assert code == 0, said
    code, said = outcome(tmp_path, text.replace(right, wrong), capsys)
    assert code == 1, said


def test_a_cost_that_was_inferred_is_said_to_be(tmp_path, capsys):
    _, said = outcome(tmp_path, FILES["a class has the derivative of its cost alone"][0], capsys)
    assert "no cost in the file" in said
    assert "half the sum of squares" in said
    _, said = outcome(tmp_path, FILES["there is no cost, and m is a number of the file"][0], capsys)
    assert "cross-entropy" in said
    assert "m is 350 in the file" in said


def test_without_a_cost_gradients_that_fit_none_are_unchecked_and_not_wrong(tmp_path, capsys):
    text = FILES["there is no cost, and m is a number of the file"][0]
    code, said = outcome(tmp_path, text.replace("A2 - np.eye(4)[Y].T", "A2**2 - np.eye(4)[Y].T"), capsys)
    assert code == 2, said


def test_gradients_of_which_each_fits_another_cost_are_unchecked(tmp_path, capsys):
    text = """
        def init(n_x, n_y):
            return {"W": np.random.randn(n_y, n_x), "b": np.zeros((n_y, 1))}
        def forward(X, parameters):
            return parameters["W"] @ X + parameters["b"]
        def backward(A, X, Y):
            d = A - Y
            return {"dW": d @ X.T, "db": d.sum(axis=1, keepdims=True) / Y.shape[1]}
    """
    code, said = outcome(tmp_path, text, capsys)
    assert code == 2, said
    assert "no cost in the file" in said


@pytest.mark.parametrize(
    ("blank", "said"),
    [("dw = None", "dw is none"), ("dw = ...", "dw is ..."), ("pass\n            return", "it is"),
     ("raise NotImplementedError('yours')", "it is")],
)  # fmt: skip
def test_what_is_not_filled_in_is_named_with_its_line(blank, said, tmp_path, capsys):
    text = f"""
        def compute_loss(w, X, y):
            return np.mean((X @ w - y) ** 2)
        def compute_gradient(w, X, y):
            {blank}
            {"return dw" if "dw" in blank else ""}
    """
    code, found = outcome(tmp_path, text, capsys)
    assert code == 2, found
    assert said in found
    assert "not filled in yet, line" in found


def test_what_draws_is_not_called_and_what_is_imported_from_beside_is(tmp_path, capsys):
    (tmp_path / "pieces.py").write_text(
        "import numpy as np\n"
        "def init_all(n_x, n_y):\n    return {'W': np.random.randn(n_y, n_x)}\n"
        "def forward(X, parameters):\n    return np.tanh(parameters['W'] @ X)\n"
    )
    text = """
        from pieces import forward, init_all
        def compute_cost(A, Y):
            return np.mean((A - Y) ** 2)
        def backward(A, X, Y):
            return {"dW": 2 * (A - Y) * (1 - A**2) @ X.T / Y.size}
        def cost_curve():
            raise RuntimeError("it was called")
        def init_figure(model, X):
            return model(X)
        def show_cost():
            return [compute_cost(a, y) for a, y in seen]
        if __name__ == "__main__":
            seen = []
    """
    code, said = outcome(tmp_path, text, capsys)
    assert code == 0, said
    assert "called" not in said
