#!/usr/bin/env python3
"""Write the frozen tables that the engine's metrics are compared with.

    make.py [REAL_DATA_FOLDER]

graphs.json is always written. real.json is written when the folder of real networks is given,
or named by ECHOGRAM_REAL_DATA; otherwise it is left alone.
"""
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded: the last digits hang on the number of threads

from graphs import in_key_order, samples
from spectral import spectral
from tables import (
    TOLERANCE,
    Agreement,
    Network,
    best_partition,
    community_table,
    edge_table,
    network_table,
    node_table,
    numbered,
    or_null,
    own_ties_index,
)

HERE = Path(__file__).parent
PACKAGES = ["networkx", "igraph", "leidenalg", "numpy", "scipy"]
CONVENTIONS = {
    "self_loops": "kept in `edges` and counted, left out of everything else",
    "repeated rows": "one edge; weight = sum of the weights, or the count; relation `follow`: weight 1",
    "merged graph": "weights of the relations are added; unweighted metrics see one edge per (source, target)",
    "undirected union": "simple; its weight is the sum of both directions",
    "undirected mode": "each pair once in `edges` and in the counts; directed metrics on the symmetric graph; betweenness and edges_* count each pair once",
    "null": "not defined: no out-edge, no tie, no variance, one group only",
    "labels": "0 = largest group, ties by smallest node (row order)",
    "pagerank": "damping 0.85, sinks spread evenly, NetworkX, L1 change below 1e-13",
    "reciprocity of a node": "share of its out-edges that are returned; neither library has it (NetworkX's per-node value divides by in + out)",
    "closeness": "NetworkX, Wasserman-Faust, distance to the account; igraph scales by the reachable part only, so it is not compared",
    "harmonic": "raw sum of 1/d, distance to the account; igraph's value is multiplied by n - 1; igraph gives NaN for a graph of one node",
    "assortativity_degree_directed": "out-degree of the source with in-degree of the target",
    "constraint, effective_size": "on the simple undirected union, unweighted; null for isolates",
    "modularity": "resolution 1; `modularity` is of `partition` on the simple undirected union",
    "assortativity without edges": "null, as igraph says; NetworkX says 0",
    "conductance": "cut / min(vol S, vol rest) on the undirected union; null if that is 0",
    "ei_index of a community": "its ties each counted once: (external - internal) / (external + internal)",
    "best_modularity": "best of igraph's Leiden and leidenalg over seeds, n_iterations -1",
    "hub, authority": "singular vectors without self-loops, L2 norm 1 each: authority = all ones projected on the dominant eigenspace of A^T A, hub = A authority; no edge: 0. NetworkX sums to 1 and always weights, igraph has the maximum 1 and says 1 without edges: both scaled, and compared where hub_dimension is 1",
    "eigenvector": "limit of x <- A^T x + x from all ones, L2 norm 1; without a cycle 0, where igraph says 1 in sinks; null if the largest eigenvalue is defective (spectral.null_because). NetworkX has L2 norm 1 and refuses unconnected graphs, igraph has the maximum 1",
    "katz": "x = alpha A^T x + 1, L2 norm 1; alpha = 0.85 / spectral radius (spectral.katz_alpha), 0.85 over the mean weight without a cycle; NetworkX beside it, igraph has none",
    "dcore_in, dcore_out": "largest k such that the account is in a set in which each has at least k in-neighbours (out-neighbours); igraph's coreness with mode in (out)",
    "collective_influence": "(k - 1) * sum of k_j - 1 at distance exactly 2 on the undirected union; isolates 0",
    "bowtie": "relative to the largest strong component, ties by smallest node: core; in reaches it; out is reached; tube is reached from in and reaches out; tendril is the rest of its weak component; disconnected",
    "constraint_weighted, effective_size_weighted": "on the union with summed weights; effective size is NetworkX's asked account by account, as all at once NetworkX 3.6 scales by the strongest tie of the wrong account",
    "paths weighted": "length 1 / weight, computed in whole numbers so that equal paths tie; igraph compares lengths with a tolerance and agrees, NetworkX's betweenness on rounded lengths does not",
    "average_distance, diameter_effective": "of ordered pairs of distinct accounts that a directed path joins; 90 %, interpolated; null if there are none",
    "centralisation": "sum of (largest - own degree) over what a star has: (N - 1)^2 directed, (N - 1)(N - 2) undirected",
    "agreement": f"largest difference between NetworkX and igraph over all graphs; make.py fails above {TOLERANCE}",
}
# Golden values of karate with the two clubs as sides, from a third code; make.py must reach them too.
KARATE_GOLDEN = {
    "ei": -0.717948717948718,
    "assortativity_sides": 0.717530864197531,
    "modularity_sides": 0.3582347140039448,
    "conductance_side": {"Mr. Hi": 0.13580246913580246, "Officer": 0.14666666666666667},
    "conductance": 0.14666666666666667,
    "assortativity_degree": -0.47561309768461413,
    "modularity_optimum": 0.4197896120973046,
}


def main():
    made_with = {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    agreement = Agreement()
    graphs = [graph_entry(sample, agreement) for sample in samples()]
    check_karate(graphs[0])
    head = {"made_with": made_with, "conventions": CONVENTIONS, "agreement": agreement.largest}
    write(HERE / "graphs.json", head | {"graphs": graphs})
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ECHOGRAM_REAL_DATA")
    if folder:
        from real import networks

        write(HERE / "real.json", {"made_with": made_with, "networks": networks(Path(folder))})


def graph_entry(sample, agreement):
    keys = {key for row in sample.rows for key in row[:2]} | set(sample.accounts_only)
    nodes = in_key_order(keys)
    sides = [sample.attribute[key] for key in nodes]
    union = Network(nodes, edge_table(sample.rows, True), True).ig_union
    found = best_partition(union, 50, 50)
    best, labels = max(found.values(), key=lambda one: one[0])
    entry = {
        "name": sample.name,
        "about": sample.about,
        "nodes": nodes,
        "accounts_only": sample.accounts_only,
        "rows": [list(row) for row in sample.rows],
        "attribute": sides,
        "partition": labels,
        "best_modularity": or_null(lambda: best),
        "best_modularity_by": {name: or_null(lambda score=score: score) for name, (score, _) in found.items()},
    }
    for mode in ("directed", "undirected"):
        if mode in sample.modes:
            entry[mode] = view(sample, nodes, labels, sides, mode == "undirected", agreement)
    return entry


def view(sample, nodes, labels, sides, undirected, agreement):
    """Everything said of one graph read one way."""
    edges = edge_table(sample.rows, undirected)
    network = Network(nodes, edges, undirected)
    merged = network.union if undirected else network.directed
    values, other = network_table(network, labels, sides, agreement)
    columns, facts = spectral(network, agreement)
    side_labels = numbered([[n for n, side in enumerate(sides) if side == name] for name in set(sides)])
    return {
        "counts": {
            "accounts": len(nodes),
            "rows": len(sample.rows),
            "edges": len(edges),
            "self_loops": sum(edge[0] == edge[1] for edge in edges),
            "merged_edges": merged.number_of_edges(),
        },
        "edges": edges,
        "node": node_table(network, agreement)
        | columns
        | {"ei_index": own_ties_index(network, labels), "ei_index_attribute": own_ties_index(network, sides)},
        "spectral": facts,
        "network": values,
        "network_igraph": other,
        "communities": community_table(network, labels),
        "attribute_groups": {"group": group_names(sides, side_labels)} | community_table(network, side_labels),
    }


def group_names(sides, labels):
    return [next(side for side, label in zip(sides, labels) if label == wanted) for wanted in sorted(set(labels))]


def check_karate(entry):
    """The golden values follow from the tables, so they are checked here and stored beside them."""
    values, groups = entry["undirected"]["network"], entry["undirected"]["attribute_groups"]
    degrees = entry["undirected"]["node"]["degree"]
    volumes = {name: sum(d for d, side in zip(degrees, entry["attribute"]) if side == name) for name in groups["group"]}
    reached = {
        "ei": values["ei_attribute_undirected"],
        "assortativity_sides": values["assortativity_attribute_undirected"],
        "modularity_sides": values["modularity_attribute"],
        "conductance_side": {name: cut / volumes[name] for name, cut in zip(groups["group"], groups["edges_out"])},
        "conductance": groups["conductance"][0],
        "assortativity_degree": values["assortativity_degree_undirected"],
        "modularity_optimum": entry["best_modularity"],
    }
    for name, wanted in KARATE_GOLDEN.items():
        pairs = [(reached[name][key], wanted[key]) for key in wanted] if isinstance(wanted, dict) else [(reached[name], wanted)]
        assert all(abs(got - want) < 1e-12 for got, want in pairs), f"karate {name}: {reached[name]}, golden {wanted}"
    entry["golden"] = KARATE_GOLDEN


def write(path, table):
    path.write_text(text_of(table) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size // 1024} KiB", file=sys.stderr)


def text_of(value, indent=0):
    """JSON with a list on one line, so that a change shows as one line of a diff."""
    inner = " " * (indent + 1)
    if isinstance(value, dict) and value:
        parts = [f"{inner}{json.dumps(key, ensure_ascii=False)}: {text_of(item, indent + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + " " * indent + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(inner + text_of(item, indent + 1) for item in value) + "\n" + " " * indent + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


if __name__ == "__main__":
    main()
