#!/usr/bin/env python3
"""Count by hand what stands in a folder of Twitter API v2 files.

    twitter_count.py FOLDER [-o twitter_v2.json]

Plain Python and `json`, and not a line shared with the engine, so that the reader of
`twitter-v2` can be compared with something that cannot have the same mistake.
Only counts are printed: no text, no name, no identifier.
"""
import argparse
import gzip
import json
from collections import Counter
from pathlib import Path

FILES = [
    "2sets.jsonl.gz",
    "edited.jsonl",
    "flat.jsonl.gz",
    "mentions_tweet.jsonl",
    "streaming_output_with_error.jsonl",
    "users.jsonl.gz",
]
RULES = [
    "events come from the tweets in `data` (a list, one object, or one flattened tweet a line); tweets in `includes` and embedded referenced tweets give none",
    "a tweet id is counted once per file, however many pages list it",
    "a retweet gives one `repost` and nothing else; its target is the author of the referenced tweet (includes.tweets, or embedded author_id / author.id), else the first mention if the text starts with `RT @`",
    "a reply gives `reply` to in_reply_to_user_id, else to the referenced tweet's author; a quote gives `quote` to the quoted author; a tweet that is both gives both",
    "a tweet with in_reply_to_user_id and no referenced tweet is a reply too",
    "each other distinct mentioned account gives one `mention`",
    "a mentioned account is the mention's id, else the id of the profile with that username (case ignored, profiles of the whole file), else the username",
    "self-loops are counted and kept",
    "profiles are distinct ids of includes.users, embedded `author` objects, mentions and in_reply_to_user objects that carry profile fields, and items of `data` that are users",
]
PROFILE_FIELDS = ("description", "created_at", "public_metrics")


def read(path):
    """Pages of a file, and the numbers of the lines that are not JSON."""
    opener = gzip.open if path.suffix == ".gz" else open
    pages, bad_lines = [], []
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                pages.append(json.loads(line))
            except json.JSONDecodeError:
                bad_lines.append(number)
    return pages, bad_lines


def is_user(thing):
    return "username" in thing and "text" not in thing


def is_profile(thing):
    return isinstance(thing, dict) and "id" in thing and any(field in thing for field in PROFILE_FIELDS)


def items_of(page):
    """The things a line is about: tweets or users."""
    if "data" not in page:
        return [page] if "text" in page or is_user(page) else []
    return page["data"] if isinstance(page["data"], list) else [page["data"]]


def mentions_of(tweet):
    return tweet.get("entities", {}).get("mentions", [])


def embedded_profiles(tweet):
    """Profiles inside a flattened tweet, and inside the tweets it refers to."""
    people = [tweet.get("author"), tweet.get("in_reply_to_user"), *mentions_of(tweet)]
    yield from filter(is_profile, people)
    for referenced in tweet.get("referenced_tweets", []):
        yield from embedded_profiles(referenced)


class Known:
    """What the whole file says of accounts and of tweets referred to."""

    def __init__(self):
        self.profiles, self.handles, self.authors = {}, {}, {}

    def learn(self, page):
        includes = page.get("includes", {})
        for user in includes.get("users", []):
            self.add_profile(user)
        for tweet in includes.get("tweets", []):
            self.authors[tweet["id"]] = tweet["author_id"]
        for item in items_of(page):
            if is_user(item):
                self.add_profile(item)
            for user in embedded_profiles(item):
                self.add_profile(user)

    def add_profile(self, user):
        self.profiles[user["id"]] = user
        self.handles[user["username"].lower()] = user["id"]

    def author(self, reference):
        """Author of a referenced tweet, or None if the file does not say."""
        embedded = reference.get("author_id") or reference.get("author", {}).get("id")
        return embedded or self.authors.get(reference["id"])

    def mentioned(self, mention):
        return mention.get("id") or self.handles.get(mention["username"].lower()) or mention["username"]


def events_of(tweet, known, odd):
    """(relation, target) of one tweet."""
    references = {reference["type"]: reference for reference in tweet.get("referenced_tweets", [])}
    mentioned = list(dict.fromkeys(known.mentioned(mention) for mention in mentions_of(tweet)))
    if "retweeted" in references:
        target = known.author(references["retweeted"])
        if target is None and mentioned and tweet["text"].startswith("RT @"):
            odd["reposts_resolved_by_first_mention"] += 1
            target = mentioned[0]
        return named("repost", target, odd)
    events = []
    if "replied_to" in references or "in_reply_to_user_id" in tweet:
        target = tweet.get("in_reply_to_user_id") or known.author(references["replied_to"])
        events += named("reply", target, odd)
    if "quoted" in references:
        events += named("quote", known.author(references["quoted"]), odd)
    addressed = {target for _, target in events}
    return events + [("mention", account) for account in mentioned if account not in addressed]


def named(relation, target, odd):
    if target is None:
        odd[f"unresolved_{relation}"] += 1
        return []
    return [(relation, target)]


def count(path):
    pages, bad_lines = read(path)
    known = Known()
    for page in pages:
        known.learn(page)
    seen, events, odd, duplicates, mentions_by_handle = set(), Counter(), Counter(), 0, 0
    for page in pages:
        for tweet in items_of(page):
            if is_user(tweet):
                continue
            if tweet["id"] in seen:
                duplicates += 1
                continue
            seen.add(tweet["id"])
            mentions_by_handle += sum("id" not in mention for mention in mentions_of(tweet))
            for relation, target in events_of(tweet, known, odd):
                events[(tweet["author_id"], target, relation)] += 1
    return {
        "lines": len(pages) + len(bad_lines),
        "bad_lines": bad_lines,
        "tweets": len(seen),
        "duplicate_tweets": duplicates,
        "mentions_without_id": mentions_by_handle,
    } | summary(known, events, odd)


def summary(known, events, odd):
    keys = {end for source, target, _ in events for end in (source, target)}
    unnumbered = [key for key in keys if not key.isdecimal()]
    return {
        "events": per_relation(events.elements()),
        "events_total": sum(events.values()),
        "edges": per_relation(events),
        "edges_total": len(events),
        "self_loop_edges": per_relation(edge for edge in events if edge[0] == edge[1]),
        "accounts_in_edges": len(keys),
        "accounts_in_edges_without_id": len(unnumbered),
        "accounts_in_edges_or_profiles": len(keys | known.profiles.keys()),
        "profiles": len(known.profiles),
        "reposts_resolved_by_first_mention": odd["reposts_resolved_by_first_mention"],
        "unresolved_references": {key[11:]: n for key, n in sorted(odd.items()) if key.startswith("unresolved_")},
    }


def per_relation(edges):
    return dict(sorted(Counter(relation for _, _, relation in edges).items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    table = {"rules": RULES, "files": {name: count(options.folder / name) for name in FILES}}
    text = json.dumps(table, indent=1) + "\n"
    if options.output:
        options.output.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
