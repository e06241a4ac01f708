#!/usr/bin/env python3
"""Seconds per edge of every metric as the graph grows, on one thread and on two: a table and a plot.

    growth.py --inputs FOLDER [--echogram target/release/echogram] [--runs 3] [--write]

FOLDER holds rmat16.parquet, rmat18.parquet, ... (edge lists with the columns source and target). Needs Python only.
"""
import argparse
import json
import math
import statistics
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
INPUTS = ["rmat16", "rmat18", "rmat20", "rmat22"]
# Stages, and up to which input they are measured: the rest would take minutes.
METRICS = {
    "pagerank": "rmat22", "hits": "rmat22", "eigenvector": "rmat22", "katz": "rmat22", "component_weak": "rmat22", "component_strong": "rmat22",
    "bowtie": "rmat22", "core": "rmat22", "dcore": "rmat22", "triangles": "rmat22", "harmonic": "rmat20", "betweenness": "rmat20",
    "constraint": "rmat18", "collective_influence": "rmat18",
}  # fmt: skip
COLOURS = ["#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#0a7ea4", "#57606a", "#bc4c00", "#116329", "#5e4db2", "#a40e26", "#2da44e", "#0550ae"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=Path, required=True, help="folder with rmat16.parquet and so on")
    parser.add_argument("--echogram", type=Path, default=Path("target/release/echogram"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--write", action="store_true", help="write growth.md here and ../growth.svg")
    return parser.parse_args()


def stages(options, path, names, threads):
    """Seconds by stage, edges, and peak memory of one run."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        command = [options.echogram, "run", path, "-o", run, "--threads", str(threads), "--metrics", ",".join(names), "--json"]
        subprocess.run(command, check=True, capture_output=True)
        manifest = json.loads((run / "manifest.json").read_text())
    return {stage["name"]: stage["seconds"] for stage in manifest["stages"]}, manifest["graph"]["edges"]


def measure(options):
    """metric -> threads -> [(edges, median seconds)]"""
    found = {name: {threads: [] for threads in options.threads} for name in METRICS}
    for place, graph in enumerate(INPUTS):
        path = options.inputs / f"{graph}.parquet"
        names = [name for name, last in METRICS.items() if INPUTS.index(last) >= place]
        if not path.is_file():
            continue
        for threads in options.threads:
            runs = [stages(options, path, names, threads) for _ in range(options.runs)]
            for name in names:
                found[name][threads].append((runs[0][1], statistics.median(run[0][name] for run in runs)))
    return found


def markdown(options, found):
    most = max(options.threads)
    lines = [
        "# Cost as the work grows", "",
        f"R-MAT graphs, medians of {options.runs} runs. Nanoseconds per edge on {most} threads, by number of edges; gain: seconds on one thread over those on {most}, on the largest graph.", "",
        "| metric | " + " | ".join(INPUTS) + " | gain |", "|---|" + "---|" * (len(INPUTS) + 1),
    ]  # fmt: skip
    for name, by_threads in found.items():
        cells = [f"{seconds / edges * 1e9:.3g}" for edges, seconds in by_threads[most]]
        cells += ["-"] * (len(INPUTS) - len(cells))
        one = by_threads.get(1)
        gain = f"{one[-1][1] / by_threads[most][-1][1]:.2f}" if one and most > 1 and one[-1][1] > 0 else "-"
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {gain} |")
    return "\n".join(lines) + "\n"


def plot(options, found):
    """Nanoseconds per edge against edges, both logarithmic: a level line is linear cost."""
    width, height, left, right, bottom = 720, 460, 60, 170, 40
    series = {name: by_threads[max(options.threads)] for name, by_threads in found.items() if by_threads[max(options.threads)]}
    points = [(math.log10(edges), math.log10(max(seconds / edges * 1e9, 0.01))) for line in series.values() for edges, seconds in line]
    low_x, high_x = math.floor(min(x for x, _ in points)), math.ceil(max(x for x, _ in points))
    low_y, high_y = math.floor(min(y for _, y in points)), math.ceil(max(y for _, y in points))
    place = lambda x, y: (left + (x - low_x) / (high_x - low_x) * (width - left - right), height - bottom - (y - low_y) / (high_y - low_y) * (height - bottom - 20))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">', f'<rect width="{width}" height="{height}" fill="white"/>']
    for x in range(low_x, high_x + 1):
        at = place(x, low_y)[0]
        parts.append(f'<line x1="{at:.1f}" y1="20" x2="{at:.1f}" y2="{height - bottom}" stroke="#ddd"/><text x="{at:.1f}" y="{height - bottom + 16}" text-anchor="middle">{10 ** x:,}</text>')
    for y in range(low_y, high_y + 1):
        at = place(low_x, y)[1]
        parts.append(f'<line x1="{left}" y1="{at:.1f}" x2="{width - right}" y2="{at:.1f}" stroke="#ddd"/><text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0 ** y:g}</text>')
    for row, (name, line) in enumerate(series.items()):
        colour = COLOURS[row % len(COLOURS)]
        spots = [place(math.log10(edges), math.log10(max(seconds / edges * 1e9, 0.01))) for edges, seconds in line]
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in spots) + '"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        at = 30 + row * 18
        parts.append(f'<rect x="{width - right + 14}" y="{at - 9}" width="10" height="10" fill="{colour}"/><text x="{width - right + 30}" y="{at}">{name}</text>')
    parts.append(f'<text x="{left}" y="14">nanoseconds per edge, {max(options.threads)} threads</text><text x="{(left + width - right) / 2}" y="{height - 6}" text-anchor="middle">edges of R-MAT graphs</text></svg>\n')
    return "\n".join(parts)


def main():
    options = arguments()
    found = measure(options)
    text = markdown(options, found)
    print(text, end="")
    if options.write:
        (HERE / "growth.md").write_text(text, encoding="utf-8")
        (HERE.parent / "growth.svg").write_text(plot(options, found), encoding="utf-8")


if __name__ == "__main__":
    main()
