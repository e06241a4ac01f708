#!/usr/bin/env bash
# Fuzzes every target for so many seconds: tests/fuzz/run.sh [SECONDS [TARGET...]]. Works on the stable toolchain: coverage without sanitizers.
# A crash ends the run; the file that made it lies in tests/fuzz/artifacts and, once mended, goes into tests/fuzz/corpus.
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
        tail -n 40 "$scratch/log"
        exit 1
    fi
    grep 'stat::number_of_executed_units' "$scratch/log"
done
echo "no crash in ${#targets[@]} targets"
