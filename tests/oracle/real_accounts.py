"""Account metrics of a real network in short: sum, largest, where, and the values of a few accounts."""
import math
from collections import Counter

import networkx as nx

from distances import LARGE, by_igraph, distance_metrics, path_variants
from positions import positions, structural_holes
from spectral import spectral
from tables import neighbourhoods, paths

SAMPLE = 30  # accounts whose values are written
TIE = 1e-9  # values that are relatively this near to the largest are as large


def account_facts(network, agreement):
    chosen = sample(network.union)
    columns, facts = spectral(network, agreement)
    columns |= plain_metrics(network, agreement, chosen) | positions(network, agreement) | path_variants(network, agreement)
    words = columns.pop("bowtie")
    ours, _ = distance_metrics(network, agreement)
    return {
        "average_clustering": agreement.check(
            "average_clustering", nx.average_clustering(network.union), network.ig_union.transitivity_avglocal_undirected(mode="zero")
        ),
        **ours,
        "spectral": facts,
        "bowtie": dict(sorted(Counter(words).items())),
        "sample": {"accounts": [network.nodes[n] for n in chosen], "bowtie": [words[n] for n in chosen]},
        "account_metrics": {name: short(network.nodes, values, chosen) for name, values in columns.items()},
    }


def sample(union):
    """Rows spread over the ranking by degree, closer together at its top."""
    ranked = sorted(union, key=lambda node: (-union.degree(node), node))
    steps = (round((len(ranked) - 1) * (at / (SAMPLE - 1)) ** 2) for at in range(SAMPLE))
    return [ranked[at] for at in dict.fromkeys(steps)]


def plain_metrics(network, agreement, chosen):
    """The unweighted path metrics and neighbourhoods; on a large network NetworkX is asked for the chosen accounts only."""
    if len(network.union) <= LARGE:
        return paths(network, agreement) | neighbourhoods(network, agreement)
    graph, twin = network.plain()
    table = by_igraph(twin, "")
    agreement.check("closeness", [table["closeness"][n] for n in chosen], [nx.closeness_centrality(graph, u=n) for n in chosen])
    some = nx.harmonic_centrality(graph, nbunch=chosen)
    agreement.check("harmonic", [table["harmonic"][n] for n in chosen], [some[n] for n in chosen])
    triangles, clustering = nx.triangles(network.union), nx.clustering(network.union)
    everyone = range(len(graph))
    local = network.ig_union.transitivity_local_undirected(mode="zero")
    table["triangles"] = [triangles[n] for n in everyone]
    table["clustering"] = agreement.check("clustering", [clustering[n] for n in everyone], local)
    return table | structural_holes(network, agreement, None, "")


def short(nodes, values, chosen):
    """Of the defined values; `argmax` is the first account that has the largest, `at_max` how many do."""
    defined = [value for value in values if value is not None]
    if not defined:
        return None
    largest = max(defined)
    top = [n for n, value in enumerate(values) if value is not None and value >= largest - TIE * abs(largest)]
    return {
        "defined": len(defined),
        "sum": math.fsum(defined),
        "max": largest,
        "argmax": nodes[top[0]],
        "at_max": len(top),
        "sample": [values[n] for n in chosen],
    }
