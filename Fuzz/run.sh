#!/bin/bash
# Fuzz the readers of Sources/Checkpoints with libFuzzer and AddressSanitizer.
#
#   bash Fuzz/run.sh SECONDS [READER...]
#
# Readers: torch-zip torch-legacy pickle safetensors npy npz json (all of them without an argument).
# Each runs for SECONDS, two at a time (FUZZ_JOBS). Work and new inputs stay in FUZZ_WORK
# (.build/fuzz); an input that crashes, hangs or takes too much memory is kept there and the exit
# status is 1. Files of the shared fixtures are an additional corpus where they are present.
set -euo pipefail
seconds=${1:?usage: Fuzz/run.sh SECONDS [READER...]}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
readers=("$@")
[ ${#readers[@]} -gt 0 ] || readers=(torch-zip torch-legacy pickle safetensors npy npz json)
work=${FUZZ_WORK:-$root/.build/fuzz}
shared=${CERTIFY_SHARED:-$root/../shared}/file-fixtures
jobs=${FUZZ_JOBS:-2}
mkdir -p "$work/seeds" "$work/corpus" "$work/crashes" "$work/logs"

sources=$(find "$root/Sources/Checkpoints" -name '*.swift' | sort)
common=(-swift-version 6 -wmo -O -parse-as-library -package-name certify -D FUZZING
  -I "$root/Sources/CZlib" -use-ld=lld)
echo "building the harness" >&2
# shellcheck disable=SC2086
swiftc "${common[@]}" -sanitize=fuzzer,address -module-name Harness $sources \
  "$root/Fuzz/Harness.swift" -o "$work/harness"
swiftc "${common[@]}" -module-name Seeds \
  "$root/Tests/CheckpointsTests/Builders.swift" "$root/Fuzz/Seeds.swift" -o "$work/make-seeds"
"$work/make-seeds" "$work/seeds"

fuzz() {
  local reader=$1 extra=()
  mkdir -p "$work/corpus/$reader"
  ln -sf harness "$work/fuzz-$reader"
  case $reader in torch-zip | torch-legacy | safetensors | npy | npz)
    [ -d "$shared/good" ] && extra=("$shared/good" "$shared/bad") ;;
  esac
  "$work/fuzz-$reader" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -max_len=8192 \
    -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$work/crashes/$reader-" \
    "$work/corpus/$reader" "$work/seeds/$reader" "${extra[@]}" >"$work/logs/$reader" 2>&1 </dev/null
}

status=0
running=()
wait_for_one() {
  local reader=${running[0]%%:*} process=${running[0]##*:}
  running=("${running[@]:1}")
  local result=passed
  wait "$process" || { result="FAILED (see $work/logs/$reader)"; status=1; }
  local executions speed coverage
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/logs/$reader")
  speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$work/logs/$reader")
  coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$work/logs/$reader" | tail -1)
  printf '%-14s %12s executions %8s/s  coverage %6s  %s\n' \
    "$reader" "${executions:-?}" "${speed:-?}" "${coverage:-?}" "$result"
}
for reader in "${readers[@]}"; do
  [ ${#running[@]} -lt "$jobs" ] || wait_for_one
  fuzz "$reader" &
  running+=("$reader:$!")
done
while [ ${#running[@]} -gt 0 ]; do wait_for_one; done
exit $status
