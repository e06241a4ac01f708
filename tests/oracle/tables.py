"""What NetworkX and igraph say of a graph, under the engine's conventions."""
import math
import random
from collections import Counter

import igraph as ig
import leidenalg
import networkx as nx
import numpy as np

from distances import distance_metrics, path_variants
from graphs import in_key_order
from positions import positions

ig.set_random_number_generator(random)
TOLERANCE = 1e-9  # NetworkX and igraph must be this near; igraph's PageRank stops at 1e-10


def edge_table(rows, undirected):
    """One record per (source, target, relation): weight and number of rows; self-loops kept."""
    keys = in_key_order({key for row in rows for key in row[:2]})
    place = {key: n for n, key in enumerate(keys)}
    weights, events = Counter(), Counter()
    for source, target, relation, weight in rows:
        if undirected and place[target] < place[source]:
            source, target = target, source
        edge = (source, target, relation)
        events[edge] += 1
        weights[edge] = 1.0 if relation == "follow" else weights[edge] + (1.0 if weight is None else weight)
    order = sorted(events, key=lambda edge: (place[edge[0]], place[edge[1]], edge[2].encode()))
    return [[*edge, weights[edge], events[edge]] for edge in order]


class Network:
    """One edge list as NetworkX and igraph graphs, directed and as the simple undirected union, without self-loops."""

    def __init__(self, nodes, edges, undirected, keep_loops=False):
        self.nodes, self.undirected = nodes, undirected
        row = {key: n for n, key in enumerate(nodes)}
        self.directed, self.union = nx.DiGraph(), nx.Graph()
        for graph in (self.directed, self.union):
            graph.add_nodes_from(range(len(nodes)))
        for source, target, _, weight, _ in edges:
            if source == target and not keep_loops:
                continue
            add(self.directed, row[source], row[target], weight)
            add(self.union, row[source], row[target], weight)
            if undirected and source != target:
                add(self.directed, row[target], row[source], weight)
        self.ig_directed, self.ig_union = to_igraph(self.directed), to_igraph(self.union)

    def plain(self):
        """The graph on which path metrics count each pair once if the input is undirected."""
        return (self.union, self.ig_union) if self.undirected else (self.directed, self.ig_directed)


def add(graph, source, target, weight):
    if graph.has_edge(source, target):
        graph[source][target]["weight"] += weight
    else:
        graph.add_edge(source, target, weight=weight)


def to_igraph(graph):
    edges = list(graph.edges(data="weight"))
    made = ig.Graph(n=len(graph), edges=[edge[:2] for edge in edges], directed=graph.is_directed())
    made.es["weight"] = [edge[2] for edge in edges]
    return made


class Agreement:
    """Largest difference seen between the two libraries, per metric; fails where they disagree."""

    def __init__(self):
        self.largest = {}

    def check(self, name, ours, theirs):
        first, second = np.atleast_1d(np.array(ours, float)), np.atleast_1d(np.array(theirs, float))
        assert (np.isnan(first) == np.isnan(second)).all(), f"{name}: undefined in one library only"
        gap = float(np.nanmax(np.abs(first - second), initial=0.0))
        assert gap <= TOLERANCE, f"{name}: NetworkX and igraph differ by {gap:e}"
        self.largest[name] = max(self.largest.get(name, 0.0), gap)
        return ours


def or_null(compute):
    """A value, or None where it is not defined."""
    try:
        value = compute()
    except (ZeroDivisionError, nx.NetworkXError, ig.InternalError):
        return None
    return None if value is None or not math.isfinite(value) else value


def column(values, nodes):
    """A dict by node as a list in node order, undefined as None."""
    return [None if isinstance(values[n], float) and math.isnan(values[n]) else values[n] for n in range(len(nodes))]


def nan(values):
    return [math.nan if value is None else value for value in values]


def numbered(groups):
    """Labels per node: 0 = largest group, ties by smallest node."""
    ordered = sorted(map(sorted, groups), key=lambda group: (-len(group), group[0]))
    labels = {node: label for label, group in enumerate(ordered) for node in group}
    return [labels[node] for node in sorted(labels)]


def grouped(labels):
    return [[n for n, label in enumerate(labels) if label == wanted] for wanted in sorted(set(labels))]


def pagerank(graph, twin, weight, agreement, name):
    """Sinks spread evenly; L1 change below 1e-13; igraph's PRPACK beside it."""
    ranks = nx.pagerank(graph, alpha=0.85, tol=1e-13 / len(graph), max_iter=10_000, weight=weight)
    other = twin.pagerank(damping=0.85, weights=weight, implementation="prpack")
    return agreement.check(name, [ranks[n] for n in range(len(graph))], other)


def node_table(network, agreement):
    directed, union, nodes = network.directed, network.union, network.nodes
    everyone = range(len(nodes))
    table = {
        "in_degree": [directed.in_degree(n) for n in everyone],
        "out_degree": [directed.out_degree(n) for n in everyone],
        "degree": [union.degree(n) for n in everyone],
        "in_strength": [float(directed.in_degree(n, weight="weight")) for n in everyone],
        "out_strength": [float(directed.out_degree(n, weight="weight")) for n in everyone],
        "reciprocity": [returned_share(directed, n) for n in everyone],
    }
    agreement.check("in_degree", table["in_degree"], network.ig_directed.degree(mode="in"))
    agreement.check("out_strength", table["out_strength"], network.ig_directed.strength(mode="out", weights="weight"))
    for name, graph, twin, weight in [
        ("pagerank", directed, network.ig_directed, None),
        ("pagerank_weighted", directed, network.ig_directed, "weight"),
        ("pagerank_undirected", union, network.ig_union, None),
        ("pagerank_weighted_undirected", union, network.ig_union, "weight"),
    ]:
        table[name] = pagerank(graph, twin, weight, agreement, name)
    table |= components(network, agreement)
    core = nx.core_number(union)
    table["core"] = agreement.check("core", [core[n] for n in everyone], network.ig_union.coreness())
    table |= paths(network, agreement) | neighbourhoods(network, agreement)
    return table | positions(network, agreement) | path_variants(network, agreement)


def returned_share(graph, node):
    followed = list(graph.successors(node))
    return sum(graph.has_edge(other, node) for other in followed) / len(followed) if followed else None


def components(network, agreement):
    table = {}
    for kind, found in [("weak", nx.weakly_connected_components), ("strong", nx.strongly_connected_components)]:
        labels = numbered(found(network.directed))
        twin = numbered(network.ig_directed.connected_components(mode=kind))
        table[f"component_{kind}"] = agreement.check(f"component_{kind}", labels, twin)
    return table


def paths(network, agreement):
    """Betweenness, harmonic (distance to the account), closeness after Wasserman and Faust."""
    graph, twin = network.plain()
    count = len(graph)
    between = column(nx.betweenness_centrality(graph, normalized=False), network.nodes)
    harmonic = column(nx.harmonic_centrality(graph), network.nodes)
    other = [(count - 1) * value if value == value else 0.0 for value in twin.harmonic_centrality(mode="in")]
    return {
        "betweenness": agreement.check("betweenness", between, twin.betweenness(directed=not network.undirected)),
        "harmonic": agreement.check("harmonic", harmonic, other),
        "closeness": column(nx.closeness_centrality(graph), network.nodes),
    }


def neighbourhoods(network, agreement):
    union, twin, nodes = network.union, network.ig_union, network.nodes
    corners = Counter(node for triangle in twin.list_triangles() for node in triangle)
    triangles = column(nx.triangles(union), nodes)
    clustering = column(nx.clustering(union), nodes)
    constraint = column(nx.constraint(union), nodes)
    return {
        "triangles": agreement.check("triangles", triangles, [corners[n] for n in range(len(nodes))]),
        "clustering": agreement.check("clustering", clustering, twin.transitivity_local_undirected(mode="zero")),
        "constraint": nan_to_null(agreement.check("constraint", nan(constraint), twin.constraint())),
        "effective_size": column(nx.effective_size(union), nodes),
    }


def nan_to_null(values):
    return [None if math.isnan(value) else value for value in values]


def ties_index(ties, labels):
    """(E - I) / (E + I) over pairs of nodes."""
    external = sum(labels[a] != labels[b] for a, b in ties)
    return (2 * external - len(ties)) / len(ties) if ties else None


def best_partition(graph, igraph_seeds, leidenalg_seeds):
    """By library: the best modularity of its Leiden over seeds, and the partition that has it."""
    found = {}
    for seed in range(igraph_seeds):
        random.seed(seed)
        keep_better(found, "igraph", graph, graph.community_leiden("modularity", n_iterations=-1))
    for seed in range(leidenalg_seeds):
        partition = leidenalg.find_partition(graph, leidenalg.ModularityVertexPartition, n_iterations=-1, seed=seed)
        keep_better(found, "leidenalg", graph, partition)
    return found


def keep_better(found, library, graph, partition):
    labels = numbered(partition)
    score = graph.modularity(labels)
    if library not in found or score > found[library][0]:
        found[library] = (score, labels)


def network_table(network, labels, sides, agreement):
    """Values of the whole network: (NetworkX, igraph or None), checked."""
    directed, union = network.directed, network.union
    twin, twin_union = network.ig_directed, network.ig_union
    side_numbers = [sorted(set(sides)).index(side) for side in sides]  # words would be summed in hash order
    for graph in (directed, union):
        nx.set_node_attributes(graph, dict(enumerate(side_numbers)), "side")
    values = {
        "density": (lambda: nx.density(directed), lambda: twin.density()),
        "reciprocity": (lambda: nx.overall_reciprocity(directed), lambda: twin.reciprocity()),
        "assortativity_degree_directed": (lambda: degree_assortativity(directed), lambda: twin.assortativity_degree(directed=True)),
        "assortativity_degree_undirected": (lambda: degree_assortativity(union), lambda: twin_union.assortativity_degree(directed=False)),
        "assortativity_attribute_directed": (
            lambda: attribute_assortativity(directed),
            lambda: twin.assortativity_nominal(side_numbers, directed=True),
        ),
        "assortativity_attribute_undirected": (
            lambda: attribute_assortativity(union),
            lambda: twin_union.assortativity_nominal(side_numbers, directed=False),
        ),
        "modularity": modularity(union, twin_union, labels, None),
        "modularity_weighted": modularity(union, twin_union, labels, "weight"),
        "modularity_attribute": modularity(union, twin_union, side_numbers, None),
        "modularity_attribute_directed": modularity(directed, twin, side_numbers, None),
        "transitivity": (lambda: transitivity(union), lambda: twin_union.transitivity_undirected(mode="nan")),
        "average_clustering": (lambda: nx.average_clustering(union), lambda: twin_union.transitivity_avglocal_undirected(mode="zero")),
    }
    table, other = {}, {}
    for name, (ours, theirs) in values.items():
        table[name], other[name] = or_null(ours), or_null(theirs)
        agreement.check(name, nan([table[name]]), nan([other[name]]))
    table |= {
        "ei_attribute_directed": ties_index(list(directed.edges), sides),
        "ei_attribute_undirected": ties_index(list(union.edges), sides),
        "isolates": nx.number_of_isolates(union),
        "components_weak": nx.number_weakly_connected_components(directed),
        "components_strong": nx.number_strongly_connected_components(directed),
    }
    ours, theirs = distance_metrics(network, agreement)
    return table | ours, other | theirs


def transitivity(union):
    """Not defined where nobody has two neighbours; NetworkX says 0."""
    return nx.transitivity(union) if any(degree > 1 for _, degree in union.degree) else None


def degree_assortativity(graph):
    """Out-degree of sources with in-degree of targets; undirected, each tie both ways. No variance, no value."""
    if not graph.number_of_edges():
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        return nx.degree_assortativity_coefficient(graph, x="out", y="in")


def attribute_assortativity(graph):
    """Newman's r over the attribute `side`; NetworkX says 0 of a graph without edges, igraph says undefined, and so do we."""
    return nx.attribute_assortativity_coefficient(graph, "side") if graph.number_of_edges() else None


def modularity(graph, twin, labels, weight):
    return (
        lambda: nx.community.modularity(graph, grouped(labels), weight=weight),
        lambda: twin.modularity(labels, weights=weight, directed=graph.is_directed()),
    )


def community_table(network, labels):
    """One row per community; edges are directed, or each pair once if the input is undirected."""
    rows = [community_row(network, set(members), labels) for members in grouped(labels)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def community_row(network, members, labels):
    directed, union = network.directed, network.union
    inner, ties = directed.subgraph(members), [tie for tie in union.edges if members & set(tie)]
    others = set(directed) - members
    half = 2 if network.undirected else 1
    return {
        "accounts": len(members),
        "edges_inside": inner.number_of_edges() // half,
        "edges_out": sum(1 for _ in nx.edge_boundary(directed, members, others)),
        "edges_in": sum(1 for _ in nx.edge_boundary(directed, others, members)),
        "density": nx.density(inner) if len(members) > 1 else None,
        "reciprocity": or_null(lambda: nx.overall_reciprocity(inner)),
        "conductance": or_null(lambda: nx.conductance(union, members)),
        "ei_index": ties_index(ties, labels),
    }


def own_ties_index(network, labels):
    return [ties_index(list(network.union.edges(node)), labels) for node in range(len(network.nodes))]
