#!/usr/bin/env python3
"""Hold communities against the truth where it is hard to find, beside other libraries.

    harder.py --echogram target/release/echogram --work FOLDER [--large] [--seeds 10] [--write]

Networks of `echogram generate lfr`: mixing 0.5, 0.6, 0.7; undirected, weighted, directed, both. Rivals search with ten seeds each, and the
partition of the highest modularity counts, as nobody who has no truth could choose another. Needs igraph, leidenalg, networkit, scikit-learn, pyarrow.
Modularity is computed here, by one function for all. NMI is that of scikit-learn (arithmetic mean).
"""
import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import igraph
import leidenalg
import networkit
import numpy as np
import pyarrow.csv
import pyarrow.parquet
from sklearn.metrics import normalized_mutual_info_score

MIXING = [0.5, 0.6, 0.7]
ACCOUNTS = [1_000, 5_000]
LARGE = 100_000
KINDS = ["undirected", "weighted", "directed", "directed weighted"]
# Differences of NMI and of modularity smaller than this are none.
EQUAL = 1e-4


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--echogram", type=Path, required=True, help="the program")
    parser.add_argument("--work", type=Path, required=True, help="folder for the networks and the runs")
    parser.add_argument("--seeds", type=int, default=10, help="seeds of each rival")
    parser.add_argument("--large", action="store_true", help="also networks of 100,000 accounts: most of an hour")
    parser.add_argument("--large-seeds", type=int, default=3, help="seeds of each rival on these")
    parser.add_argument("--only", default="", help="only networks whose name holds this, such as 'mu 0.7'")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write harder.md beside this script")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def command(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


def name_of(kind, accounts, mixing):
    return f"{kind}, {accounts:,} accounts, mu {mixing}"


class Network:
    """A generated network: arrays of ends and weights, and the truth by account."""

    def __init__(self, options, kind, accounts, mixing):
        self.name = name_of(kind, accounts, mixing)
        self.kind, self.accounts, self.mixing = kind, accounts, mixing
        self.is_directed, self.is_weighted = "directed" in kind.split(), "weighted" in kind
        self.folder = options.work / self.name.replace(" ", "_").replace(",", "")
        flags = [f"--{word}" for word in kind.split() if word != "undirected"]
        command(options.echogram, "generate", "lfr", "--accounts", accounts, "--mu", mixing, "--seed", 1, "--force", "-o", self.folder, *flags)
        edges = pyarrow.csv.read_csv(self.folder / "edges.csv")
        self.ends = np.column_stack([edges["source"].to_numpy(), edges["target"].to_numpy()])
        self.weights = edges["weight"].to_numpy() if self.is_weighted else np.ones(len(self.ends))
        people = pyarrow.csv.read_csv(self.folder / "accounts.csv")
        self.truth = by_account(people["account"].to_numpy(), people["community_truth"].to_numpy(), accounts)

    def modularity(self, labels):
        """Newman's, or that of Leicht and Newman."""
        source, target = labels[self.ends[:, 0]], labels[self.ends[:, 1]]
        total, groups = self.weights.sum(), labels.max() + 1
        inside = self.weights[source == target].sum() / total
        leave = np.bincount(source, self.weights, groups) / total
        reach = np.bincount(target, self.weights, groups) / total
        if not self.is_directed:
            leave = reach = (leave + reach) / 2
        return inside - (leave * reach).sum()


def by_account(keys, values, accounts):
    """Values in the order of account numbers, as labels from 0."""
    labels = np.empty(accounts, dtype=np.int64)
    labels[keys.astype(np.int64)] = values
    return np.unique(labels, return_inverse=True)[1]


def ours(options, network):
    suffix = ("_weighted" if network.is_weighted else "") + ("_directed" if network.is_directed else "")
    column, run = f"community{suffix}", network.folder / "run"
    words = [column] if network.is_directed else [column, column.replace("community", "community_consensus")]
    flags = [] if network.is_directed else ["--undirected"]
    command(options.echogram, "run", network.folder / "edges.csv", "-o", run, "--force", "--metrics", ",".join(words), "--threads", options.threads, *flags)
    table = pyarrow.parquet.read_table(run / "accounts.parquet", columns=["account", *words])
    found = [by_account(table["account"].to_numpy(), table[word].to_numpy(), network.accounts) for word in words]
    return found[0], found[1] if len(found) > 1 else None


def rivals(network):
    """Rival -> a function of a seed that gives labels; those that optimise the same modularity on this kind."""
    graph = igraph.Graph(n=network.accounts, edges=network.ends.tolist(), directed=network.is_directed)
    weights = network.weights.tolist() if network.is_weighted else None

    def leidenalg_labels(seed):
        found = leidenalg.find_partition(graph, leidenalg.ModularityVertexPartition, weights=weights, n_iterations=-1, seed=seed)
        return np.array(found.membership)

    if network.is_directed:
        return {"leidenalg": leidenalg_labels}
    other = networkit.GraphFromCoo((network.weights, (network.ends[:, 0], network.ends[:, 1])), n=network.accounts, weighted=network.is_weighted, directed=False)

    def igraph_labels(seed):
        igraph.set_random_number_generator(__import__("random").Random(seed))
        return np.array(graph.community_leiden("modularity", weights=weights, n_iterations=-1).membership)

    def networkit_labels(make):
        def labels(seed):
            networkit.setSeed(seed, False)
            return np.array(make().run().getPartition().getVector())

        return labels

    return {
        "igraph Leiden": igraph_labels,
        "leidenalg": leidenalg_labels,
        "NetworKit PLM": networkit_labels(lambda: networkit.community.PLM(other, refine=True)),
        "NetworKit ParallelLeiden": networkit_labels(lambda: networkit.community.ParallelLeiden(other, iterations=10)),
    }


def judged(network, labels):
    labels = np.unique(labels, return_inverse=True)[1]
    return {"q": network.modularity(labels), "nmi": normalized_mutual_info_score(network.truth, labels), "communities": int(labels.max()) + 1}


def measure(options, network, seeds):
    record = {"name": network.name, "kind": network.kind, "seeds": seeds, "truth": judged(network, network.truth), "found": {}}
    started = time.monotonic()
    best, consensus = ours(options, network)
    record["found"]["echogram"] = judged(network, best)
    if consensus is not None:
        record["consensus"] = judged(network, consensus)
    for rival, labels in rivals(network).items():
        all_of_it = [judged(network, labels(seed)) for seed in range(1, seeds + 1)]
        top = max(all_of_it, key=lambda one: one["q"])
        record["found"][rival] = {**top, "best_nmi": max(one["nmi"] for one in all_of_it)}
    say(f"{network.name}: {time.monotonic() - started:.0f} s")
    return record


def cell(found):
    return f"{found['q']:.4f} / {found['nmi']:.3f}" if found else ""


def table(records):
    names = ["echogram", "igraph Leiden", "leidenalg", "NetworKit PLM", "NetworKit ParallelLeiden"]
    lines = ["| network | truth: Q, communities | " + " | ".join(names) + " | any seed's best NMI | consensus of ours |"]
    lines.append("|---" * (len(names) + 4) + "|")
    for record in records:
        found = record["found"]
        luckiest = max(one.get("best_nmi", 0) for one in found.values())
        cells = [f"{record['name']}, {record['seeds']} seeds", f"{record['truth']['q']:.4f}, {record['truth']['communities']}"]
        cells += [cell(found.get(name)) for name in names] + [f"{luckiest:.3f}", cell(record.get("consensus"))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def counts(records):
    """What the table says, counted."""
    higher_q = higher_nmi = against = above_truth = agreed = agreed_nmi = 0
    for record in records:
        mine = record["found"]["echogram"]
        others = [found for name, found in record["found"].items() if name != "echogram"]
        q, nmi = max(one["q"] for one in others), max(one["nmi"] for one in others)
        higher_q += mine["q"] >= q - EQUAL
        higher_nmi += mine["nmi"] >= nmi - EQUAL
        against += mine["q"] > q + EQUAL and mine["nmi"] < nmi - EQUAL
        above_truth += mine["q"] > record["truth"]["q"] + EQUAL
        if "consensus" in record:
            agreed += 1
            agreed_nmi += record["consensus"]["nmi"] >= nmi - EQUAL
    return (
        f"Of {len(records)} networks: our modularity is at least the best rival's on {higher_q}, our NMI on {higher_nmi}. Modularity above and NMI below "
        f"the rival's: {against}. Our modularity is above that of the truth itself on {above_truth}. "
        f"Our consensus (undirected only) has at least the best rival's NMI on {agreed_nmi} of {agreed}."
    )


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    networkit.setNumberOfThreads(options.threads)
    sizes = [(accounts, options.seeds) for accounts in ACCOUNTS] + ([(LARGE, options.large_seeds)] if options.large else [])
    # What an earlier call measured with as many seeds is not measured again.
    kept = options.work / "harder.json"
    known = {record["name"]: record for record in (json.loads(kept.read_text()) if kept.exists() else [])}
    records = []
    for accounts, seeds in sizes:
        for kind in KINDS:
            for mixing in MIXING:
                name = name_of(kind, accounts, mixing)
                if known.get(name, {}).get("seeds") != seeds:
                    if options.only not in name:
                        continue
                    known[name] = measure(options, Network(options, kind, accounts, mixing), seeds)
                    kept.write_text(json.dumps(list(known.values()), indent=1))
                records.append(known[name])
    text = f"{table(records)}\n\n{counts(records)}\n"
    print(text)
    if options.write:
        path = Path(__file__).with_name("harder.md")
        head, mark = (path.read_text() if path.exists() else ""), "<!-- made by harder.py -->\n"
        path.write_text(head.split(mark)[0] + mark + text)


if __name__ == "__main__":
    main()
