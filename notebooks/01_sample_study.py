# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first look at a run folder
#
# `echogram run` reads posts or follows, builds the network and writes a folder of Parquet tables.
# This notebook opens such a folder with Polars and asks four questions:
#
# 1. Who gets the attention?
# 2. Which roles turn to which?
# 3. What groups are there, and how closed are they?
# 4. Who connects the groups?
#
# An edge `source -> target` means that the source gives attention to the target: follows, mentions, answers, reposts or quotes it.

# %%
import json
import os
from pathlib import Path

import polars as pl

pl.Config(tbl_rows=20, tbl_cols=20, tbl_width_chars=160, fmt_str_lengths=40, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)


def find_run() -> Path:
    """The folder named by ECHOGRAM_RUN, else `echogram-run` here or one level up."""
    named = os.environ.get("ECHOGRAM_RUN")
    places = [Path(named)] if named else [Path("echogram-run"), Path("../echogram-run")]
    for place in places:
        if (place / "manifest.json").is_file():
            return place
    tried = ", ".join(str(place.resolve()) for place in places)
    raise SystemExit(
        f"no run folder at {tried}\n"
        "run `cargo run --release --bin echogram -- run INPUT -o echogram-run` first, or set ECHOGRAM_RUN to the folder"
    )


RUN = find_run()


def table(name: str) -> pl.DataFrame:
    """One table of the run folder; an empty one if this run did not write it."""
    path = RUN / f"{name}.parquet"
    return pl.read_parquet(path) if path.is_file() else pl.DataFrame()


def has(frame: pl.DataFrame, what: str, *columns: str) -> bool:
    """Whether the columns are there; if not, say what is left out. A metric that was not asked for has no column."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        print(f"{what}: left out, this run has no {', '.join(missing)}")
    return not missing


accounts, edges = table("accounts"), table("edges")
communities, mixing = table("communities"), table("mixing")
manifest = json.loads((RUN / "manifest.json").read_text(encoding="utf-8"))

# %% [markdown]
# ## What was read
# The manifest says which command made the folder, how many rows were refused, and what to be careful about.
# Read the warnings before the numbers.

# %%
graph = manifest["graph"]
print(f"{graph['accounts']:,} accounts, {graph['edges']:,} {'directed' if graph['directed'] else 'undirected'} edges")
for source in manifest["inputs"]:
    print(f"  {Path(source['path']).name}: {source['rows']:,} rows read as {source['format']}, {source['rejected']:,} refused")
for warning in manifest.get("warnings", []):
    print("warning:", warning)

# %%
if has(edges, "relations", "relation", "weight", "source", "target"):
    print(
        edges.group_by("relation")
        .agg(
            edges=pl.len(),
            weight=pl.col("weight").sum(),
            self_loops=(pl.col("source") == pl.col("target")).sum(),
        )
        .sort("relation")
    )

# %% [markdown]
# ## 1. Who gets the attention?
# `pagerank` is the share of time that a reader spends at an account when he follows edges at random and now and then
# starts anew anywhere. Attention from those who get much attention counts for more, so the order differs from that by number of followers.

# %%
if has(accounts, "ranking", "account", "pagerank"):
    label = pl.coalesce("handle", "account") if "handle" in accounts.columns else pl.col("account")
    shown = [name for name in ("role", "community", "in_degree", "pagerank") if name in accounts.columns]
    print(accounts.sort(["pagerank", "account"], descending=[True, False]).head(15).select(label.alias("who"), *shown))

# %% [markdown]
# The same by role: does a role get more attention than its head count would give it? A ratio of 2 means twice its share.
# Accounts whose role is not known are a row of their own.

# %%
if has(accounts, "attention by role", "role", "pagerank"):
    print(
        accounts.group_by("role")
        .agg(accounts=pl.len(), attention=pl.col("pagerank").sum())
        .with_columns(share=pl.col("accounts") / accounts.height)
        .with_columns(ratio=pl.col("attention") / pl.col("share"))
        .sort("ratio", descending=True)
    )

# %% [markdown]
# ## 2. Which roles turn to which?
# `ratio` compares the weight that flows from one role to another with what would flow if ties ignored roles.
# Above 1: more than expected. Below 1: less. The diagonal is talk within a role.

# %%
if has(mixing, "mixing of roles", "relation", "by", "source_group", "target_group", "ratio"):
    by_role = mixing.filter((pl.col("relation") == "all") & (pl.col("by") == "role"))
    roles = sorted(set(by_role["source_group"].drop_nulls()) | set(by_role["target_group"].drop_nulls()))
    grid = by_role.pivot("target_group", index="source_group", values="ratio").sort("source_group")
    print(grid.select("source_group", *[pl.col(role).round(2) for role in roles if role in grid.columns]))

# %% [markdown]
# The strongest one-way streets: pairs of different roles with the highest ratio, and with enough weight to be worth reading.

# %%
if has(mixing, "strongest pairs", "relation", "by", "source_group", "target_group", "weight", "ratio"):
    pairs = mixing.filter(
        (pl.col("relation") == "all") & (pl.col("by") == "role") & (pl.col("source_group") != pl.col("target_group"))
    )
    print(
        pairs.filter(pl.col("weight") >= 10)
        .sort(["ratio", "source_group", "target_group"], descending=[True, False, False])
        .head(8)
        .select("source_group", "target_group", "weight", "expected", "ratio")
    )

# %% [markdown]
# ## 3. What groups are there, and how closed are they?
# Communities are groups with many ties inside and few to the rest; 0 is the largest.
# `conductance` is the share of a group's ties that leave it (0 = sealed off). `ei_index` runs from -1 (all ties inside) to 1 (all outside).
# `purity_role` is the share of the most frequent role: close to 1 means that the group is a matter of profession.

# %%
if has(communities, "communities", "relation", "community", "accounts"):
    wanted = ["community", "accounts", "edges_inside", "conductance", "ei_index", "dominant_role", "purity_role", "top_accounts"]
    shown = [name for name in wanted if name in communities.columns]
    print(communities.filter(pl.col("relation") == "all").sort("community").head(12).select(shown))

# %% [markdown]
# A closed group is not yet an echo chamber: any partition made by optimising looks closed. `echogram echo` compares the score with networks
# that have the same degrees and no camps, and says how sure it is.

# %% [markdown]
# ## 4. Who connects the groups?
# An account's own `ei_index` is 1 when all its ties go to other communities, -1 when none does. Accounts with very few ties reach 1 easily,
# so only those with at least five neighbours are shown, those with most attention first.

# %%
if has(accounts, "bridges", "account", "community", "ei_index", "degree"):
    order = "pagerank" if "pagerank" in accounts.columns else "degree"
    label = pl.coalesce("handle", "account") if "handle" in accounts.columns else pl.col("account")
    shown = [name for name in ("role", "community", "degree", "ei_index", "pagerank") if name in accounts.columns]
    bridges = accounts.filter((pl.col("ei_index") > 0) & (pl.col("degree") >= 5))
    print(f"{bridges.height} accounts have more ties to other communities than to their own")
    print(bridges.sort([order, "account"], descending=[True, False]).head(15).select(label.alias("who"), *shown))

# %% [markdown]
# Where do the ties between communities run? Each row counts the edges from one group to another.

# %%
if has(accounts, "between communities", "account", "community") and has(edges, "between communities", "source", "target"):
    member = accounts.select("account", "community")
    between = (
        edges.join(member.rename({"account": "source", "community": "from_community"}), on="source")
        .join(member.rename({"account": "target", "community": "to_community"}), on="target")
        .filter(pl.col("from_community") != pl.col("to_community"))
        .group_by("from_community", "to_community")
        .agg(edges=pl.len())
        .sort(["edges", "from_community", "to_community"], descending=[True, False, False])
    )
    print(between.head(10))
