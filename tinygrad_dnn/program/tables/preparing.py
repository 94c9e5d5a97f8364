"""What a program takes from scikit-learn to prepare its data: it is split, scaled and encoded; small data of its kind.

The data are drawn at random in the shape of the well-known ones, which are not here.
"""

from typing import Any

import numpy as np

from .column import plain

SETS = {  # of data that everybody knows: examples, features, classes or 0 for numbers
    "load_iris": (150, 4, 3), "load_wine": (178, 13, 3), "load_breast_cancer": (569, 30, 2),
    "load_digits": (200, 64, 10), "load_diabetes": (442, 10, 0), "load_boston": (200, 13, 0),
    "fetch_california_housing": (200, 8, 0),
}  # fmt: skip


class Bunch(dict[str, Any]):
    """A dict whose keys are attributes too."""

    __module__ = "sklearn"

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def train_test_split(
    *arrays: Any,
    test_size: Any = None,
    train_size: Any = None,
    random_state: Any = None,
    shuffle: bool = True,
    **_: Any,
) -> list[Any]:
    """Of each array its part to learn from, and its part to try it on."""
    n = len(arrays[0])
    if test_size is None and train_size is not None:
        test_size = 1 - train_size if isinstance(train_size, float) else n - train_size
    size = 0.25 if test_size is None else test_size
    count = int(np.ceil(size * n)) if isinstance(size, float) else int(size)
    order = generator(random_state).permutation(n) if shuffle else np.arange(n)
    parts = (order[count:], order[:count]) if shuffle else (order[: n - count], order[n - count :])
    return [rows_of(array, part) for array in arrays for part in parts]


def shuffle(*arrays: Any, random_state: Any = None, **_: Any) -> Any:
    order = generator(random_state).permutation(len(arrays[0]))
    found = [rows_of(array, order) for array in arrays]
    return found if len(found) > 1 else found[0]


def generator(seed: Any) -> Any:
    return np.random.RandomState(seed) if isinstance(seed, int) else seed or np.random


def rows_of(array: Any, rows: Any) -> Any:
    return (
        array.iloc[rows]
        if hasattr(array, "iloc")
        else [array[i] for i in rows]
        if isinstance(array, list)
        else array[rows]
    )


class Fitted:
    """What is fitted to some data and changes others by it."""

    __module__ = "sklearn"

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def fit(self, X: Any, y: Any = None) -> Any:
        raise NotImplementedError

    def transform(self, X: Any) -> Any:
        raise NotImplementedError

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        return self.fit(X).transform(X)


class StandardScaler(Fitted):
    def fit(self, X: Any, y: Any = None) -> "StandardScaler":
        X = np.asarray(X, dtype=float)
        self.mean_, spread = X.mean(axis=0), X.std(axis=0)
        self.scale_ = np.where(spread == 0, 1.0, spread)
        return self

    def transform(self, X: Any) -> Any:
        return (np.asarray(X, dtype=float) - self.mean_) / self.scale_

    def inverse_transform(self, X: Any) -> Any:
        return np.asarray(X) * self.scale_ + self.mean_


class MinMaxScaler(StandardScaler):
    def fit(self, X: Any, y: Any = None) -> "MinMaxScaler":
        X = np.asarray(X, dtype=float)
        self.mean_, spread = X.min(axis=0), X.max(axis=0) - X.min(axis=0)
        self.scale_ = np.where(spread == 0, 1.0, spread)
        return self


class LabelEncoder(Fitted):
    """Classes as numbers, in their order."""

    def fit(self, X: Any, y: Any = None) -> "LabelEncoder":
        self.classes_ = np.array(sorted(set(np.ravel(plain(X)).tolist())))
        return self

    def transform(self, X: Any) -> Any:
        return np.searchsorted(self.classes_, np.ravel(plain(X)).astype(self.classes_.dtype))

    def inverse_transform(self, X: Any) -> Any:
        return self.classes_[np.asarray(X)]


class OneHotEncoder(Fitted):
    """A column for each class of each column."""

    def __init__(self, *_: Any, sparse: bool = True, sparse_output: bool = True, **__: Any) -> None:
        self.dense = not (sparse and sparse_output)

    def fit(self, X: Any, y: Any = None) -> "OneHotEncoder":
        self.encoders = [LabelEncoder().fit(column) for column in columns_of(X)]
        self.categories_ = [e.classes_ for e in self.encoders]
        return self

    def transform(self, X: Any) -> Any:
        pairs = zip(self.encoders, columns_of(X), strict=True)
        found = np.concatenate([np.eye(len(e.classes_))[e.transform(c)] for e, c in pairs], axis=1)
        return found if self.dense else Sparse(found)


class LabelBinarizer(OneHotEncoder):
    def transform(self, X: Any) -> Any:
        found = super().transform(X).toarray()
        return found[:, 1:] if found.shape[1] == 2 else found


class Sparse:
    """What is given as a sparse matrix: its array has to be asked for."""

    def __init__(self, values: Any) -> None:
        self.values, self.shape = values, np.shape(values)

    def toarray(self) -> Any:
        return self.values

    todense = toarray


def columns_of(X: Any) -> Any:
    return np.reshape(plain(X), (len(X), -1)).T


def accuracy_score(y: Any, y_pred: Any, **_: Any) -> float:
    return float(np.mean(np.asarray(y) == np.asarray(y_pred)))


def mean_squared_error(y: Any, y_pred: Any, **_: Any) -> float:
    return float(np.mean((np.asarray(y) - np.asarray(y_pred)) ** 2))


def make_classification(
    n_samples: Any = 100, n_features: int = 20, n_classes: int = 2, random_state: Any = None, **_: Any
) -> tuple[Any, Any]:
    rng = generator(random_state)
    y = rng.randint(0, n_classes, n_samples)
    return rng.normal(size=(n_samples, n_features)) + y[:, None], y


def make_moons(n_samples: Any = 100, random_state: Any = None, **_: Any) -> tuple[Any, Any]:
    return make_classification(n_samples, 2, 2, random_state)


def make_blobs(
    n_samples: Any = 100, n_features: int = 2, centers: Any = 3, random_state: Any = None, **_: Any
) -> tuple[Any, Any]:
    return make_classification(
        n_samples, n_features, centers if isinstance(centers, int) else len(centers), random_state
    )


def make_regression(
    n_samples: int = 100, n_features: int = 100, n_targets: int = 1, random_state: Any = None, **_: Any
) -> tuple[Any, Any]:
    rng = generator(random_state)
    X, W = rng.normal(size=(n_samples, n_features)), rng.normal(size=(n_features, n_targets))
    return X, np.squeeze(X @ W + 0.1 * rng.normal(size=(n_samples, n_targets)))


def a_set(examples: int, features: int, classes: int) -> Any:
    def load(return_X_y: bool = False, **_: Any) -> Any:
        rng = np.random.RandomState(0)
        y = rng.randint(0, classes, examples) if classes else rng.normal(size=examples)
        X = rng.normal(size=(examples, features)) + np.reshape(y % 3, (-1, 1))
        names = [f"feature {i + 1}" for i in range(features)]
        kinds = np.array([f"class {i}" for i in range(classes)])
        return (X, y) if return_X_y else Bunch(data=X, target=y, feature_names=names, target_names=kinds, DESCR="")

    return load


OFFERED = {
    f.__name__: f for f in (
        train_test_split, shuffle, StandardScaler, MinMaxScaler, LabelEncoder, OneHotEncoder, LabelBinarizer,
        accuracy_score, mean_squared_error, make_classification, make_moons, make_blobs, make_regression,
    )
} | {"make_circles": make_moons, "Bunch": Bunch} | {name: a_set(*sizes) for name, sizes in SETS.items()}  # fmt: skip

DRAWN = {name for name in OFFERED if name in SETS or name.startswith("make_")}  # what gives data, at random
