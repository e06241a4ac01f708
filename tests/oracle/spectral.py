"""Hubs and authorities, eigenvector and Katz centrality: linear algebra under the engine's conventions, the libraries beside it."""
import warnings

import networkx as nx
import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import eigsh, spsolve

DENSE = 2_000  # accounts; up to here dense algebra
SAME = 1e-9  # eigenvalues that are relatively this near are one
DAMPING = 0.85
NO_POWER_LIMIT = "strong components of the same largest spectral radius are joined by a path: the eigenvalue is defective"


def spectral(network, agreement):
    """Columns by name, and facts of the whole graph: alpha, spectral radius, dimension of the dominant singular space."""
    columns, facts = {}, {"katz_alpha": {}, "spectral_radius": {}, "hub_dimension": {}, "null_because": {}}
    for suffix, graph, twin, weight in [
        ("", network.directed, network.ig_directed, None),
        ("_undirected", network.union, network.ig_union, None),
        ("_weighted", network.directed, network.ig_directed, "weight"),
    ]:
        if suffix != "_undirected":
            hub, authority, dimension = hits(adjacency(graph, weight))
            if dimension == 1:
                compare_hits(graph, twin, weight, hub, authority, agreement, suffix)
            columns[f"hub{suffix}"], columns[f"authority{suffix}"] = hub.tolist(), authority.tolist()
            facts["hub_dimension"][f"hub{suffix}"] = dimension
        blocks = perron_blocks(graph, weight)
        radius = max((block[1] for block in blocks), default=0.0)
        values = eigenvector(graph, weight, blocks, radius)
        if values is None:
            facts["null_because"][f"eigenvector{suffix}"] = NO_POWER_LIMIT
        elif radius:
            compare_eigenvector(graph, twin, weight, values, agreement, f"eigenvector{suffix}")
        columns[f"eigenvector{suffix}"] = [None] * len(graph) if values is None else values.tolist()
        alpha = DAMPING / (radius or mean_weight(graph, weight))
        columns[f"katz{suffix}"] = katz(graph, weight, alpha, agreement, f"katz{suffix}").tolist()
        facts["katz_alpha"][f"katz{suffix}"] = alpha
        facts["spectral_radius"][f"eigenvector{suffix}"] = radius
    return columns, facts


def adjacency(graph, weight):
    """Entry (u, v) is the edge from u to v."""
    return sp.csr_array(nx.to_scipy_sparse_array(graph, nodelist=range(len(graph)), weight=weight, dtype=float))


def unit(values):
    """L2 norm 1, nonnegative; what is left of rounding is 0."""
    norm = np.linalg.norm(values)
    values = values / norm if norm else values
    return np.where(values < 1e-15, 0.0, values)


def hits(matrix):
    """Authority: all ones projected on the dominant eigenspace of A^T A; hub: A authority. No edge, all zeros."""
    count = matrix.shape[0]
    if not matrix.nnz:
        return np.zeros(count), np.zeros(count), 0
    product = matrix.T @ matrix
    if count <= DENSE:
        values, vectors = np.linalg.eigh(product.toarray())
    else:
        values, vectors = eigsh(product, k=3, v0=np.ones(count), tol=0)
        assert values.min() < values.max() * (1 - SAME), "the dominant space may be larger than what was computed"
    top = vectors[:, values >= values.max() * (1 - SAME)]
    authority = unit(top @ top.sum(axis=0))
    return unit(matrix @ authority), authority, top.shape[1]


def compare_hits(graph, twin, weight, hub, authority, agreement, suffix):
    """NetworkX sums to 1 and always weights; igraph has the maximum 1. Both are scaled to L2 norm 1."""
    plain = type(graph)()
    plain.add_nodes_from(range(len(graph)))
    plain.add_edges_from((a, b, {"weight": data["weight"] if weight else 1.0}) for a, b, data in graph.edges(data=True))
    found = nx.hits(plain, max_iter=100_000, tol=0.0, nstart=dict.fromkeys(plain, 1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # many zeros are no news
        other = [twin.hub_score(weights=weight), twin.authority_score(weights=weight)]
    for name, ours, first, second in zip(("hub", "authority"), (hub, authority), found, other):
        agreement.check(f"{name}{suffix}", ours, unit(np.array([first[n] for n in range(len(graph))])))
        agreement.check(f"{name}{suffix}", ours, unit(np.array(second)))


def perron_blocks(graph, weight):
    """(members, spectral radius, Perron vector, left Perron vector) of A^T within each strong component that has a cycle."""
    found = nx.strongly_connected_components(graph) if graph.is_directed() else nx.connected_components(graph)
    matrix, blocks = adjacency(graph, weight), []
    for members in sorted(map(sorted, found)):
        if len(members) > 1:
            inner = matrix[members][:, members].T
            blocks.append((members, *perron(inner)))
    return blocks


def perron(matrix):
    """Spectral radius, right and left vector of an irreducible nonnegative matrix."""
    if abs(matrix - matrix.T).sum() == 0:
        if matrix.shape[0] <= DENSE:
            values, vectors = np.linalg.eigh(matrix.toarray())
        else:
            values, vectors = eigsh(matrix, k=1, which="LA", v0=np.ones(matrix.shape[0]), tol=0)
        return float(values[-1]), np.abs(vectors[:, -1]), np.abs(vectors[:, -1])
    right, left = (np.linalg.eig(side.toarray()) for side in (matrix, matrix.T))
    place = [np.argmax(values.real) for values, _ in (right, left)]
    vectors = [np.abs(side[1][:, at]) for side, at in zip((right, left), place)]
    return float(right[0][place[0]].real), *vectors


def eigenvector(graph, weight, blocks, radius):
    """Limit of x <- A^T x + x from all ones: the ones under the spectral projector of the largest eigenvalue.

    None if that eigenvalue is defective; all zeros without a cycle.
    """
    matrix, directed, limit = adjacency(graph, weight), graph.to_directed(as_view=True), np.zeros(len(graph))
    dominant = [block for block in blocks if block[1] >= radius * (1 - SAME)]
    for members, _, right, left in dominant:
        below = sorted(nx.descendants(directed, members[0]) - set(members))
        if any(other[0][0] in below for other in dominant):
            return None
        share = 1.0
        if len(dominant) > 1:
            above = sorted(nx.ancestors(directed, members[0]) - set(members))
            share = (left.sum() + continued(matrix, members, above, radius, left).sum()) / (left @ right)
        limit[members] += share * right
        limit[below] += share * continued(sp.csr_array(matrix.T), members, below, radius, right)
    return unit(limit)


def continued(matrix, members, others, radius, values):
    """How an eigenvector that is known on a strong component goes on over the accounts that depend on it."""
    if not others:
        return np.zeros(0)
    inner = radius * sp.identity(len(others), format="csc") - matrix[others][:, others]
    return np.atleast_1d(spsolve(sp.csc_matrix(inner), matrix[others][:, members] @ values))


def compare_eigenvector(graph, twin, weight, values, agreement, name):
    """NetworkX where the graph is connected (it refuses others), igraph (maximum 1), and the iteration itself."""
    whole = nx.is_strongly_connected(graph) if graph.is_directed() else nx.is_connected(graph)
    if whole and 2 < len(graph) <= DENSE:
        found = nx.eigenvector_centrality_numpy(graph, weight=weight, tol=0)
        # Its start is random, so the size of the difference is not kept.
        type(agreement)().check(name, values, np.abs([found[n] for n in range(len(graph))]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # zeros are no news
        other = twin.eigenvector_centrality(directed=True, weights=weight)
    agreement.check(name, values, unit(np.array(other)))
    iterated = power_iteration(adjacency(graph, weight).T)
    if iterated is not None:
        agreement.check(f"{name} iterated", values, iterated)


def power_iteration(matrix, steps=20_000):
    values = np.ones(matrix.shape[0])
    for _ in range(steps):
        before, values = values, unit(matrix @ values + values)
        if np.abs(values - before).max() < 1e-14:
            return values
    return None


def mean_weight(graph, weight):
    """Mean weight of an edge; 1 without edges or weights."""
    weights = [data for _, _, data in graph.edges(data=weight, default=1.0)] if weight else []
    return sum(weights) / len(weights) if weights else 1.0


def katz(graph, weight, alpha, agreement, name):
    """x = alpha A^T x + 1, L2 norm 1."""
    count, matrix = len(graph), adjacency(graph, weight).T
    if count > DENSE:
        values = np.ones(count)
        for _ in range(1_000):
            values = alpha * (matrix @ values) + 1.0
        return unit(values)
    values = unit(np.linalg.solve(np.eye(count) - alpha * matrix.toarray(), np.ones(count)))
    found = nx.katz_centrality_numpy(graph, alpha=alpha, beta=1.0, weight=weight)
    agreement.check(name, values, [found[n] for n in range(count)])
    return values
