"""Shortest paths: betweenness, closeness, harmonic in all variants, and what distances say of the whole network."""
import math
from collections import Counter
from fractions import Fraction

import networkx as nx

LARGE = 5_000  # accounts; beyond, NetworkX takes hours and igraph answers alone


def path_variants(network, agreement):
    """`_undirected` on the union; `_weighted` with length 1 / weight."""
    table = {}
    union, twin = network.union, network.ig_union
    if len(union) > LARGE:
        table |= by_igraph(twin, "_undirected")
        assert all(weight == 1.0 for *_, weight in network.plain()[0].edges(data="weight")), "weights: too large for NetworkX"
        return table | by_igraph(network.plain()[1], "_weighted")
    found = {
        "betweenness": nx.betweenness_centrality(union, normalized=False),
        "closeness": nx.closeness_centrality(union),
        "harmonic": nx.harmonic_centrality(union),
    }
    other = by_igraph(twin, "_undirected")
    for name, values in found.items():
        ours = [values[n] for n in range(len(union))]
        table[f"{name}_undirected"] = agreement.check(f"{name}_undirected", ours, other[f"{name}_undirected"])
    return table | weighted_paths(network, agreement)


def by_igraph(graph, suffix, lengths=None):
    """igraph's values under our conventions: harmonic as a raw sum, closeness scaled by the share that reaches the account."""
    count = graph.vcount()
    harmonic = [0.0 if math.isnan(value) else (count - 1) * value for value in graph.harmonic_centrality(mode="in", weights=lengths)]
    reaching = [size - 1 for size in graph.neighborhood_size(order=count, mode="in")]
    inverse = graph.closeness(mode="in", weights=lengths, normalized=False)  # 1 / sum over those that reach it
    closeness = [value * r * r / (count - 1) if r else 0.0 for value, r in zip(inverse, reaching)]
    between = graph.betweenness(directed=graph.is_directed(), weights=lengths)
    return {f"betweenness{suffix}": between, f"closeness{suffix}": closeness, f"harmonic{suffix}": harmonic}


def weighted_paths(network, agreement):
    """Exact: lengths are whole numbers, 1 / weight times a common multiple, so that paths of the same length tie."""
    graph, twin = network.plain()
    graph, count = graph.copy(), len(graph)
    weights = {(a, b): Fraction(weight) for a, b, weight in graph.edges(data="weight")}
    unit = math.lcm(*(weight.numerator for weight in weights.values()))
    for (a, b), weight in weights.items():
        graph[a][b]["length"] = int(unit / weight)
        graph[a][b]["rounded"] = 1.0 / float(weight)
    between = nx.betweenness_centrality(graph, normalized=False, weight="length")
    closeness, harmonic = [], []
    backwards = graph.reverse() if graph.is_directed() else graph
    for node in range(count):
        away = nx.single_source_dijkstra_path_length(backwards, node, weight="length")
        lengths = [Fraction(away[other], unit) for other in sorted(away) if other != node]
        closeness.append(float(Fraction(len(lengths) ** 2, count - 1) / sum(lengths)) if lengths else 0.0)
        harmonic.append(math.fsum(1 / length for length in lengths))
    table = {"betweenness": [between[n] for n in range(count)], "closeness": closeness, "harmonic": harmonic}
    by_networkx = {
        "closeness": nx.closeness_centrality(graph, distance="rounded"),
        "harmonic": nx.harmonic_centrality(graph, distance="rounded"),
    }
    by_ig = by_igraph(twin, "", [1.0 / weight for weight in twin.es["weight"]])
    for name, ours in table.items():
        agreement.check(f"{name}_weighted", ours, by_ig[name])
    for name, values in by_networkx.items():
        agreement.check(f"{name}_weighted", table[name], [values[n] for n in range(count)])
    return {f"{name}_weighted": values for name, values in table.items()}


def distance_metrics(network, agreement):
    """Of the ordered pairs that a directed path joins: (ours, igraph's); and centralisation, which neither library has."""
    directed, twin = network.directed, network.ig_directed
    other = from_counts([int(count) for *_, count in twin.path_length_hist(directed=True).bins()])
    if len(directed) > LARGE:
        ours = other
    else:
        lengths = Counter(d for _, row in nx.all_pairs_shortest_path_length(directed) for d in row.values() if d)
        ours = from_counts([lengths[d] for d in range(1, max(lengths, default=0) + 1)])
    theirs = other | {"average_distance": twin.average_path_length(directed=True, unconn=True) if directed.size() else None}
    for name, value in ours.items():
        agreement.check(name, math.nan if value is None else value, math.nan if theirs[name] is None else theirs[name])
    degrees = {"in": dict(directed.in_degree), "out": dict(directed.out_degree)}
    ours |= {f"centralisation_{side}": centralisation(list(found.values()), network.undirected) for side, found in degrees.items()}
    return ours, theirs


def from_counts(pairs):
    """Mean distance, and the distance within which 90 % of the pairs lie, interpolated; pairs[d - 1] lie at distance d."""
    total = sum(pairs)
    if not total:
        return {"average_distance": None, "diameter_effective": None}
    within, effective = 0, None
    for distance, count in enumerate(pairs, 1):
        if effective is None and 10 * (within + count) >= 9 * total:
            effective = float(distance - 1 + Fraction(9 * total - 10 * within, 10 * count))
        within += count
    return {
        "average_distance": sum(distance * count for distance, count in enumerate(pairs, 1)) / total,
        "diameter_effective": effective,
    }


def centralisation(degrees, undirected):
    """Freeman's: sum of (largest - own) over the largest there can be, that of a star: (N - 1)^2 directed, (N - 1)(N - 2) undirected."""
    count = len(degrees)
    largest = (count - 1) * (count - 2 if undirected else count - 1)
    return sum(max(degrees) - degree for degree in degrees) / largest if count > 1 and largest else None
