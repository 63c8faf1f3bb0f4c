#!/usr/bin/env bash
# Runs on a bare GPU machine what pack.sh gathered (docs/gpu.md, "A bare machine for a quarter of an hour"):
#
#   run.sh unpack                     unpacks what has arrived; the other commands do that too
#   run.sh inference [--minutes 3]    providers, latencies, the whole program
#   run.sh train     [--minutes 9]    trains and exports; more arguments go to train.py (--rows, --widths, ...)
#   run.sh home                       the next files that did not fit the last trip home
#
# Results go to $OUT, else to out/gpu/results, as soon as they exist. Each command ends within its minutes.
# ANGIOCAST_GPU_WORK (default /tmp/angiocast-gpu) keeps what is unpacked and what a training that was cut goes on from.
# Needs python3, with torch and onnx for `train`; no Node and no network.
set -euo pipefail

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
case ${1:-} in unpack | inference | train | home) command=$1; shift ;; *) usage ;; esac
minutes=''
rest=()
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=${2:-}; [[ $minutes =~ ^[0-9]+([.][0-9]+)?$ ]] || usage; shift 2 ;;
    *) rest+=("$1"); shift ;;
  esac
done
seconds() { awk -v minutes="$1" 'BEGIN { printf "%d", minutes * 60 }'; }

here=$(cd "$(dirname "$0")" && pwd)
if [ -d "$here/load-1" ]; then loads=$here; else loads=$(cd "$here/../.." && pwd)/out/gpu; fi
work=${ANGIOCAST_GPU_WORK:-/tmp/angiocast-gpu}
results=${OUT:-$loads/results}
mkdir -p "$work" "$results"

# Archives that are as they were stay unpacked. Python unpacks xz everywhere.
unpacked() {
  local archive name waiting=()
  for archive in "$loads"/load-*/*.tar.xz; do
    [ -e "$archive" ] || continue
    name=$work/.$(basename "$archive" .tar.xz)
    if [ "$(cat "$name" 2>/dev/null)" = "$(cksum <"$archive")" ]; then continue; fi
    (python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter="tar")' "$archive" "$work" &&
      cksum <"$archive" >"$name") &
    waiting+=($!)
  done
  for archive in "${waiting[@]}"; do wait "$archive"; done
  if [ ! -x "$work/node/node" ] || [ ! -e "$work/program/dist/main.node.js" ]; then
    echo "run.sh: no program in $work: copy out/gpu/load-1 here, as scripts/gpu/pack.sh made it" >&2
    exit 2
  fi
}

# Where the loader finds CUDA (as Python's torch brings it) and Vulkan, and which driver Vulkan takes.
libraries() {
  local cuda icd
  cuda=$(python3 -c '
import glob, os, sys
found = {os.path.dirname(path) for folder in sys.path for path in glob.glob(folder + "/nvidia/*/lib/*.so*")}
print(":".join(sorted(found)))')
  export LD_LIBRARY_PATH=$work/vulkan/usr/lib/x86_64-linux-gnu${cuda:+:$cuda}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  for icd in /usr/share/vulkan/icd.d /etc/vulkan/icd.d /usr/local/nvidia/share/vulkan/icd.d; do
    if [ -z "${VK_DRIVER_FILES:-}" ] && [ -e "$icd/nvidia_icd.json" ]; then export VK_DRIVER_FILES=$icd/nvidia_icd.json; fi
  done
  if [ -n "${VK_DRIVER_FILES:-}" ]; then export VK_ICD_FILENAMES=$VK_DRIVER_FILES; fi
}

unpacked
libraries
export PYTHONPATH=$work/python${PYTHONPATH:+:$PYTHONPATH}
# The packed onnxruntime-gpu is for one version of Python; elsewhere it would hide the machine's own.
if PYTHONPATH=$work/cuda python3 -c 'import onnxruntime.capi._pybind_state' 2>/dev/null; then PYTHONPATH=$work/cuda:$PYTHONPATH; fi

case $command in
  unpack) echo "unpacked into $work" ;;
  inference)
    allowed=$(seconds "${minutes:-3}")
    timeout -k 5 "$allowed" "$work/node/node" "$work/program/dist/bench/gpu-inference.js" \
      --out "$results" --work "$work" --seconds $((allowed - 10)) "${rest[@]}"
    ;;
  train)
    timeout -k 5 "$(seconds "${minutes:-9}")" python3 "$work/program/scripts/gpu/train.py" \
      --node "$work/node/node" --program "$work/program" --work "$work" --out "$results" --minutes "${minutes:-9}" "${rest[@]}"
    ;;
  home)
    # In order of name, as much as one trip takes: 7 files, 60 MiB.
    sent=0 bytes=0
    for file in "$work"/home/*; do
      [ -f "$file" ] || continue
      bytes=$((bytes + $(stat -c %s "$file")))
      if [ $sent -eq 7 ] || [ $bytes -gt $((60 * 1048576)) ]; then break; fi
      mv "$file" "$results/"
      sent=$((sent + 1))
    done
    echo "$sent files in $results, $(find "$work/home" -type f 2>/dev/null | wc -l) left"
    ;;
esac
