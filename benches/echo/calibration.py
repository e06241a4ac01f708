#!/usr/bin/env python3
"""Whether p of echo scores means what it says: false positives on networks without camps, power on planted camps.

    calibration.py [--echogram target/release/echogram] [--networks 200] [--power 20] [--replicates 199] [--write]

False positives: directed configuration-model networks (power-law degrees in and out, some ties answered) whose accounts are dealt to two sides at random; share of p <= 0.05 for each score and each of the null
models kept, labels and reciprocity. Power: `echogram generate camps` with fewer and fewer ties across. Needs Python only.
"""
import argparse
import csv
import json
import math
import random
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SCORES = ["aei", "assortativity", "conductance", "coleman", "dipole", "ei", "fj_disagreement", "fj_polarisation", "freeman", "inbreeding_homophily", "modularity", "orwg", "boundary", "rwc.adaptive", "rwc.hub", "rwc.seed", "ssi"]  # fmt: skip
MODELS = ["kept", "labels", "reciprocity"]
LIKELY = 0.05
# Shares of ties that cross, for power; 0.5 of two equal camps is no chamber.
CROSSING = [0.5, 0.48, 0.46, 0.44, 0.42, 0.40, 0.36, 0.30]
ACCOUNTS = 300


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--echogram", type=Path, default=Path("target/release/echogram"))
    parser.add_argument("--networks", type=int, default=200)
    parser.add_argument("--power", type=int, default=20, help="networks for each share of ties that cross")
    parser.add_argument("--replicates", type=int, default=199)
    parser.add_argument("--scores", nargs="*", default=SCORES)
    parser.add_argument("--write", action="store_true", help="write calibration.md and calibration.svg here")
    return parser.parse_args()


def network(folder, seed):
    """A configuration-model network and random sides as two files."""
    draw = random.Random(seed)
    out = [min(int(draw.paretovariate(1.5) * 2), 60) for _ in range(ACCOUNTS)]
    into = out[:]
    draw.shuffle(into)
    sources = [account for account, degree in enumerate(out) for _ in range(degree)]
    targets = [account for account, degree in enumerate(into) for _ in range(degree)]
    draw.shuffle(targets)
    edges = {(a, b) for a, b in zip(sources, targets) if a != b}
    edges |= {(b, a) for a, b in sorted(edges) if draw.random() < 0.15}
    with open(folder / "edges.csv", "w", newline="") as file:
        csv.writer(file).writerows([("source", "target"), *sorted(edges)])
    with open(folder / "accounts.csv", "w", newline="") as file:
        sides = [(account, draw.choice("ab")) for account in range(ACCOUNTS)]
        csv.writer(file).writerows([("account", "side"), *sides])


def p_values(options, folder, models):
    """(score, group, model) -> p of one network."""
    run = folder / "run"
    command = [options.echogram, "run", folder / "edges.csv", "--accounts", folder / "accounts.csv", "--sides", "side", "--metrics", ",".join(options.scores), "--null", ",".join(models), "--null-replicates", str(options.replicates), "-o", run, "--force"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    found = {}
    answer = subprocess.run([options.echogram, "echo", run, "--groups", "--json"], check=True, capture_output=True, text=True)
    for row in json.loads(answer.stdout)["scores"]:
        if row["p"] is not None:
            found[row["score"], row["group"], row["null_model"]] = row["p"]
    return found


def false_positives(options):
    """score -> model -> (share of p <= 0.05, p values)."""
    found = {}
    for seed in range(options.networks):
        with tempfile.TemporaryDirectory() as name:
            network(Path(name), seed)
            for (score, _, model), p in p_values(options, Path(name), MODELS).items():
                found.setdefault(score, {}).setdefault(model, []).append(p)
    return {score: {model: (sum(p <= LIKELY for p in values) / len(values), len(values)) for model, values in models.items()} for score, models in found.items()}  # fmt: skip


def power(options):
    """score -> [share of p <= 0.05 for each share of ties that cross]."""
    found = {}
    for place, crossing in enumerate(CROSSING):
        for seed in range(options.power):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name) / "camps"
                command = [options.echogram, "generate", "camps", "--accounts", str(ACCOUNTS), "--average-degree", "5", "--cross", str(crossing), "--seed", str(seed + 1), "-o", folder]  # fmt: skip
                subprocess.run(command, check=True, capture_output=True)
                for (score, group, _), p in p_values(options, folder, ["kept"]).items():
                    if group is None:
                        shares = found.setdefault(score, [[] for _ in CROSSING])
                        shares[place].append(p <= LIKELY)
    return {score: [sum(hits) / max(len(hits), 1) for hits in shares] for score, shares in found.items()}


def table(rates, powers, options):
    lines = [
        "# Calibration of echo scores",
        "",
        f"`calibration.py --networks {options.networks} --power {options.power} --replicates {options.replicates}`. Share of p <= 0.05.",
        "",
        f"False positives on {options.networks} directed configuration-model networks of {ACCOUNTS} accounts with random sides (0.05 is right; with {options.networks} networks chance alone gives "
        f"{0.05 - 1.96 * math.sqrt(0.05 * 0.95 / options.networks):.3f} to {0.05 + 1.96 * math.sqrt(0.05 * 0.95 / options.networks):.3f}; scores of single sides have two values for each network):",
        "",
        "| score | " + " | ".join(MODELS) + " |",
        "|---" * (1 + len(MODELS)) + "|",
    ]
    for score in sorted(rates):
        lines.append(f"| {score} | " + " | ".join(f"{rates[score][model][0]:.3f}" if model in rates[score] else "" for model in MODELS) + " |")
    means = {model: [rates[score][model][0] for score in rates if model in rates[score]] for model in MODELS}
    lines.append("| mean | " + " | ".join(f"{sum(of) / len(of):.3f}" for of in means.values()) + " |")
    lines += ["", f"Power, null model kept, {options.power} networks of planted camps for each share of ties that cross:", "", "| score | " + " | ".join(map(str, CROSSING)) + " |", "|---" * (1 + len(CROSSING)) + "|"]  # fmt: skip
    for score in sorted(powers):
        lines.append(f"| {score} | " + " | ".join(f"{share:.2f}" for share in powers[score]) + " |")
    return "\n".join(lines) + "\n"


def plot(powers):
    """Power as the share of ties that cross falls."""
    width, height, left, top = 640, 400, 50, 20
    x = lambda place: left + place * (width - left - 160) / (len(CROSSING) - 1)
    y = lambda share: top + (1 - share) * (height - top - 50)
    colours = ["#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#0a7ea4", "#57606a"]
    shown = [score for score in ["ei", "assortativity", "modularity", "conductance", "rwc.adaptive", "rwc.hub", "rwc.seed", "dipole"] if score in powers]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">', f'<rect width="{width}" height="{height}" fill="white"/>']  # fmt: skip
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<line x1="{left}" x2="{x(len(CROSSING) - 1)}" y1="{y(share)}" y2="{y(share)}" stroke="#d0d7de"/><text x="{left - 6}" y="{y(share) + 4}" text-anchor="end">{share:g}</text>')
    for place, crossing in enumerate(CROSSING):
        parts.append(f'<text x="{x(place)}" y="{height - 30}" text-anchor="middle">{crossing:g}</text>')
    parts.append(f'<text x="{(left + x(len(CROSSING) - 1)) / 2}" y="{height - 10}" text-anchor="middle">share of ties that cross between two equal camps</text>')
    for score, colour in zip(shown, colours):
        points = " ".join(f"{x(place):.1f},{y(share):.1f}" for place, share in enumerate(powers[score]))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        row = top + 14 * shown.index(score) + 10
        parts.append(f'<rect x="{width - 150}" y="{row - 9}" width="10" height="10" fill="{colour}"/><text x="{width - 135}" y="{row}">{score}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main():
    options = arguments()
    options.echogram = options.echogram.resolve()
    rates, powers = false_positives(options), power(options)
    text = table(rates, powers, options)
    print(text)
    if options.write:
        (HERE / "calibration.md").write_text(text)
        (HERE / "calibration.svg").write_text(plot(powers))


if __name__ == "__main__":
    main()
