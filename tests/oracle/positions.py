"""Where an account stands: in directed cores, in the bow tie, at the edge of its ball, over structural holes."""
import math

import networkx as nx
import numpy as np
import scipy.sparse as sp

BALL = 2  # the radius of collective influence
LARGE = 5_000  # accounts; beyond, NetworkX's dense constraint takes gigabytes
SMALL = 500  # accounts; beyond, NetworkX's effective size of well-tied accounts takes hours


def positions(network, agreement):
    directed, twin = network.directed, network.ig_directed
    table = {}
    for side, neighbours in [("in", directed.predecessors), ("out", directed.successors)]:
        cores = directed_core(directed, neighbours)
        table[f"dcore_{side}"] = agreement.check(f"dcore_{side}", cores, twin.coreness(mode=side))
    table["collective_influence"] = [collective_influence(network.union, n) for n in range(len(directed))]
    table["bowtie"] = bowtie(directed)
    return table | structural_holes(network, agreement, "weight", "_weighted")


def directed_core(graph, neighbours):
    """Largest k such that the account is in a set in which each has at least k such neighbours."""
    alive, core, k = set(graph), [0] * len(graph), 0
    known = {node: set(neighbours(node)) for node in graph}
    while alive:
        k += 1
        while leaving := [node for node in alive if len(known[node] & alive) < k]:
            for node in leaving:
                core[node] = k - 1
            alive.difference_update(leaving)
    return core


def collective_influence(union, node):
    """(k - 1) times the sum of k_j - 1 over the accounts at distance exactly 2."""
    if not union.degree(node):
        return 0
    ball = nx.single_source_shortest_path_length(union, node, cutoff=BALL)
    return (union.degree(node) - 1) * sum(union.degree(other) - 1 for other, distance in ball.items() if distance == BALL)


def bowtie(graph):
    """A word per account, relative to the largest strong component; ties by the smallest node."""
    core = max(nx.strongly_connected_components(graph), key=lambda members: (len(members), -min(members)))
    first = min(core)
    into, out = nx.ancestors(graph, first) - core, nx.descendants(graph, first) - core
    after, before = reached(graph, into), reached(graph.reverse(copy=False), out)
    near = nx.node_connected_component(graph.to_undirected(as_view=True), first)

    def word(node):
        for name, members in [("core", core), ("in", into), ("out", out), ("tube", after & before), ("tendril", near)]:
            if node in members:
                return name
        return "disconnected"

    return [word(node) for node in range(len(graph))]


def reached(graph, sources):
    return {node for layer in nx.bfs_layers(graph, sources) for node in layer} if sources else set()


def structural_holes(network, agreement, weight, suffix):
    """Burt's constraint and effective size on the union by sparse algebra, compared with the libraries; null for isolates."""
    union, twin = network.union, network.ig_union
    ties = sp.csr_array(nx.to_scipy_sparse_array(union, nodelist=range(len(union)), weight=weight, dtype=float))
    constraint, size = burt(ties)
    if len(union) <= LARGE:
        values = nx.constraint(union, weight=weight)
        agreement.check(f"constraint{suffix}", constraint, [values[n] for n in range(len(union))])
    # Asked for all accounts at once, NetworkX 3.6 divides by the strongest tie of the wrong account; asked for some it is right, but slow.
    few = list(union) if len(union) <= SMALL else [node for node in union if 0 < union.degree(node) <= 10][:100]
    values = nx.effective_size(union, nodes=few, weight=weight)
    agreement.check(f"effective_size{suffix}", size[few], [values[n] for n in few])
    agreement.check(f"constraint{suffix}", constraint, twin.constraint(weights=weight))
    table = {f"constraint{suffix}": constraint, f"effective_size{suffix}": size}
    return {name: [None if math.isnan(value) else value for value in values.tolist()] for name, values in table.items()}


def burt(ties):
    """p: an account's ties by their sum; m: by the strongest. Both sums run over its neighbours j.

    constraint = sum (p_ij + sum_q p_iq p_qj)^2; effective size = sum (1 - sum_q p_iq m_jq).
    """
    linked = ties.astype(bool).astype(float)
    total, most = ties.sum(axis=1), ties.max(axis=1).toarray().ravel()
    alone = total == 0
    shares = sp.diags_array(1 / np.where(alone, 1, total)) @ ties
    marginal = sp.diags_array(1 / np.where(alone, 1, most)) @ ties
    direct_and_through = (shares + (shares @ shares).multiply(linked)).power(2)
    constraint = direct_and_through.sum(axis=1)
    size = linked.sum(axis=1) - (shares @ marginal.T).multiply(linked).sum(axis=1)
    return np.where(alone, math.nan, constraint), np.where(alone, math.nan, size)
