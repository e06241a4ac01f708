"""Exports of the built program, opened by NetworkX, igraph, scipy and pyarrow, against the run folder's own tables.

    python tests/oracle/export.py PROGRAM

Two runs are exported to every format: the sample study, and a small one whose texts are hostile. Any difference ends the script with a message.
"""

import csv
import datetime
import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import igraph
import networkx
import pyarrow.parquet
import scipy.io

HOSTILE = [
    "=HYPERLINK(\"http://x.invalid\",\"click\")",
    "+1 @SUM(A1)",
    "-2",
    "\t=cmd|' /C calc'!A0",
    "quotes \" and ' , commas; semicolons",
    "two\nlines\r\nand more",
    "]]> <b>&amp;</b> <!-- -->",
    "😀👩‍⚕️ \u05d0\u05d1\u05d2 \u202eright to left",
    "bell \u0007 escape \u001b end",
    "back\\slash 'single' \"double\"",
]


def check(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: got {got!r}, wanted {wanted!r}")


def clean(value):
    """A text as XML can hold it."""
    if not isinstance(value, str):
        return value
    return "".join("\ufffd" if ord(c) < 32 and c not in "\t\n\r" or ord(c) in (0xFFFE, 0xFFFF) else c for c in value)


def plain(value):
    """A cell as formats without times and lists write it."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    if isinstance(value, list):
        return "; ".join(value)
    return value


def parsed(value, wanted):
    """An exported value as the type of the one it stands for."""
    if isinstance(wanted, datetime.datetime):
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).replace(tzinfo=None)
    return value


class Run:
    """A run folder and its exports."""

    def __init__(self, program, folder, scratch):
        self.program, self.folder, self.scratch = program, folder, scratch
        self.accounts = pyarrow.parquet.read_table(folder / "accounts.parquet").to_pylist()
        self.edges = pyarrow.parquet.read_table(folder / "edges.parquet").to_pylist()
        self.keys = [row["account"] for row in self.accounts]
        self.directed = json.loads((folder / "manifest.json").read_text())["graph"]["directed"]

    def export(self, name, *options):
        target = self.scratch / f"{self.folder.name}-{name}"
        words = [self.program, "export", str(self.folder), "-o", str(target), *options]
        answer = subprocess.run([*words, "--json"], check=True, capture_output=True, text=True)
        return target, json.loads(answer.stdout)

    def cells(self, row, without=()):
        """The cells of a row that are not null, as text formats hold them."""
        return {key: plain(value) for key, value in row.items() if value is not None and key not in without}

    def wanted_edges(self, fields):
        return Counter(tuple(plain(row[field]) for field in fields) for row in self.edges)

    def pairs(self):
        """Weight of each pair over all relations."""
        sums = {}
        for row in self.edges:
            pair = (row["source"], row["target"])
            sums[pair] = sums.get(pair, 0.0) + row["weight"]
        return sums

    def ends(self, a, b):
        return (a, b) if self.directed else tuple(sorted((a, b), key=self.keys.index))


def check_row(what, got, wanted):
    """Every wanted cell is there, with its value."""
    for key, value in wanted.items():
        if key not in got:
            sys.exit(f"{what}: no {key}")
        check(f"{what}, {key}", parsed(got[key], value), clean(value))


def check_networkx(run, what, graph, time_names):
    check(f"{what}: directed", graph.is_directed(), run.directed)
    check(f"{what}: nodes", list(graph.nodes), run.keys)
    check(f"{what}: edges", graph.number_of_edges(), len(run.edges))
    for row in run.accounts:
        got = graph.nodes[row["account"]]
        wanted = run.cells(row, ["account"])
        check_row(f"{what}: {row['account']}", got, wanted)
        extra = set(got) - set(wanted) - {"label"}
        check(f"{what}: more on {row['account']}", extra, set())
    found = {}
    for source, target, data in graph.edges(data=True):
        found[(*run.ends(source, target), data["relation"])] = data
    for row in run.edges:
        wanted = run.cells(row, ["source", "target"])
        wanted = {time_names.get(key, key): value for key, value in wanted.items()}
        check_row(f"{what}: edge {row}", found[row["source"], row["target"], row["relation"]], wanted)


def graphml(run):
    path, said = run.export("x.graphml", "--format", "graphml")
    check("graphml: said", (said["files"][0]["accounts"], said["files"][0]["edges"]), (len(run.keys), len(run.edges)))
    check_networkx(run, "graphml", networkx.read_graphml(path), {})
    graph = igraph.Graph.Read_GraphML(str(path))
    check("graphml, igraph: directed", graph.is_directed(), run.directed)
    check("graphml, igraph: nodes", graph.vs["id"], run.keys)
    got = Counter((*run.ends(graph.vs[e.source]["id"], graph.vs[e.target]["id"]), e["relation"], e["weight"], int(e["events"])) for e in graph.es)
    check("graphml, igraph: edges", got, run.wanted_edges(["source", "target", "relation", "weight", "events"]))
    for vertex, row in zip(graph.vs, run.accounts):
        for key, value in run.cells(row, ["account"]).items():
            check(f"graphml, igraph: {row['account']}, {key}", parsed(vertex[key], value), clean(value))


def gexf(run):
    path, _ = run.export("x.gexf", "--format", "gexf")
    graph = networkx.read_gexf(path)
    check_networkx(run, "gexf", graph, {"first": "start", "last": "end"})
    for row in run.accounts:
        check("gexf: label", graph.nodes[row["account"]]["label"], clean(row["handle"] or row["account"]))


def pajek_label(key):
    return "".join("'" if c == '"' else "/" if c == "\\" else " " if ord(c) < 32 else c for c in key)


def pajek(run):
    path, _ = run.export("x.net", "--format", "pajek")
    keys = {pajek_label(key): key for key in run.keys}
    check("pajek: labels are distinct", len(keys), len(run.keys))
    graph = networkx.read_pajek(path)
    wanted = run.wanted_edges(["source", "target", "relation", "weight"])
    check("pajek: directed", graph.is_directed(), run.directed)
    check("pajek: nodes", [keys[node] for node in graph.nodes], run.keys)
    got = Counter((*run.ends(keys[a], keys[b]), data["l"], data["weight"]) for a, b, data in graph.edges(data=True))
    check("pajek: edges", got, wanted)
    graph = igraph.Graph.Read_Pajek(str(path))
    check("pajek, igraph: nodes", [keys[name] for name in graph.vs["name"]], run.keys)
    got = Counter((*run.ends(run.keys[e.source], run.keys[e.target]), e["label"], e["weight"]) for e in graph.es)
    check("pajek, igraph: edges", got, wanted)


def mtx(run):
    path, _ = run.export("x.mtx", "--format", "mtx", "--raw-cells")
    matrix = scipy.io.mmread(path).tocoo()
    with open(path.with_name(path.stem + ".accounts.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    check("mtx: rows", [row["account"] for row in rows], run.keys)
    check("mtx: numbers", [int(row["row"]) for row in rows], list(range(1, len(run.keys) + 1)))
    got = {(run.keys[i], run.keys[j]): w for i, j, w in zip(matrix.row, matrix.col, matrix.data)}
    wanted = run.pairs()
    if not run.directed:
        wanted |= {(b, a): weight for (a, b), weight in wanted.items()}
    check("mtx: pairs", set(got), set(wanted))
    for pair, weight in wanted.items():
        check(f"mtx: {pair}", math.isclose(got[pair], weight, rel_tol=1e-12), True)


def as_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value


def tables(run):
    folder, said = run.export("csv", "--format", "csv", "--tables", "all", "--raw-cells")
    safe, _ = run.export("safe", "--format", "csv", "--tables", "all")
    objects, _ = run.export("ndjson", "--format", "ndjson", "--tables", "all")
    copies, _ = run.export("parquet", "--format", "parquet", "--tables", "all")
    names = sorted(path.stem for path in run.folder.glob("*.parquet"))
    for kind, place in [("csv", folder), ("csv", safe), ("ndjson", objects), ("parquet", copies)]:
        check(f"{kind}: files", sorted(path.name for path in place.iterdir()), [f"{name}.{kind}" for name in names])
    for name in names:
        source = run.folder / f"{name}.parquet"
        check(f"parquet: {name}", (copies / source.name).read_bytes(), source.read_bytes())
        table = pyarrow.parquet.read_table(source)
        rows = table.to_pylist()
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            got = list(csv.DictReader(file))
        check(f"csv: header of {name}", list(got[0]) if got else table.column_names, table.column_names)
        check(f"csv: rows of {name}", len(got), len(rows))
        check(f"csv: said of {name}", [f["rows"] for f in said["files"] if Path(f["path"]).stem == name], [len(rows)])
        lines = (objects / f"{name}.ndjson").read_text(encoding="utf-8").split("\n")
        check(f"ndjson: last line of {name}", lines.pop(), "")
        for cells, line, row in zip(got, lines, rows, strict=True):
            found = json.loads(line)
            check(f"ndjson: keys in {name}", list(found), [key for key, value in row.items() if value is not None])
            for key, value in row.items():
                check(f"ndjson: {name}, {key}", parsed(found.get(key), value), value if isinstance(value, list) else plain(value))
                value = plain(value)
                text = cells[key]
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    check(f"csv: {name}, {key}", float(text), float(value))
                else:
                    check(f"csv: {name}, {key}", parsed(text, value), as_text(value))
        with open(safe / f"{name}.csv", newline="", encoding="utf-8") as file:
            for cells, row in zip(csv.DictReader(file), rows, strict=True):
                for key, value in row.items():
                    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
                    if not is_number and cells[key].lstrip(" \"\u00a0")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
                        if cells[key]:
                            sys.exit(f"csv: {name}, {key}: a spreadsheet would run {cells[key]!r}")


def hostile(scratch, undirected):
    """A small study whose keys, handles and bios are hostile, and which has two relations where it is directed."""
    people, edges = scratch / "people.ndjson", scratch / "edges.ndjson"
    keys = [f"{number} {text}".replace("\t", " ") if number % 2 else f"user{number}" for number, text in enumerate(HOSTILE)]
    keys = [clean(key).replace("\ufffd", "?").replace("\r", " ").replace("\n", " ") for key in keys]
    with open(people, "w", encoding="utf-8") as file:
        for number, (key, text) in enumerate(zip(keys, HOSTILE)):
            row = {"account": key, "handle": f"h{number}", "bio": text, "leaning": number / 7 - 0.5, "verified": number % 2 == 0}
            print(json.dumps(row | ({"name": text[::-1]} if number % 3 else {})), file=file)
    with open(edges, "w", encoding="utf-8") as file:
        for number in range(len(keys)):
            relation = "mention" if undirected or number % 2 else "reply"
            for step in (1, 3):
                row = {"source": keys[number], "target": keys[(number + step) % len(keys)], "weight": (number + 1) / 3, "relation": relation}
                print(json.dumps(row | ({"time": f"2026-01-{number + 1:02}T10:00:00Z"} if step == 1 else {})), file=file)
    return [str(edges), "--accounts", str(people), *(["--undirected"] if undirected else [])]


def main():
    program = str(Path(sys.argv[1]).resolve())
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        studies = {
            "sample": [str(root / "data" / "sample.toml")],
            "hostile": hostile(scratch, False),
            "undirected": hostile(scratch, True),
        }
        for name, inputs in studies.items():
            inputs = hostile(scratch, name == "undirected") if name != "sample" else inputs
            folder = scratch / name
            subprocess.run([program, "run", *inputs, "-o", str(folder), "--progress", "none"], check=True, stdout=subprocess.DEVNULL)
            run = Run(program, folder, scratch)
            for form in (graphml, gexf, pajek, mtx, tables):
                form(run)
            print(f"{name}: {len(run.keys)} accounts and {len(run.edges)} edges are the same in every format")
    print(f"opened with networkx {networkx.__version__}, igraph {igraph.__version__}, scipy {scipy.__version__}, pyarrow {pyarrow.__version__}")


if __name__ == "__main__":
    main()
