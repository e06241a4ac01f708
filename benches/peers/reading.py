#!/usr/bin/env python3
"""Time reading, file to finished graph, beside polars and NetworKit on the same files, in turns, in one session.

    reading.py --inputs FOLDER [--reading PROGRAM] [--runs 3] [--write]          table of ratios
    reading.py --scaling FOLDER [--reading PROGRAM] [--write]                    seconds for 1 to 64 million edges, with a plot

PROGRAM is the bench `reading` (cargo bench -p echogram-ingest --bench reading --no-run). Each measurement is a process of its own.
"""
import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# what a rival does with a file; `{path}` and `{threads}` are filled in, `seconds` is printed
PRELUDE = """
import os, time
os.environ['POLARS_MAX_THREADS'] = '{threads}'
import polars as pl
path = '{path}'
"""
NETWORKIT = """
import numpy as np, networkit as nk
nk.setNumberOfThreads({threads})
"""
GRAPH = """
source, target = frame['source'].to_numpy().astype(np.uint64), frame['target'].to_numpy().astype(np.uint64)
nodes = int(max(source.max(), target.max())) + 1
graph = nk.GraphFromCoo((source, target), n=nodes, directed=True, weighted=False)
"""
CODES = """
keys = pl.concat([frame['source'].rename('key'), frame['target'].rename('key')])
codes = keys.cast(pl.Categorical).to_physical().to_numpy()
used = np.zeros(int(codes.max()) + 1, bool)
used[codes] = True
rows = (np.cumsum(used) - 1).astype(np.uint32)
source, target = rows[codes[:frame.height]], rows[codes[frame.height:]]
"""
RIVALS = {
    "polars": ("", "frame = {read}\n"),
    "polars + NetworKit": (NETWORKIT, "frame = {read}\n" + GRAPH),
    "NetworKit": (NETWORKIT, "graph = nk.graphio.EdgeListReader(',', 0, commentPrefix='s', continuous=True, directed=True).read(path)\n"),
    "polars, coded": ("import numpy as np\n", "frame = {read}\n" + CODES),
}
# file -> rivals and the ratio to reach
FILES = {
    "rmat20.csv": {"polars": 1.5, "polars + NetworKit": 0.35, "NetworKit": 0.1},
    "rmat20.parquet": {"polars + NetworKit": 0.3},
    "rmat20_str.parquet": {"polars, coded": 0.3},
    "rmat20_str.csv": {"polars, coded": 0.4},
}


def rival(python, name, path, threads):
    setup, work = RIVALS[name]
    read = "pl.read_csv(path)" if path.suffix == ".csv" else "pl.read_parquet(path)"
    code = PRELUDE + setup + "start = time.perf_counter()\n" + work.replace("{read}", read) + "print(time.perf_counter() - start)\n"
    code = code.replace("{path}", str(path)).replace("{threads}", str(threads))
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    return float(done.stdout.split()[-1])


def ours(program, path, threads):
    done = subprocess.run([program, "--threads", str(threads), path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(options):
    rows = ["| file | rows | ours, s | peak, MiB | rival | its s | ratio | to reach |", "|---|---|---|---|---|---|---|---|"]
    for name, rivals in FILES.items():
        path = options.inputs / name
        measured, seconds = [], {rival: [] for rival in rivals}
        for _ in range(options.runs):
            measured.append(ours(options.reading, path, options.threads))
            for other in rivals:
                seconds[other].append(rival(options.python, other, path, options.threads))
        own = statistics.median(record["seconds"] for record in measured)
        peak = max(record["peak_mib"] for record in measured)
        for other, wanted in rivals.items():
            its = statistics.median(seconds[other])
            rows.append(f"| {name} | {measured[0]['edges']:,} | {own:.2f} | {peak} | {other} | {its:.2f} | **{own / its:.2f}** | {wanted} |")
            print(rows[-1], file=sys.stderr, flush=True)
    return "\n".join(rows)


def scaling(options):
    """Seconds for growing prefixes of the largest file, and the gain of a second thread."""
    paths = sorted(options.scaling.glob("rmat*.csv"), key=lambda path: path.stat().st_size)
    paths = [path for path in paths if "_" not in path.stem]
    points = []
    for path in paths:
        one = statistics.median(ours(options.reading, path, 1)["read"] for _ in range(options.runs))
        runs = [ours(options.reading, path, 2) for _ in range(options.runs)]
        two = statistics.median(run["read"] for run in runs)
        total = statistics.median(run["seconds"] for run in runs)
        points.append((runs[0]["edges"], total, one / two, max(run["peak_mib"] for run in runs)))
    rows = ["| edges | seconds, 2 threads | ns an edge | parsing, 1 thread to 2 | peak, MiB |", "|---|---|---|---|---|"]
    rows += [f"| {edges:,} | {total:.3f} | {total / edges * 1e9:.0f} | {gain:.2f}x | {peak} |" for edges, total, gain, peak in points]
    if options.write:
        (HERE.parent / "reading.svg").write_text(plot([(edges, total) for edges, total, _, _ in points]))
    return "\n".join(rows)


def plot(points):
    """A log-log plot of seconds by edges, with the line of equal cost an edge through the last point."""
    import math
    width, height, left, bottom = 520, 340, 60, 40
    xs, ys = [math.log10(edges) for edges, _ in points], [math.log10(seconds) for _, seconds in points]
    low_x, high_x = math.floor(min(xs)), math.ceil(max(xs))
    low_y, high_y = math.floor(min(ys)), math.ceil(max(ys))
    place = lambda x, y: (left + (x - low_x) / (high_x - low_x) * (width - left - 50),
                          height - bottom - (y - low_y) / (high_y - low_y) * (height - bottom - 20))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{height}" fill="white"/>']
    for x in range(low_x, high_x + 1):
        px, _ = place(x, low_y)
        parts.append(f'<line x1="{px:.1f}" y1="20" x2="{px:.1f}" y2="{height - bottom}" stroke="#ddd"/>'
                     f'<text x="{px:.1f}" y="{height - bottom + 16}" text-anchor="middle">{10 ** x:,}</text>')
    for y in range(low_y, high_y + 1):
        _, py = place(low_x, y)
        parts.append(f'<line x1="{left}" y1="{py:.1f}" x2="{width - 50}" y2="{py:.1f}" stroke="#ddd"/>'
                     f'<text x="{left - 6}" y="{py + 4:.1f}" text-anchor="end">{10.0 ** y:g} s</text>')
    slope = [place(x, ys[-1] + x - xs[-1]) for x in (xs[0], xs[-1])]
    parts.append('<polyline fill="none" stroke="#999" stroke-dasharray="5 4" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in slope) + '"/>')
    line = [place(x, y) for x, y in zip(xs, ys)]
    parts.append('<polyline fill="none" stroke="#1f6feb" stroke-width="2" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in line) + '"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f6feb"/>' for x, y in line]
    parts.append(f'<text x="{width / 2}" y="{height - 6}" text-anchor="middle">edges (CSV, file to graph, 2 threads; dashed: linear)</text></svg>\n')
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=Path, help="folder with rmat20.csv, rmat20.parquet, rmat20_str.csv, rmat20_str.parquet")
    parser.add_argument("--scaling", type=Path, help="folder with rmatN.csv of growing N")
    parser.add_argument("--reading", type=Path, required=True, help="the bench `reading`")
    parser.add_argument("--python", default=sys.executable, help="the Python that has polars and networkit installed")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write reading.md (and ../reading.svg)")
    options = parser.parse_args()
    tables = ([compare(options)] if options.inputs else []) + ([scaling(options)] if options.scaling else [])
    print("\n\n".join(tables))
    if options.write:
        (HERE / "reading.md").write_text("\n\n".join(tables) + "\n")


if __name__ == "__main__":
    main()
