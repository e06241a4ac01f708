#!/usr/bin/env python3
"""Count by hand what stands in files of Bluesky and Mastodon.

    posts_count.py FOLDER [-o posts.json]

FOLDER holds `bluesky` and `mastodon`. Plain Python, and not a line shared with the engine, so that its
readers can be compared with something that cannot have the same mistake. Only counts are printed: no text, no name.
"""
import argparse
import csv
import json
from collections import Counter
from pathlib import Path
from urllib.parse import urlparse

RULES = [
    "bluesky: like, repost and follow go to the did in their subject; a deletion takes back what it names; accounts are the ends of ties",
    "mastodon: an account is acct, or acct@domain of its url where acct has no domain, in lower case",
    "mastodon: a reblog gives one `repost`; in_reply_to_account_id gives `reply` (the account with that id on the same server); each other mention gives `mention`",
    "mastodon: accounts are the authors and mentioned accounts of statuses, the authors of what they reblog, and the accounts listed",
    "mastodon: following_accounts.csv gives a follow per address, from one account",
]


def bluesky(path):
    """Events in the order of their time; the last word on a record counts."""
    events = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    alive = {}
    for event in sorted(events, key=lambda event: event["time_us"]):
        commit = event["commit"]
        name = (event["did"], commit["collection"], commit["rkey"])
        if commit["operation"] == "delete":
            alive.pop(name, None)
            continue
        subject = commit["record"]["subject"]
        target = subject if isinstance(subject, str) else subject["uri"].split("/")[2]
        alive[name] = (event["did"], target, commit["collection"].rsplit(".", 1)[1])
    edges = Counter(alive.values())
    posts = sum(count for edge, count in edges.items() if edge[2] in ("post", "repost"))
    return facts(edges, ends(edges), posts, "bluesky")


def address(account):
    acct = account["acct"]
    return (acct if "@" in acct else f"{acct}@{urlparse(account['url']).netloc}").lower()


def server(accounts):
    """The server whose ids these are: that of a local account."""
    return next((urlparse(account["url"]).netloc for account in accounts if "@" not in account["acct"]), None)


def statuses(path):
    found = {status["uri"]: status for status in json.loads(path.read_text())}.values()
    by_id, edges, accounts = {}, Counter(), set()
    for status in found:
        people = people_of(status)
        accounts |= {address(account) for account in people}
        by_id |= {(server(people), account["id"]): address(account) for account in people}
    for status in found:
        author = address(status["account"])
        if status["reblog"]:
            edges[(author, address(status["reblog"]["account"]), "repost")] += 1
            continue
        answered = None
        if status["in_reply_to_account_id"]:
            answered = by_id.get((server(people_of(status)), status["in_reply_to_account_id"]))
            if answered:
                edges[(author, answered, "reply")] += 1
        for target in {address(mention) for mention in status["mentions"]} - {answered}:
            edges[(author, target, "mention")] += 1
    return facts(edges, accounts | ends(edges), len(found), "mastodon")


def people_of(status):
    return [status["account"], *([status["reblog"]["account"]] if status["reblog"] else []), *status["mentions"]]


def accounts(path):
    return facts(Counter(), {address(account) for account in json.loads(path.read_text())}, 0, "mastodon")


def following(path):
    with path.open(newline="") as file:
        addresses = [row[0].lower() for row in csv.reader(file) if row][1:]
    edges = Counter(("owner", address, "follow") for address in addresses)
    return facts(edges, ends(edges), 0, "mastodon")


def ends(edges):
    return {end for source, target, _ in edges for end in (source, target)}


def facts(edges, accounts, posts, word):
    per_relation = lambda items: dict(sorted(Counter(relation for _, _, relation in items).items()))
    return {
        "format": word,
        "posts": posts,
        "events": per_relation(edges.elements()),
        "edges": per_relation(edges),
        "self_loops": sum(source == target for source, target, _ in edges),
        "accounts": len(accounts),
    }


FILES = {
    "bluesky/jetstream_sample.jsonl": bluesky,
    "mastodon/following_accounts.csv": following,
    "mastodon/mastodon_accounts.json": accounts,
    "mastodon/mastodon_statuses.json": statuses,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    table = {"rules": RULES, "files": {name: count(options.folder / name) for name, count in FILES.items()}}
    text = json.dumps(table, indent=1) + "\n"
    if options.output:
        options.output.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
