"""Aggregate facts of the real networks, which are not part of this project: no rows are written."""
import csv
import gzip

import networkx as nx
import numpy as np

from graphs import in_key_order
from real_accounts import account_facts
from tables import Agreement, Network, best_partition, components, degree_assortativity, edge_table, pagerank

LARGE = 50_000  # accounts; from here on leidenalg takes minutes a seed and gets one


def networks(folder):
    """Facts per network, in the order of their names."""
    readers = [higgs, hospital, karate, physicians, polblogs, wiki_vote]
    return {name: entry for reader in readers for name, entry in reader(folder).items()}


def records(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(path):
    """Rows of a text file without a header; `#` starts a comment."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [line.split() for line in file if line.strip() and not line.startswith("#")]


def higgs(folder):
    rows = [
        (source, target, layer, float(weight))
        for layer in ("mention", "reply")
        for source, target, weight in words(folder / f"higgs/{layer}.edgelist.gz")
    ]
    return {"higgs": facts(rows)}


def hospital(folder):
    rows = [(a, b, "contact", None) for _, a, b, _, _ in words(folder / "hospital/contacts.txt.gz")]
    return {"hospital": facts(rows, undirected=True)}


def karate(folder):
    rows = [(row["source"], row["target"], "contact", float(row["weight"])) for row in records(folder / "karate/edges.csv")]
    return {"karate": facts(rows, accounts(folder / "karate", "club"), "club", undirected=True, each_account=True)}


def physicians(folder):
    rows = [(row["source"], row["target"], row["relation"], None) for row in records(folder / "physicians/edges.csv")]
    everyone = accounts(folder / "physicians", "city")
    entry = {"physicians": facts(rows, everyone, "city", each_account=True)}
    for relation in sorted({row[2] for row in rows}):
        entry[f"physicians@{relation}"] = facts([row for row in rows if row[2] == relation], everyone, "city")
    return entry


def polblogs(folder):
    rows = [(row["source"], row["target"], "link", None) for row in records(folder / "polblogs/edges.csv")]
    everyone = accounts(folder / "polblogs", "pol")
    kept = facts(rows, everyone, "pol", keep_loops=True)
    return {"polblogs": facts(rows, everyone, "pol", each_account=True), "polblogs keep_loops": kept}


def wiki_vote(folder):
    rows = [(a, b, "vote", None) for a, b in words(folder / "wiki-vote/wiki-Vote.txt.gz")]
    return {"wiki-vote": facts(rows, each_account=True)}


def accounts(folder, attribute):
    return {row["id"]: row[attribute] for row in records(folder / "accounts.csv")}


def facts(rows, attribute=None, attribute_name=None, undirected=False, keep_loops=False, each_account=False):
    edges = edge_table(rows, undirected)
    nodes = in_key_order({key for row in rows for key in row[:2]} | set(attribute or {}))
    network = Network(nodes, edges, undirected, keep_loops)
    merged = network.union if undirected else network.directed
    entry = {
        "directed": not undirected,
        "accounts": len(nodes),
        "rows": len(rows),
        "edges": len(edges),
        "self_loops": sum(edge[0] == edge[1] for edge in edges),
        "merged_edges": merged.number_of_edges(),
        "weight_total": float(merged.size(weight="weight")),
        "undirected_edges": network.union.number_of_edges(),
    }
    entry |= network_facts(network)
    if attribute:
        entry |= attribute_facts(network, [attribute[key] for key in nodes], attribute_name)
    if not keep_loops:
        entry |= structure_facts(network)
    if each_account:
        entry |= account_facts(network, Agreement())
    return entry


def network_facts(network):
    agreement = Agreement()
    directed, union, twin = network.directed, network.union, network.ig_directed
    degree_union = degree_assortativity(union)
    degree_union_igraph = network.ig_union.assortativity_degree(directed=False)
    looped = nx.number_of_selfloops(directed) > 0
    if not looped:
        agreement.check("assortativity_degree_undirected", degree_union, degree_union_igraph)
        agreement.check("reciprocity", nx.overall_reciprocity(directed), twin.reciprocity())
    directed_value = degree_assortativity(directed)
    agreement.check("assortativity_degree_directed", directed_value, twin.assortativity_degree(directed=True))
    return {
        "density": agreement.check("density", nx.density(directed), twin.density(loops=False)),
        "reciprocity": twin.reciprocity(ignore_loops=True),
        "reciprocity_networkx": nx.overall_reciprocity(directed),
        "assortativity_degree_directed": directed_value,
        "assortativity_degree_undirected": degree_union,
        "assortativity_degree_undirected_igraph": degree_union_igraph,
        "isolates": nx.number_of_isolates(union),
    }


def attribute_facts(network, sides, name):
    """Newman's r and E-I by an attribute; with self-loops the libraries differ on the union, so igraph's value stands beside."""
    agreement, table = Agreement(), {}
    codes = [sorted(set(sides)).index(side) for side in sides]
    for kind, graph, twin in [
        ("directed", network.directed, network.ig_directed),
        ("undirected", network.union, network.ig_union),
    ]:
        nx.set_node_attributes(graph, dict(enumerate(codes)), "side")
        ours = nx.attribute_assortativity_coefficient(graph, "side")
        theirs = twin.assortativity_nominal(codes, directed=kind == "directed")
        if kind == "directed" or not nx.number_of_selfloops(graph):
            agreement.check(kind, ours, theirs)
        cross = sum(sides[a] != sides[b] for a, b in graph.edges)
        table[f"assortativity_{name}_{kind}"] = ours
        table[f"assortativity_{name}_{kind}_igraph"] = theirs
        table[f"ei_{name}_{kind}"] = 2 * cross / graph.number_of_edges() - 1
    table[f"modularity_{name}_undirected"] = network.ig_union.modularity(codes)
    return table


def structure_facts(network):
    agreement = Agreement()
    core = nx.core_number(network.union)
    agreement.check("core", [core[n] for n in range(len(network.nodes))], network.ig_union.coreness())
    entry = {"core_max": max(core.values()), "core_top_accounts": sum(k == max(core.values()) for k in core.values())}
    for name, labels in components(network, agreement).items():
        sizes = np.bincount(labels)
        entry[name] = {"count": len(sizes), "largest": sizes[:5].tolist()}
    entry["triangles"] = sum(nx.triangles(network.union).values()) // 3
    entry["transitivity"] = network.ig_union.transitivity_undirected(mode="zero")
    for name, weight in [("pagerank", None), ("pagerank_weighted", "weight")]:
        ranks = pagerank(network.directed, network.ig_directed, weight, agreement, name)
        entry[name] = rank_facts(network.nodes, np.array(ranks))
    seeds = {"igraph": 10, "leidenalg": 10 if len(network.nodes) < LARGE else 1}
    found = best_partition(network.ig_union, seeds["igraph"], seeds["leidenalg"])
    entry["best_modularity"] = {name: score for name, (score, _) in found.items()}
    entry["best_modularity_communities"] = {name: max(labels) + 1 for name, (_, labels) in found.items()}
    entry["best_modularity_seeds"] = seeds
    return entry


def rank_facts(nodes, ranks):
    top = np.lexsort((np.arange(len(ranks)), -ranks.round(15)))[:10]
    return {
        "sum": float(ranks.sum()),
        "max": float(ranks.max()),
        "l2_norm": float(np.linalg.norm(ranks)),
        "top_keys": [nodes[n] for n in top],
        "top_values": [float(ranks[n]) for n in top],
    }
