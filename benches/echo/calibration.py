#!/usr/bin/env python3
"""Whether p of echo scores means what it says: false positives on networks without camps, power on planted camps.

    calibration.py [--echogram target/release/echogram] [--networks 200] [--power 20] [--replicates 99] [--scores NAME ...]
                   [--processes 2] [--results FILE [--seconds N]] [--write]

False positives: networks are drawn from the very set that a null model draws from, by code of this script's own, and their accounts dealt to two sides at random; a right p is then at most 0.05 in 5 % of
networks. For null models kept and labels: directed networks of given power-law degrees, each as likely as any other (a first one by Kleitman and Wang, then steps of two edges and turns of three, rejected steps
counted). Stub matching without repeated edges would not do: it is no even draw, and ties answered on purpose, which kept breaks up, make a network that kept never draws. For reciprocity: networks some of whose
ties are answered, drawn anew with the same numbers of answered and of single ties for each account. Power: `echogram generate camps`, no ties answered on purpose, with fewer and fewer ties across.

With --results, trials that are in the file are not made again, and new ones are added, so that a long run can go on in parts (--seconds), or with other scores. Needs Python only.
"""
import argparse
import csv
import json
import math
import random
import re
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
SCORES = ["aei", "assortativity", "boundary", "coleman", "conductance", "dipole", "ei", "ei_rescaled", "fj_disagreement", "fj_polarisation", "freeman", "inbreeding_homophily", "modularity", "orwg", "rwc.adaptive", "rwc.hub", "rwc.seed", "ssi"]  # fmt: skip
# Which networks each set of null models is tried on.
MODELS = {"plain": ["kept", "labels"], "answered": ["reciprocity"], "mismatched": ["kept"], "camps": ["kept"]}
LIKELY = 0.05
NORMAL = 1.96
# Shares of ties that cross, for power; 0.5 of two equal camps is no chamber.
CROSSING = [0.5, 0.48, 0.46, 0.44, 0.42, 0.40, 0.36, 0.30, 0.25]
ACCOUNTS = 300
# Share of ties that are answered in networks for the null model reciprocity.
ANSWERED = 0.15
# Steps for each edge until a network counts as drawn; null models of echogram take ten.
STEPS_PER_EDGE = 50


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--echogram", type=Path, default=Path("target/release/echogram"))
    parser.add_argument("--networks", type=int, default=200, help="networks of each kind for false positives")
    parser.add_argument("--mismatched", type=int, default=200, help="networks with answered ties held against a null model that does not keep these")
    parser.add_argument("--power", type=int, default=20, help="networks for each share of ties that cross")
    parser.add_argument("--replicates", type=int, default=99, help="null replicates; 1 + R a multiple of 20, so that p = 0.05 can be")
    parser.add_argument("--scores", nargs="*", default=SCORES)
    parser.add_argument("--processes", type=int, default=1, help="networks at a time, each on one thread")
    parser.add_argument("--results", type=Path, help="file of trials made, one a line; added to")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin no trial after so many")
    parser.add_argument("--write", action="store_true", help="write calibration.md and calibration.svg here")
    return parser.parse_args()


class Ties:
    """Directed edges that change partners: targets move, sources stay."""

    def __init__(self, edges):
        edges = sorted(edges)
        self.sources = [source for source, _ in edges]
        self.targets = [target for _, target in edges]
        self.places = {}
        for place, source in enumerate(self.sources):
            self.places.setdefault(source, []).append(place)
        self.present = set(edges)

    def move(self, place, target):
        self.present.remove((self.sources[place], self.targets[place]))
        self.targets[place] = target

    def put(self, *places):
        self.present.update((self.sources[place], self.targets[place]) for place in places)

    def swap(self, draw, is_free):
        """a -> b, c -> d become a -> d, c -> b, if both are free."""
        i, j = int(draw() * len(self.sources)), int(draw() * len(self.sources))
        a, b, c, d = self.sources[i], self.targets[i], self.sources[j], self.targets[j]
        if a != c and b != d and a != d and c != b and is_free(a, d) and is_free(c, b):
            self.move(i, d)
            self.move(j, b)
            self.put(i, j)

    def turn(self, draw, is_free):
        """a -> b -> c -> a becomes a -> c -> b -> a, if these are free."""
        i = int(draw() * len(self.sources))
        a, b = self.sources[i], self.targets[i]
        onwards = self.places.get(b, ())
        if not onwards:
            return
        j = onwards[int(draw() * len(onwards))]
        c = self.targets[j]
        if c != a and (c, a) in self.present and is_free(a, c) and is_free(c, b) and is_free(b, a):
            k = next(place for place in self.places[c] if self.targets[place] == a)
            for place, target in ((i, c), (j, a), (k, b)):
                self.move(place, target)
            self.put(i, j, k)


def first_network(out, into):
    """A simple directed network of these degrees (Kleitman and Wang), or None: each account points at those who still want most."""
    wanted, edges = into[:], set()
    for source in sorted(range(len(out)), key=lambda account: -out[account]):
        others = sorted((account for account in range(len(out)) if account != source), key=lambda account: (-wanted[account], account))
        for target in others[: out[source]]:
            wanted[target] -= 1
            edges.add((source, target))
    return None if any(wanted) else edges


def plain(draw):
    """A directed network of power-law degrees, each network of these degrees as likely as any other."""
    edges = None
    while edges is None:
        out = [min(int(draw.paretovariate(1.5) * 2), 60) for _ in range(ACCOUNTS)]
        into = out[:]
        draw.shuffle(into)
        edges = first_network(out, into)
    ties = Ties(edges)
    is_free = lambda source, target: (source, target) not in ties.present
    for _ in range(STEPS_PER_EDGE * len(edges)):
        (ties.turn if draw.random() < 0.1 else ties.swap)(draw.random, is_free)
    return ties.present


def answered(draw):
    """A directed network some of whose ties are answered, each network of these numbers of answered ties and of single ones in and out as likely as any other."""
    edges = plain(draw)
    edges = edges | {(b, a) for a, b in sorted(edges) if draw.random() < ANSWERED}
    single = Ties({(a, b) for a, b in edges if (b, a) not in edges})
    # A pair stands as one edge in a direction of its own; which does not matter, so it is drawn anew at each step.
    pairs = [[a, b] for a, b in sorted(edges) if a < b and (b, a) in edges]
    joined = {(a, b) for a, b in pairs} | {(b, a) for a, b in pairs}
    is_free = lambda a, b: (a, b) not in single.present and (b, a) not in single.present and (a, b) not in joined
    # A turned circle of three meets its own edges only.
    is_turn_free = lambda a, b: (a, b) not in single.present and (a, b) not in joined
    for _ in range(STEPS_PER_EDGE * (len(pairs) + len(single.sources))):
        if draw.random() * (len(pairs) + len(single.sources)) >= len(pairs):
            if draw.random() < 0.1:
                single.turn(draw.random, is_turn_free)
            else:
                single.swap(draw.random, is_free)
            continue
        one, other = draw.choice(pairs), draw.choice(pairs)
        (a, b), (c, d) = one, other[::-1] if draw.random() < 0.5 else other
        if len({a, b, c, d}) == 4 and is_free(a, d) and is_free(c, b):
            joined -= {(a, b), (b, a), (c, d), (d, c)}
            joined |= {(a, d), (d, a), (c, b), (b, c)}
            one[:], other[:] = (a, d), (c, b)
    return single.present | joined


def write_network(folder, edges, draw):
    """The network and random sides as two files."""
    with open(folder / "edges.csv", "w", newline="") as file:
        csv.writer(file).writerows([("source", "target"), *sorted(edges)])
    with open(folder / "accounts.csv", "w", newline="") as file:
        csv.writer(file).writerows([("account", "side"), *((account, draw.choice("ab")) for account in range(ACCOUNTS))])
    return [folder / "edges.csv", "--accounts", folder / "accounts.csv"]


def trial(options, kind, crossing, seed, scores):
    """What one network says: [score, group, null model, p] each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kind == "camps":
            camps = folder / "camps"
            given = [camps / "edges.csv", "--accounts", camps / "accounts.csv"]
            command = [options.echogram, "generate", "camps", "--accounts", str(ACCOUNTS), "--average-degree", "5", "--reciprocity", "0", "--cross", str(crossing), "--seed", str(seed + 1), "-o", camps]  # fmt: skip
            subprocess.run(command, check=True, capture_output=True)
        else:
            kind_drawn = "plain" if kind == "plain" else "answered"
            draw = random.Random(f"{kind_drawn} {seed}")
            given = write_network(folder, {"plain": plain, "answered": answered}[kind_drawn](draw), draw)
        run, rows, left = folder / "run", [], list(scores)
        while True:
            command = [options.echogram, "run", *given, "--sides", "side", "--metrics", ",".join(left), "--null", ",".join(MODELS[kind]), "--null-replicates", str(options.replicates), "--seed", str(seed + 1), "--threads", "1", "-o", run]  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True)
            # A score that a network does not have ends the run.
            missing = re.search(r"^error: `([^`]*)` is defined nowhere", done.stderr, re.MULTILINE)
            if not missing:
                break
            left.remove(missing[1])
            rows += [[missing[1], None, model, None] for model in MODELS[kind]]
        done.check_returncode()
        answer = subprocess.run([options.echogram, "echo", run, "--groups", "--json"], check=True, capture_output=True, text=True)
        return rows + [[row["score"], row["group"], row["null_model"], row["p"]] for row in json.loads(answer.stdout)["scores"]]


def trials(options):
    """All trials asked for, by (kind, share of ties that cross, seed), each a list of rows; those in the file of results are read from it."""
    known = {}
    if options.results and options.results.exists():
        for line in options.results.read_text().splitlines():
            made = json.loads(line)
            if made["replicates"] == options.replicates:
                known.setdefault((made["kind"], made["crossing"], made["seed"]), []).append(made)
    asked = [(kind, None, seed) for seed in range(options.networks) for kind in ("plain", "answered")]
    asked += [("mismatched", None, seed) for seed in range(options.mismatched)]
    asked += [("camps", crossing, seed) for seed in range(options.power) for crossing in CROSSING]
    missing = {}
    for key in asked:
        made = {score for of in known.get(key, []) for score in of["scores"]}
        missing[key] = [score for score in options.scores if score not in made]
    end = time.monotonic() + options.seconds

    def make(key):
        if missing[key] and time.monotonic() < end:
            kind, crossing, seed = key
            return {"kind": kind, "crossing": crossing, "seed": seed, "replicates": options.replicates, "scores": missing[key], "rows": trial(options, *key, missing[key])}  # fmt: skip

    with ThreadPoolExecutor(options.processes) as pool:
        for made in pool.map(make, [key for key in asked if missing[key]]):
            if made:
                known.setdefault((made["kind"], made["crossing"], made["seed"]), []).append(made)
                if options.results:
                    with open(options.results, "a") as file:
                        file.write(json.dumps(made) + "\n")
    return {key: [row for of in parts for row in of["rows"]] for key, parts in known.items()}


def false_positives(found, kinds=("plain", "answered")):
    """(score, null model) -> [the p of each network, those of single sides and of the whole together]; p that is not defined is None."""
    rates = {}
    for (kind, _, _), rows in found.items():
        if kind in kinds:
            of_network = {}
            for score, _, model, p in rows:
                of_network.setdefault((score, model), []).append(p)
            for key, values in of_network.items():
                rates.setdefault(key, []).append(values)
    return rates


def power(found):
    """score -> share of ties that cross -> p of each network."""
    powers = {}
    for (kind, crossing, _), rows in found.items():
        for score, group, _, p in rows:
            if kind == "camps" and group is None:
                powers.setdefault(score, {}).setdefault(crossing, []).append(p)
    return powers


def share(values):
    """Share of p that are at most LIKELY; None where there are none."""
    known = [p for p in values if p is not None]
    return sum(p <= LIKELY for p in known) / len(known) if known else None


def interval(part, count):
    """95 % interval of a share (Wilson)."""
    middle, square = part + NORMAL**2 / (2 * count), NORMAL * math.sqrt(part * (1 - part) / count + NORMAL**2 / (4 * count**2))
    return [(middle + sign * square) / (1 + NORMAL**2 / count) for sign in (-1, 1)]


def rate(networks):
    """(share of networks with p <= LIKELY, networks with a p, mean p); sides of one network share its weight."""
    known = [[p for p in values if p is not None] for values in networks]
    known = [values for values in known if values]
    if not known:
        return None
    mean = lambda of: sum(of(values) for values in known) / len(known)
    return mean(share), len(known), mean(lambda values: sum(values) / len(values))


def cell(found):
    low, high = interval(*found[:2])
    return f"{found[0]:.3f} [{low:.3f}, {high:.3f}]{'' if low <= LIKELY <= high else ' !'}"


def rates_table(rates, of_cell):
    """A row for each score, a column for each null model."""
    models = MODELS["plain"] + MODELS["answered"]
    lines = ["| score | networks | " + " | ".join(models) + " |", "|---" * (2 + len(models)) + "|"]
    for score in sorted({score for score, _ in rates}):
        of = [rates.get((score, model)) for model in models]
        counts = sorted({found[1] for found in of if found})
        lines.append(f"| {score} | {' to '.join(map(str, counts[:: max(len(counts) - 1, 1)]))} | " + " | ".join(of_cell(found) if found else "" for found in of) + " |")
    means = [[found[0] for (_, other), found in rates.items() if found and other == model] for model in models]
    return lines, [sum(of) / max(len(of), 1) for of in means]


def table(networks, mismatched, powers, options):
    rates = {key: rate(of) for key, of in networks.items()}
    lines, means = rates_table(rates, cell)
    known = [found for found in rates.values() if found]
    outside = sum(not low <= LIKELY <= high for low, high in (interval(*found[:2]) for found in known))
    wide = sum(not 0.03 <= found[0] <= 0.07 for found in known)
    even = (options.replicates + 2) / (2 * (options.replicates + 1))
    undefined = {key: sum(p is None for values in of for p in values) / sum(map(len, of)) for key, of in networks.items()}
    text = [
        "# Calibration of echo scores",
        "",
        f"Made by `calibration.py` with {options.replicates} replicates; how networks are drawn stands at its head.",
        "",
        "## False positives",
        "",
        f"Share of directed networks of {ACCOUNTS} accounts with random sides in which p <= {LIKELY:g}, with its 95 % interval; right is {LIKELY:g}. Scores of single sides: the mean of both, as of one network.",
        "",
        *lines,
        "| mean of the shares | | " + " | ".join(f"{mean:.3f}" for mean in means) + " |",
        "",
        f"Of {len(known)} intervals {outside} leave out {LIKELY:g} (marked !); chance alone makes it about {len(known) * 0.05:.0f}, more or fewer at a time, as scores of one network are much alike. "
        f"{wide} shares lie outside 0.03 to 0.07.",
        "",
        f"The mean of p says more, as it uses every network and not only those near the border: right is {even:.3f}, and chance alone gives that less or more {NORMAL * 0.2887 / math.sqrt(max(found[1] for found in known)):.3f} "
        f"with {max(found[1] for found in known)} networks. Above it p is cautious: replicates that are as much of a chamber as the network, and not more, count against it.",
        "",
        *rates_table(rates, lambda found: f"{found[2]:.3f}")[0],
        "",
    ]
    if any(undefined.values()):
        text += ["Not defined, and left out: " + ", ".join(f"`{score}` with `{model}` {part:.1%}" for (score, model), part in sorted(undefined.items()) if part) + " of its values.", ""]
    broken = {score: rate(of) for (score, _), of in mismatched.items()}
    if broken:
        text += [
            f"Where the null model does not fit: `kept` on networks about a quarter of whose ties are answered ({max(found[1] for found in broken.values() if found)} networks). `kept` breaks answered ties up, so that its networks have more pairs of "
            "neighbours, and vary less in ties across: " + ", ".join(f"`{score}` {found[0]:.3f}" for score, found in sorted(broken.items()) if found) + ". With `reciprocity` the same networks give the column above.",
            "",
        ]
    counts = sorted({len(of) for score in powers.values() for of in score.values()})
    text += [
        "## Power",
        "",
        f"Null model kept; {' to '.join(map(str, counts[:: max(len(counts) - 1, 1)]))} networks of planted camps for each share of ties that cross ([calibration.svg](calibration.svg)): share of them in which p <= {LIKELY:g}.",
        "",
        "| score | " + " | ".join(map(str, CROSSING)) + " |",
        "|---" * (1 + len(CROSSING)) + "|",
    ]
    shown = lambda part: "" if part is None else f"{part:.2f}"
    text += [f"| {score} | " + " | ".join(shown(share(powers[score].get(crossing, []))) for crossing in CROSSING) + " |" for score in sorted(powers)]
    return "\n".join([*text, "", NOTES.strip()]) + "\n"


# Seen in the figures, and checked as said.
NOTES = """
## What is to be known of single scores

- Scores that only single sides have (`coleman`, `inbreeding_homophily`, `ssi`, `conductance_side`) are not in the table of power.
- p of `boundary_garimella` is hardly ever below 0.05, and shows no camps. Without camps its value is 0.5, the most there is, in 8 to 27 % of rewired networks (four networks, 60 rewirings each), and one that is as much of a chamber
  counts against the network; with camps it is lower. `echogram metrics boundary` says why.
- `boundary` is not defined where nobody who meets the other side has a tie to one of the own side who does not.
- `fj_disagreement` is lower than chance for camps that hardly meet only, and higher for those made here: `echogram metrics fj_disagreement`.
- `rwc.adaptive` goes by one hub of 150 accounts, `dipole` by seven, `boundary` by the few who have anybody behind them: with so few to go by, power comes late.
- p of `rwc.seed` goes by two draws of seeds, of the network as of each replicate. More of them (`--set rwc.seed_null_draws=20`) make it sharper; how much has not been measured.
- Where many ties are answered, take `--null reciprocity`: beside `kept`, `fj_polarisation` and `dipole` find camps in networks that have none, and so, twice as often as they should, do
  most others but those of random walks.
- A run warns of that. For `fj_polarisation` and `dipole` it does where a point or more of the share of answered ties is lost to the null model and the share lost times the root of the number of ties is 1.5 or more: on 263
  networks without camps (43 each of 300 accounts with `ANSWERED` 0, 0.01, 0.02, 0.04 and 0.08, 12 each of 2,000 with 0.005, 0.01, 0.02 and 0.04; lost is what is more than the 1.4 and 0.2 % answered by chance) p of
  `fj_polarisation` was at most 0.05 in 0.07 of those where that product was below 1.5, in 0.22 up to 3, in 0.49 up to 6, in 0.79 above; of `dipole` in 0.06, 0.10, 0.12 and 0.14. For other scores a run warns where 15 points are
  lost: with 16 % of the ties answered p of `assortativity`, `conductance` and `modularity` was at most 0.05 in 0.02 of 43 networks, of `boundary` in 0.05; what a quarter does stands above.
- `recut` rewires as `kept` does and is warned of by the same rule; its p on networks with answered ties has not been measured.
"""


def plot(powers):
    """Power as the share of ties that cross falls."""
    width, height, left, top, right = 760, 420, 60, 20, 190
    x = lambda place: left + (CROSSING[0] - CROSSING[place]) / (CROSSING[0] - CROSSING[-1]) * (width - left - right)
    y = lambda part: top + (1 - part) * (height - top - 60)
    colours = ["#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#0a7ea4", "#57606a"]
    shown = [score for score in ["ei", "modularity", "rwc.hub", "rwc.adaptive", "rwc.seed", "boundary", "dipole", "fj_polarisation"] if score in powers]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">', f'<rect width="{width}" height="{height}" fill="white"/>']  # fmt: skip
    for part in (0, 0.05, 0.25, 0.5, 0.75, 1):
        dash = ' stroke-dasharray="4 3"' if part == LIKELY else ""
        parts.append(f'<line x1="{left}" x2="{x(len(CROSSING) - 1)}" y1="{y(part)}" y2="{y(part)}" stroke="#d0d7de"{dash}/><text x="{left - 6}" y="{y(part) + 4}" text-anchor="end">{part:g}</text>')
    for place, crossing in enumerate(CROSSING):
        parts.append(f'<text x="{x(place)}" y="{height - 38}" text-anchor="middle">{crossing:g}</text>')
    parts.append(f'<text x="{(left + x(len(CROSSING) - 1)) / 2}" y="{height - 14}" text-anchor="middle">share of ties that cross between two equal camps</text>')
    parts.append(f'<text transform="translate(14 {y(0.5)}) rotate(-90)" text-anchor="middle">share of networks with p &#8804; 0.05</text>')
    for score, colour in zip(shown, colours):
        values = [(place, share(powers[score].get(crossing, []))) for place, crossing in enumerate(CROSSING)]
        points = " ".join(f"{x(place):.1f},{y(part):.1f}" for place, part in values if part is not None)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        row = top + 18 * shown.index(score) + 10
        parts.append(f'<rect x="{width - right + 20}" y="{row - 9}" width="10" height="10" fill="{colour}"/><text x="{width - right + 36}" y="{row}">{score}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main():
    options = arguments()
    options.echogram = options.echogram.resolve()
    found = trials(options)
    powers = power(found)
    text = table(false_positives(found), false_positives(found, ["mismatched"]), powers, options)
    print(text)
    if options.write:
        (HERE / "calibration.md").write_text(text)
        (HERE / "calibration.svg").write_text(plot(powers))


if __name__ == "__main__":
    main()
