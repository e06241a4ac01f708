#!/usr/bin/env python3
"""Makes the binary files of the fuzz targets' corpus, always the same bytes: tests/fuzz/corpus.py (needs pyarrow 26; see README.md).

Files named found-* were found by fuzzing and are not made here; files named broken-* cannot be used, or not all of them. All people are made up.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import struct
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CORPUS = Path(__file__).parent / "corpus"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
NAMES = ["ann", "bob", "cy", "dee", "eve of the long name", "größe", "@fay", "42"]


def write(name: str, data: bytes) -> None:
    """Puts a file of the corpus in place."""
    path = CORPUS / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


# ---- tables ------------------------------------------------------------------------------------------------------------------


def numbers(rows: int = 12) -> pa.Table:
    """Edges between numbers, with weight and time."""
    return pa.table(
        {
            "source": pa.array([row % 5 for row in range(rows)], pa.int32()),
            "target": pa.array([row * row % 7 for row in range(rows)], pa.int64()),
            "weight": pa.array([0.5 + row for row in range(rows)], pa.float64()),
            "time": pa.array([START + timedelta(days=row) for row in range(rows)], pa.timestamp("us", "UTC")),
        }
    )


def texts(kind: pa.DataType, rows: int = 10) -> pa.Table:
    """Edges between names, with gaps, relations and roles; texts of a kind."""
    column = lambda values: pa.array(values, pa.string()).cast(kind)  # noqa: E731
    sources = [NAMES[row % len(NAMES)] for row in range(rows)]
    targets = [None if row == 4 else "" if row == 5 else NAMES[(row * 3 + 1) % len(NAMES)] for row in range(rows)]
    return pa.table(
        {
            "from": column(sources),
            "to": column(targets),
            "type": column(["reply" if row % 3 else None for row in range(rows)]),
            "date": column(["2026-01-02", "2026-01-03T04:05:06Z", "1767312000", "", None] * (rows // 5)),
            "source_role": column(["nurse" if row % 2 else None for row in range(rows)]),
        }
    )


def coded(rows: int = 10) -> pa.Table:
    """Edges whose ends are codes of dictionaries."""
    table = texts(pa.string(), rows)
    for place, name in enumerate(["from", "to", "type"]):
        index = [pa.int8(), pa.uint16(), pa.int32()][place]
        table = table.set_column(place, name, table[name].combine_chunks().dictionary_encode().cast(pa.dictionary(index, pa.string())))
    return table


def odd(rows: int = 6) -> pa.Table:
    """Edges beside columns of every type that holds no edge."""
    return pa.table(
        {
            "list": pa.array([[row] * (row % 4) for row in range(rows)], pa.list_(pa.int16())),
            "list_view": pa.array([["x"] * (row % 3) for row in range(rows)], pa.list_view(pa.string())),
            "fixed": pa.array([[row, row] for row in range(rows)], pa.list_(pa.float32(), 2)),
            "struct": pa.array([{"a": row, "b": None if row % 2 else "x"} for row in range(rows)]),
            "map": pa.array([[("k", row)] for row in range(rows)], pa.map_(pa.string(), pa.int32())),
            "source": pa.array(range(rows), pa.uint16()),
            "none": pa.nulls(rows),
            "truth": pa.array([None, True, False] * (rows // 3)),
            "bytes": pa.array([b"ab"] * rows, pa.binary(2)),
            "blob": pa.array([b"abc", None, b""] * (rows // 3), pa.large_binary()),
            "target": pa.array([(row + 1) % rows for row in range(rows)], pa.uint64()),
            "price": pa.array([None] + [row for row in range(1, rows)], pa.decimal128(9, 2)),
            "runs": pa.RunEndEncodedArray.from_arrays(pa.array([2, rows], pa.int32()), pa.array(["a", "b"])),
            "either": pa.UnionArray.from_dense(
                pa.array([0, 1] * (rows // 2), pa.int8()),
                pa.array([row // 2 for row in range(rows)], pa.int32()),
                [pa.array(range(rows // 2)), pa.array(["x"] * (rows // 2))],
            ),
            "date": pa.array([START.date()] * rows, pa.date32()),
            "count": pa.array([1.5] * rows, pa.float16()),
        }
    )


def people() -> pa.Table:
    """Accounts."""
    return pa.table(
        {
            "account": pa.array(NAMES, pa.string()),
            "handle": pa.array(["ann_rn", None, "cy", "", "eve", "gr", "fay", "x"], pa.string()).dictionary_encode(),
            "bio": pa.array(["nurse, mother", "GP", None, "patient advocate", "pharmacist", "Kinderärztin", "a bot", " "], pa.large_string()),
            "leaning": pa.array([0.5, -1, None, 0, 0.25, 1, -0.5, float("nan")], pa.float32()),
            "verified": pa.array([True, False, None] + [False] * 5),
            "followers": pa.array([2**40, 0, None, 1, 2, 3, 4, 5], pa.uint64()),
            "created": pa.array([START] * 8, pa.timestamp("ms")),
            "tags": pa.array([["a", "b"], [], None] + [["c"]] * 5, pa.list_(pa.string())),
            "pagerank": pa.array(range(8), pa.int16()),
        }
    )


# ---- Arrow -------------------------------------------------------------------------------------------------------------------


def arrow(table: pa.Table, is_file: bool = False, rows: int = 1 << 20, **options: object) -> bytes:
    """A table as Arrow IPC, so many rows a batch."""
    sink = io.BytesIO()
    make = pa.ipc.new_file if is_file else pa.ipc.new_stream
    with make(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for batch in table.to_batches(max_chunksize=rows):
            writer.write_batch(batch)
    return sink.getvalue()


def growing(**options: object) -> bytes:
    """A stream whose dictionary grows, then is another."""
    sink = io.BytesIO()
    kind = pa.dictionary(pa.int32(), pa.string())
    schema = pa.schema({"source": kind, "target": pa.int64()})
    with pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for words in [["a", "b"], ["a", "b", "c"], ["z"]]:
            sources = pa.DictionaryArray.from_arrays(pa.array(range(len(words)), pa.int32()), pa.array(words))
            writer.write_batch(pa.record_batch([sources, pa.array(range(len(words)))], schema))
    return sink.getvalue()


def lie(data: bytes, old: int, new: int) -> bytes:
    """Changes the length that a compressed buffer states; the last one that states `old`."""
    at = data.rindex(struct.pack("<q", old))
    return data[:at] + struct.pack("<q", new) + data[at + 8 :]


def make_arrow() -> None:
    zstd = {"compression": "zstd"}
    write("arrow/numbers.arrow", arrow(numbers(), is_file=True))
    write("arrow/batches.arrows", arrow(numbers(), rows=5))
    write("arrow/text.arrow", arrow(texts(pa.string()), is_file=True, rows=4))
    write("arrow/large-text.arrows", arrow(texts(pa.large_string())))
    write("arrow/views.arrows", arrow(texts(pa.string_view())))
    write("arrow/coded.arrow", arrow(coded(), is_file=True))
    write("arrow/growing-deltas.arrows", growing(emit_dictionary_deltas=True))
    write("arrow/growing-replaced.arrows", growing())
    write("arrow/odd.arrow", arrow(odd(), is_file=True))
    write("arrow/old-v4.arrows", arrow(numbers(), metadata_version=pa.ipc.MetadataVersion.V4, use_legacy_format=True))
    write("arrow/zstd.arrow", arrow(numbers(300), is_file=True, **zstd))
    write("arrow/zstd-coded.arrows", arrow(coded(100), **zstd))
    write("arrow/zstd-views.arrows", arrow(texts(pa.string_view(), 100), **zstd))
    write("arrow/zstd-odd.arrows", arrow(odd(60), **zstd))
    write("arrow/lz4.arrows", arrow(texts(pa.string(), 100), compression="lz4"))
    write("arrow/gzip.arrows.gz", gzip.compress(arrow(numbers()), mtime=0))
    write("arrow/broken-no-rows.arrows", arrow(numbers(0)))
    write("arrow/broken-half.arrow", arrow(numbers(), is_file=True, rows=5)[:900])
    # 300 numbers of 8 bytes that say they are 2 GiB, and texts that say they are 4 GiB.
    write("arrow/broken-long-numbers.arrows", lie(arrow(numbers(300), **zstd), 2400, 1 << 31))
    repeated = pa.table({"source": ["a name"] * 100, "target": ["b"] * 100})
    write("arrow/broken-long-texts.arrows", lie(arrow(repeated, **zstd), 600, 1 << 32))
    # A text of 8 KiB to which each row points: nothing as it stands, 8 MiB once each row has its own.
    rows, long = 1024, "x" * 8192
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int8()), pa.array([long]))
    sharing = pa.table({"source": pa.array([1] * rows, pa.int32()), "target": pa.array([2] * rows, pa.int32()), "relation": shared})
    write("arrow/shared-text.arrows", arrow(sharing, **zstd))


# ---- Parquet -----------------------------------------------------------------------------------------------------------------


def parquet(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def make_parquet() -> None:
    deltas = {
        "from": "DELTA_BYTE_ARRAY",
        "to": "DELTA_LENGTH_BYTE_ARRAY",
        "type": "PLAIN",
    }
    write("parquet/numbers.parquet", parquet(numbers(), compression="none"))
    write("parquet/groups.parquet", parquet(numbers(), row_group_size=4, compression="zstd"))
    write("parquet/text.parquet", parquet(texts(pa.string()), compression="snappy"))
    write("parquet/coded.parquet", parquet(coded(), compression="lz4"))
    write("parquet/views.parquet", parquet(texts(pa.string_view()), compression="gzip"))
    write("parquet/deltas.parquet", parquet(texts(pa.string()), use_dictionary=False, column_encoding=deltas, data_page_version="2.0"))
    packed = {"source": "DELTA_BINARY_PACKED", "target": "DELTA_BINARY_PACKED", "weight": "BYTE_STREAM_SPLIT", "time": "PLAIN"}
    write("parquet/packed.parquet", parquet(numbers(), use_dictionary=False, column_encoding=packed, store_schema=False))
    write("parquet/checked.parquet", parquet(numbers(40), data_page_size=64, write_page_checksum=True, write_page_index=True))
    times = numbers().set_column(3, "time", numbers()["time"].cast(pa.timestamp("ns")))
    write("parquet/int96.parquet", parquet(times, use_deprecated_int96_timestamps=True))
    nested = odd().drop_columns(["none", "runs", "either", "list_view"])
    write("parquet/odd.parquet", parquet(nested, compression="none"))
    write("parquet/broken-brotli.parquet", parquet(numbers(), compression="brotli"))
    write("parquet/broken-no-rows.parquet", parquet(numbers(0)))
    write("parquet/broken-half.parquet", parquet(numbers())[:400])
    damaged = bytearray(parquet(numbers(), row_group_size=6, compression="zstd", use_dictionary=False))
    damaged[60:64] = b"\xff\xff\xff\xff"
    write("parquet/broken-group.parquet", bytes(damaged))


# ---- Bluesky -----------------------------------------------------------------------------------------------------------------


class Link(bytes):
    """The name of a block: a CID of version 1, DAG-CBOR, SHA-256."""


def cbor(value: object) -> bytes:
    """DAG-CBOR."""

    def head(major: int, number: int) -> bytes:
        for width, (least, form) in enumerate([(24, ">B"), (1 << 8, ">B"), (1 << 16, ">H"), (1 << 32, ">I"), (1 << 64, ">Q")]):
            if number < least:
                return bytes([major << 5 | number]) if width == 0 else bytes([major << 5 | 23 + width]) + struct.pack(form, number)
        raise ValueError(number)

    match value:
        case None | bool():
            return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case Link():
            return b"\xd8\x2a" + head(2, len(value) + 1) + b"\0" + value
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(map(cbor, value))
        case dict():
            members = sorted((key.encode(), key) for key in value)
            members.sort(key=lambda member: len(member[0]))
            return head(5, len(value)) + b"".join(cbor(key) + cbor(value[key]) for _, key in members)
    raise TypeError(value)


class Repository:
    """A CAR file in the making."""

    def __init__(self) -> None:
        self.blocks: list[tuple[Link, bytes]] = []
        self.nodes: set[Link] = set()

    def add(self, value: object) -> Link:
        data = cbor(value)
        link = Link(b"\x01\x71\x12\x20" + hashlib.sha256(data).digest())
        self.blocks.append((link, data))
        return link

    def tree(self, records: list[tuple[str, Link]]) -> Link:
        """Two records in the node, the others left and right of it."""
        left, own, right = records[: len(records) // 3], records[len(records) // 3 :][:2], records[len(records) // 3 :][2:]
        before, entries = b"", []
        for place, (name, link) in enumerate(own):
            key = name.encode()
            shared = next((at for at, (a, b) in enumerate(zip(before, key)) if a != b), min(len(before), len(key)))
            behind = self.tree(right) if right and place + 1 == len(own) else None
            entries.append({"p": shared, "k": key[shared:], "v": link, "t": behind})
            before = key
        node = self.add({"l": self.tree(left) if left else None, "e": entries})
        self.nodes.add(node)
        return node

    def file(self, root: Link, without_tree: bool = False) -> bytes:
        def section(data: bytes) -> bytes:
            length, varint = len(data), b""
            while length >= 0x80:
                varint, length = varint + bytes([length & 0x7F | 0x80]), length >> 7
            return varint + bytes([length]) + data

        header = section(cbor({"roots": [root], "version": 1}))
        kept = [block for block in reversed(self.blocks) if not (without_tree and block[0] in self.nodes)]
        return header + b"".join(section(link + data) for link, data in kept)


def records() -> dict[str, object]:
    """Records of every collection that gives ties, of some that do not, and one that is none."""
    created = {"createdAt": "2026-01-02T03:04:05Z"}
    post = lambda who: {"uri": f"at://did:plc:example{who}/app.bsky.feed.post/3k2aaaaaaaaa2", "cid": "x"}  # noqa: E731
    mention = {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:examplec"}
    facets = [{"index": {"byteStart": 0, "byteEnd": 3}, "features": [mention, {"$type": "app.bsky.richtext.facet#tag", "tag": "x"}]}]
    quote = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": post("e")}, "media": {}}
    answer = {"$type": "app.bsky.feed.post", "text": "@cy", "facets": facets, "reply": {"root": post("d"), "parent": post("b")}}
    found = {f"app.bsky.graph.follow/3k2aaaaaaa{key}2": {"subject": f"did:plc:follow{key}"} | created for key in ["2a", "2b", "3c"]}
    return found | {
        "app.bsky.feed.post/3k2aaaaaaaaa2": answer | {"langs": ["en"], "size": -3, "n": 2**33} | created,
        "app.bsky.feed.post/3k2aaaaaaaaa3": {"text": "quoted", "embed": quote, "createdAt": "soon"},
        "app.bsky.feed.like/3k2aaaaaaaaa4": {"subject": post("b")} | created,
        "app.bsky.feed.repost/3k2aaaaaaaaa5": {"subject": post("c")} | created,
        "app.bsky.feed.like/broken": 7,
        "app.bsky.actor.profile/self": {"displayName": "Ann", "description": "nurse", "avatar": {"ref": Link(b"\x01\x55\x12\x00")}},
        "app.bsky.graph.block/x": {"subject": "did:plc:examplef"} | created,
        "app.bsky.graph.list/y": {"name": "friends", "purpose": None},
    }


def make_bluesky() -> None:
    commit = {"did": "did:plc:examplea", "version": 3, "rev": "3k2aaaaaaaaa2", "prev": None, "sig": b"\1\2"}
    whole = Repository()
    named = [(name, whole.add(record)) for name, record in sorted(records().items())]
    root = whole.add(commit | {"data": whole.tree(named)})
    write("bluesky/repo.car", whole.file(root))
    write("bluesky/broken-half.car", whole.file(root)[:1500])
    write("bluesky/broken-no-tree.car", whole.file(root, without_tree=True))
    # A tree that comes back to its root, and a name that grows by all of the name before it.
    knot = Repository()
    record = knot.add({"subject": "did:plc:exampleb"})
    round_about = Link(b"\x01\x71\x12\x20" + b"r" * 32)
    key = b"app.bsky.graph.follow/" + b"k" * 600
    entries = [{"p": place * len(key), "k": key, "v": record, "t": round_about} for place in range(4)]
    knot.blocks.append((round_about, cbor({"l": round_about, "e": entries})))
    write("bluesky/broken-knot.car", knot.file(knot.add(commit | {"data": round_about})))


# ---- compressed text ---------------------------------------------------------------------------------------------------------


def make_compressed() -> None:
    text = b"source,target,weight,time,relation\nann,bob,1.5,2026-01-02,reply\nbob,\"cy, d\",2,1767312000,mention\n"
    more = b"cy,ann,1,2026-02-01,quote\n"
    codec = pa.Codec("zstd")
    zstd = lambda data: codec.compress(data).to_pybytes()  # noqa: E731
    gz = lambda data: gzip.compress(data, mtime=0)  # noqa: E731
    write("detect/comma.csv.gz", gz(text))
    write("detect/parts.csv.gz", gz(text) + gz(more))
    write("detect/comma.csv.zst", zstd(text))
    write("detect/parts.csv.zst", zstd(text) + zstd(more))
    write("detect/comma.csv.bz2", bz2.compress(text))
    write("detect/parts.csv.bz2", bz2.compress(text) + bz2.compress(more))
    write("detect/comma.csv.xz", lzma.compress(text))
    write("detect/parts.csv.xz", lzma.compress(text) + lzma.compress(more))
    write("detect/broken-cut.csv.gz", gz(text)[:60])
    write("detect/broken-cut.csv.xz", lzma.compress(text)[:80])
    write("detect/broken-sum.csv.gz", gz(text)[:-8] + b"\0" * 8)
    write("detect/broken-empty.gz", gz(b""))
    write("detect/broken-twice.csv.gz", gz(gz(text)))
    write("detect/broken-utf16", text.decode().encode("utf-16"))
    write("detect/broken-zip.zip", b"PK\3\4\x14\0\0\0\0\0" + b"a.csv")
    write("detect/numbers.parquet.gz", gz(parquet(numbers())))
    write("detect/accounts.jsonl.zst", zstd(b'{"source":"ann","target":"bob"}\n' * 40))


def make_accounts() -> None:
    write("accounts/people.parquet", parquet(people(), compression="zstd"))
    write("accounts/groups.parquet", parquet(people(), row_group_size=3, use_dictionary=False))
    write("accounts/people.csv.gz", gzip.compress(b"id;role;scale\nann;nurse;individual\nbob;;organisation\n", mtime=0))
    write("accounts/broken-half.parquet", parquet(people())[:700])
    # Every object has a name of its own: as many cells as its square.
    objects = "".join(f'{{"id":"{number}","c{number}":1}}\n' for number in range(100))
    write("accounts/names.jsonl", objects.encode())


def main() -> None:
    warnings.simplefilter("ignore", FutureWarning)
    for make in [make_arrow, make_parquet, make_bluesky, make_compressed, make_accounts]:
        make()


if __name__ == "__main__":
    main()
