"""Time and memory per recorded operation as the graph grows: linear cost keeps them within a factor of two.

The garbage collector is off while the clock runs, as it is in timeit: it looks at a growing heap again and again.

python benchmarks/growth.py [--most 200000]
"""

import argparse
import gc
import time
import tracemalloc

from tinygrad_dnn import Tensor

ROUNDS = 5


def chain(length: int) -> Tensor:
    y = Tensor(1.0)
    for _ in range(length):
        y = y * 1.0
    return y


def seconds(length: int) -> tuple[float, float]:
    """To record a chain and to walk it back, each the best of some rounds."""
    recording, walking = [], []
    gc.disable()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        y = chain(length)
        recorded = time.perf_counter()
        y.backward()
        recording.append(recorded - start)
        walking.append(time.perf_counter() - recorded)
    gc.enable()
    return min(recording), min(walking)


def peak_bytes(length: int) -> int:
    tracemalloc.start()
    chain(length).backward()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=200_000, help="the longest chain (default: %(default)s)")
    most = parser.parse_args().most
    lengths = [n for n in (100, 1_000, 10_000, 100_000, 1_000_000) if n < most] + [most]
    first = sum(seconds(lengths[0])) / lengths[0]
    print("operations  us/op record  us/op walk  bytes/op  time per op, first = 1")
    for n in lengths:
        record, walk = seconds(n)
        ratio = (record + walk) / n / first
        print(f"{n:10,}  {record / n * 1e6:12.2f}  {walk / n * 1e6:10.2f}  {peak_bytes(n) / n:8.0f}  {ratio:.2f}")


if __name__ == "__main__":
    main()
