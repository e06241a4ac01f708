"""The graphs of the frozen tables: karate and seeded inventions, as rows of a file."""
import random
from dataclasses import dataclass, field

import networkx as nx


@dataclass
class Sample:
    """Rows as a file would give them, and who stands only in the account file."""

    name: str
    about: str
    rows: list  # (source, target, relation, weight or None)
    attribute: dict  # account -> group
    accounts_only: list = field(default_factory=list)
    modes: tuple = ("directed", "undirected")


def is_number(key):
    """A canonical decimal u64: no sign, no leading zero, no more than 2^64 - 1."""
    return key.isascii() and key.isdecimal() and str(int(key)) == key and int(key) < 2**64


def in_key_order(keys):
    keys = list(keys)
    return sorted(keys, key=int if all(map(is_number, keys)) else str.encode)


def samples():
    return [
        karate(), sparse(), weighted(), camps(), follows(), relations(), dangling(), power_law(),
        bipartite(), complete(), path(), star(), only_loops(),
    ]


def karate():
    graph = nx.karate_club_graph()
    rows = [(str(a), str(b), "contact", float(w)) for a, b, w in graph.edges(data="weight")]
    clubs = {str(node): club for node, club in graph.nodes(data="club")}
    return Sample("karate", "Zachary's karate club: 34 members, 78 weighted ties", rows, clubs, modes=("undirected",))


def sparse():
    """Numbers as keys: 9 comes before 10."""
    pick = random.Random(11)
    keys = [str(n) for n in pick.sample(range(3, 2000), 60)]
    rows = untidy(pick, [(*pick.sample(keys[:55], 2), "mention", None) for _ in range(80)], 15, 6)
    return Sample("sparse", "uniform, several components, isolates, numbers as keys", rows, groups(pick, keys, "ab"), unused(keys, rows))


def weighted():
    pick = random.Random(12)
    keys = [f"account_{n}" for n in range(80)]
    rows = [(*pick.sample(keys[:76], 2), "mention", pick.randint(1, 40) / 4) for _ in range(300)]
    rows = [(a, b, r, pick.randint(1, 40) / 4) for a, b, r, _ in untidy(pick, rows, 40, 8)]
    return Sample("weighted", "uniform with weights in quarters: repeated rows are summed", rows, groups(pick, keys, "abc"), unused(keys, rows))


def camps():
    """Three camps with 1 edge in 5 crossing; handles in both cases and beyond ASCII, so that only byte order is right."""
    pick = random.Random(13)
    shapes = ["Ann{}", "ann{}", "_ann{}", "Zoë{}", "élan{}", "9lives{}"]
    keys = [shapes[n % 6].format(n) for n in range(120)]
    camp = {key: "abc"[n // 6 % 3] for n, key in enumerate(keys)}
    rows = []
    while len(rows) < 700:
        a, b = pick.sample(keys[:117], 2)
        if camp[a] == camp[b] or pick.random() < 0.12:
            rows.append((a, b, "reply", None))
    rows = untidy(pick, rows, 60, 9)
    noisy = {key: pick.choice("abc") if pick.random() < 0.1 else camp[key] for key in keys}
    return Sample("camps", "three planted camps, handles as keys, the attribute 90 % right", rows, noisy, unused(keys, rows))


def follows():
    """Relation `follow`: a set, weight 1 however often a row stands there."""
    pick = random.Random(14)
    keys = [str(n * 37) for n in range(50)]
    rows = untidy(pick, [(*pick.sample(keys[:48], 2), "follow", None) for _ in range(170)], 30, 5)
    return Sample("follows", "a set of follows with repeated rows, each of weight 1", rows, groups(pick, keys, "ab"), unused(keys, rows), ("directed",))


def relations():
    pick = random.Random(15)
    keys = [f"u{n:02}" for n in range(70)]
    kinds = ["mention", "reply", "repost"]
    pairs = [tuple(pick.sample(keys[:66], 2)) for _ in range(130)]
    rows = [(*pick.choice(pairs), pick.choice(kinds), pick.randint(1, 12) / 4) for _ in range(320)]
    rows += [(b, a, pick.choice(kinds), 0.5) for a, b in pairs[:40]]
    rows += [(key, key, pick.choice(kinds), 2.0) for key in keys[:5]]
    pick.shuffle(rows)
    return Sample("relations", "three relations over the same accounts, weighted", rows, groups(pick, keys, "ab"), unused(keys, rows))


def dangling():
    """Most accounts give no attention at all; keys with leading zeros are words, not numbers."""
    pick = random.Random(16)
    keys = [f"{n:03}" for n in range(1, 41)] + ["7", "70", "700"]
    rows = [(pick.choice(keys[:n]), keys[n], "mention", None) for n in range(1, 30)]
    rows += [(keys[n], keys[n + 1], "mention", None) for n in range(30, 36)]
    rows += [("7", "70", "mention", None), ("70", "700", "mention", None)]
    rows = untidy(pick, rows, 6, 4)
    return Sample("dangling", "a tree, a chain and sinks; keys with leading zeros", rows, groups(pick, keys, "ab"), unused(keys, rows))


def power_law():
    pick = random.Random(17)
    ends, rows = ["0", "1"], [("1", "0", "mention", None)]
    for n in range(2, 200):
        for _ in range(pick.choice([1, 2, 3, 6])):
            target = pick.choice(ends) if pick.random() < 0.8 else str(pick.randrange(n))
            rows.append((str(n), target, "mention", None))
            ends += [target, str(n)]
            if pick.random() < 0.2:
                rows.append((target, str(n), "mention", None))
    side = {str(n): "ab"[pick.random() < 0.3] for n in range(200)}
    return Sample("power_law", "preferential attachment, a few hubs", untidy(pick, rows, 50, 10), side)


def bipartite():
    pick = random.Random(18)
    readers, outlets = [f"reader{n}" for n in range(30)], [f"outlet{n}" for n in range(8)]
    rows = [(reader, outlet, "like", None) for reader in readers for outlet in pick.sample(outlets, pick.choice([1, 1, 2, 3]))]
    kind = {key: key.rstrip("0123456789") for key in readers + outlets}
    return Sample("bipartite", "readers like outlets, no tie within a kind", rows, kind)


def complete():
    keys = [str(n) for n in range(20)]
    rows = [(a, b, "mention", None) for a in keys for b in keys if a != b]
    return Sample("complete", "everyone mentions everyone", rows, {key: "ab"[int(key) % 2] for key in keys})


def path():
    keys = [str(n) for n in range(20)]
    rows = [(a, b, "mention", None) for a, b in zip(keys, keys[1:])]
    return Sample("path", "a directed path of 20", rows, {key: "ab"[int(key) // 10] for key in keys})


def star():
    rows = [(str(n), "0", "mention", None) for n in range(1, 21)]
    return Sample("star", "twenty leaves that point to one hub", rows, {str(n): "ab"[n % 2] for n in range(21)})


def only_loops():
    keys = [str(n) for n in range(6)]
    rows = [(key, key, "mention", None) for key in keys[:4] for _ in range(2)]
    return Sample("only_loops", "nothing is left once self-loops are", rows, {key: "ab"[int(key) % 2] for key in keys}, keys[4:])


def untidy(pick, rows, repeated, loops):
    """The same rows with some repeated, some self-loops, in any order."""
    rows = rows + pick.sample(rows, min(repeated, len(rows)))
    for _ in range(loops):
        source, _, relation, weight = pick.choice(rows)
        rows.append((source, source, relation, weight))
    pick.shuffle(rows)
    return rows


def groups(pick, keys, names):
    return {key: pick.choice(names) for key in keys}


def unused(keys, rows):
    seen = {key for row in rows for key in row[:2]}
    return in_key_order(key for key in keys if key not in seen)
