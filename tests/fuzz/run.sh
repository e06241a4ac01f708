#!/usr/bin/env bash
# Fuzzes every target for so many seconds: tests/fuzz/run.sh [SECONDS [TARGET...]]. Works on the stable toolchain: coverage without sanitizers.
# The first crash, hang or excess of memory ends the run and names the target and the file that made it; once mended, that file goes into tests/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds="${1:-30}"
shift || true
cargo fuzz --version > /dev/null 2>&1 || cargo install cargo-fuzz --locked
if [ $# -gt 0 ]; then targets=("$@"); else mapfile -t targets < <(cargo fuzz list --fuzz-dir tests/fuzz); fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for target in "${targets[@]}"; do
    # What is found on the way stays out of the committed corpus.
    mkdir -p "$scratch/$target"
    cp tests/fuzz/corpus/"$target"/* "$scratch/$target"/
    echo "== $target, $seconds s"
    if ! cargo fuzz run -s none --fuzz-dir tests/fuzz "$target" "$scratch/$target" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=1 > "$scratch/log" 2>&1; then
        grep -A 1 'panicked at\|ERROR: libFuzzer\|^error' "$scratch/log" | cut -c 1-300 || tail -n 40 "$scratch/log"
        artifact=$(sed -n 's/.*Test unit written to //p' "$scratch/log" | tail -n 1)
        if [ -n "$artifact" ]; then
            echo "$target: failed on $artifact" >&2
            echo "again: cargo fuzz run -s none --fuzz-dir tests/fuzz $target $artifact" >&2
        else
            echo "$target: did not build or did not run" >&2
        fi
        exit 1
    fi
    grep 'stat::number_of_executed_units' "$scratch/log"
done
echo "no crash in ${#targets[@]} targets"
