#!/usr/bin/env python3
"""Time echogram beside other graph libraries on the same files, in turns, in one session.

    compare.py --peers-script peers.py [--peers-script rust-peers] --inputs FOLDER [--echogram target/release/echogram] [--runs 3] [--write]

Ratios hold for the machine and the hour they were taken; quote medians of three runs or more.
"""
import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

# input -> read as undirected?
INPUTS = {"rmat18": False, "rmat20": False, "rmat22": False, "ego5k": False, "lfr": True}
# operation of the peers -> (our stage, inputs it is measured on)
OPERATIONS = {
    "pagerank": ("pagerank", ["rmat18", "rmat20", "rmat22"]),
    "ppr": ("pagerank_personalised", ["rmat20"]),
    "hits": ("hits", ["rmat20"]),
    "wcc": ("component_weak", ["rmat18", "rmat20"]),
    "scc": ("component_strong", ["rmat18", "rmat20"]),
    "kcore": ("core", ["rmat18", "lfr"]),
    "betweenness": ("betweenness", ["ego5k"]),
    "kadabra": ("betweenness_undirected", ["rmat18"]),
    "harmonic": ("harmonic", ["ego5k"]),
    "hyperball": ("harmonic", ["rmat20"]),
    "triangles": ("triangles", ["rmat18", "lfr"]),
    "lcc": ("clustering", ["rmat18"]),
    "leiden": ("community", ["lfr"]),
    "louvain": ("community_louvain", ["lfr"]),
    "lpa": ("community_label", ["lfr"]),
}
# The peers of these run 50 iterations, and so do we; by itself echogram stops at its tolerance. Its acceleration may set in near the last bits, at our cost.
FIFTY = ["--set", "pagerank.max_iterations=50", "--set", "pagerank.tolerance=1e-300"]
# Stages that are measured in runs of their own: those that rest on one and the same finding, so that each pays for it, and those that are set.
APART = {"clustering": [], "pagerank": FIFTY, "pagerank_personalised": FIFTY}
PEERS = ["networkit", "igraph", "scipy", "scikit-network", "graphblas", "graspologic", "leidenalg", "rustworkx", "graph", "petgraph", "webgraph-algo", "leiden-rs"]
SLOW = {("leidenalg", "lfr"), ("rustworkx", "rmat20")}  # minutes a run; only with --slow


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers-script", type=Path, action="append", required=True, help="the script or program that measures one peer; may be repeated")
    parser.add_argument("--inputs", type=Path, required=True, help="folder with these inputs as Parquet: " + ", ".join(INPUTS))
    parser.add_argument("--echogram", type=Path, default=Path("target/release/echogram"))
    parser.add_argument("--python", default=sys.executable, help="the Python that has the peers installed")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=240, help="seconds that one peer may take for one operation")
    parser.add_argument("--input", action="append", choices=INPUTS, help="only this input; may be repeated")
    parser.add_argument("--peer", action="append", help="only this peer; may be repeated")
    parser.add_argument("--operation", action="append", choices=OPERATIONS, help="only this operation; may be repeated")
    parser.add_argument("--slow", action="store_true", help="also what takes minutes")
    parser.add_argument("--write", action="store_true", help="write results.md beside this script")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def called(options, script):
    """How a script of peers is called: Python by the Python that has the peers, anything else by itself."""
    return [options.python, script] if script.suffix == ".py" else [script.resolve()]


def available(options):
    """Peers of the scripts that are wanted, with how they are called and their operations."""
    found = {}
    for script in options.peers_script:
        answer = subprocess.run([*called(options, script), "--list"], capture_output=True, text=True)
        if answer.returncode:
            say(f"{script}: no peers, {(answer.stderr.strip().splitlines() or [''])[-1]}")
        listed = {words[0]: set(words[1:]) for words in map(str.split, answer.stdout.splitlines()) if words}
        found.update({peer: (called(options, script), listed[peer]) for peer in options.peer or PEERS if peer in listed})
    return found


def measure_echogram(options, name, path):
    """A record per operation."""
    stages = [OPERATIONS[one][0] for one in operations_on(options, name)]
    together = [stage for stage in stages if stage not in APART]
    groups = [(together, [])] + [([stage], APART[stage]) for stage in stages if stage in APART]
    return [one for group, settings in groups if group for one in echogram_run(options, name, path, group, settings)]


def echogram_run(options, name, path, stages, settings):
    metrics = stages + (["modularity"] if "community" in stages else [])
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        command = [options.echogram, "run", path, "-o", run, "--threads", str(options.threads), "--near", "0"]
        command += ["--force", "--metrics", ",".join(metrics), "--json", *(["--undirected"] if INPUTS[name] else []), *settings]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            say(f"echogram {name}: exit status {done.returncode}: {(done.stderr.strip().splitlines() or [''])[-1]}")
            return []
        return our_records(options, run, name, stages)


def our_records(options, run, name, wanted):
    stages = {stage["name"]: stage for stage in json.loads((run / "manifest.json").read_text())["stages"]}
    records = []
    for operation in operations_on(options, name):
        stage = OPERATIONS[operation][0]
        if stage in wanted and stage in stages:
            found = stages[stage]
            quality = our_modularity(run) if stage == "community" else None
            records.append(record("echogram", name, operation, found["seconds"], found.get("iterations"), quality))
    return records


def our_modularity(run):
    """The row of network.parquet; None if it cannot be read."""
    try:
        import polars as pl

        table = pl.read_parquet(run / "network.parquet")
        values = table.filter(pl.col("metric") == "modularity")["value"]
        return values[0] if len(values) else None
    except (ImportError, OSError) as error:
        say(f"modularity: {error}")
        return None


def record(peer, name, operation, seconds, iterations=None, modularity=None, error=None):
    return {
        "peer": peer, "input": name, "operation": operation, "seconds": seconds,
        "iterations": iterations, "modularity": modularity, "error": error,
    }  # fmt: skip


def measure_peer(options, peer, call, operations, name, path):
    """One run of each operation, the graph built once; a peer that cannot gives records without seconds."""
    command = [*call, "--input", path, "--peer", peer, "--op", ",".join(operations)]
    command += ["--threads", str(options.threads), "--runs", "1", "--timeout", str(options.timeout * len(operations))]
    done = subprocess.run(command, capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [peer_record(peer, name, answer) for answer in answers]


def peer_record(peer, name, answer):
    seen = answer.get("fingerprint", {})
    return record(peer, name, answer["op"], answer["seconds"], seen.get("iters"), seen.get("modularity"), answer.get("error"))


def measure(options):
    """All runs, us and the peers in turns, so that a slow minute of the machine hits everyone."""
    peers = available(options)
    absent, records = set(), []
    for name in options.input or INPUTS:
        path = options.inputs / f"{name}.parquet"
        if not path.is_file():
            say(f"{path}: not found, left out")
            continue
        for turn in range(options.runs):
            say(f"{name}: run {turn + 1} of {options.runs}")
            records += told(measure_echogram(options, name, path))
            for peer, (call, offered) in peers.items():
                wanted = [one for one in operations_on(options, name) if one in offered and (peer, name, one) not in absent]
                if not wanted or ((peer, name) in SLOW and not options.slow):
                    continue
                found = measure_peer(options, peer, call, wanted, name, path)
                for failed in (one for one in found if one["seconds"] is None):
                    say(f"{peer} {failed['operation']} {name}: {failed['error']}")
                    absent.add((peer, name, failed["operation"]))
                records += told(found)
    return [one for one in records if one["seconds"] is not None]


def told(records):
    """The same, each shown at once: a long session that breaks off leaves what it has measured."""
    for one in records:
        say(json.dumps(one))
    return records


def operations_on(options, name):
    return [operation for operation, (_, inputs) in OPERATIONS.items() if name in inputs and operation in (options.operation or OPERATIONS)]


def medians(records):
    """(input, operation) -> peer -> median seconds, iterations, best modularity, number of runs."""
    table = {}
    for one in records:
        table.setdefault((one["input"], one["operation"]), {}).setdefault(one["peer"], []).append(one)
    return {key: {peer: summary(runs) for peer, runs in peers.items()} for key, peers in table.items()}


def summary(runs):
    qualities = [one["modularity"] for one in runs if one["modularity"] is not None]
    return {
        "seconds": statistics.median(one["seconds"] for one in runs),
        "iterations": runs[0]["iterations"],
        "modularity": max(qualities, default=None),
        "runs": len(runs),
    }


def markdown(options, table):
    lines = [
        "# Beside other libraries", "",
        f"{options.threads} threads, medians of {options.runs} runs in turns, {platform.machine()}, Python {platform.python_version()}. "
        "Seconds of the operation alone; the peers build their graph before the clock starts. "
        "Ratio: echogram's seconds over those of the fastest peer; below 1 echogram is faster. "
        "PageRank, personalised too: 50 iterations on both sides (igraph: its own solver and tolerance).", "",
        "| operation | input | echogram s | iterations | fastest peer | ratio | all peers, s | modularity |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    return "\n".join(lines + [row(key, peers) for key, peers in sorted(table.items(), key=row_order)]) + "\n"


def row_order(item):
    name, operation = item[0]
    return list(OPERATIONS).index(operation), list(INPUTS).index(name)


def row(key, found):
    name, operation = key
    ours = found.get("echogram")
    rivals = sorted((one["seconds"], peer) for peer, one in found.items() if peer != "echogram")
    compared = ours and ours["seconds"]
    # One that takes no time at all has not done the work.
    fastest = next(((seconds, peer) for seconds, peer in rivals if seconds > 0), None)
    ratio = f"{compared / fastest[0]:.2f}" if fastest and compared else "-"
    quality = [f"{peer} {one['modularity']:.5f}" for peer, one in found.items() if one["modularity"] is not None]
    cells = [
        OPERATIONS[operation][0], name, seconds_of(compared), str(ours and ours["iterations"] or "-"),
        fastest[1] if fastest else "-", ratio, ", ".join(f"{peer} {seconds_of(s)}" for s, peer in rivals) or "-", ", ".join(quality) or "-",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def seconds_of(value):
    return "-" if value is None else f"{value:.3g}"


def main():
    options = arguments()
    if not options.echogram.is_file():
        sys.exit(f"{options.echogram}: not found; run `cargo build --release` first, or give --echogram")
    text = markdown(options, medians(measure(options)))
    print(text, end="")
    if options.write:
        (Path(__file__).parent / "results.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
