#!/usr/bin/env bash
# Gathers what a bare GPU machine needs (docs/gpu.md, "A bare machine for a quarter of an hour") into out/gpu:
#
#   out/gpu/load-1   Node, the built program with its packages and its model, the training scripts, a Vulkan loader
#   out/gpu/load-2   ffmpeg, ONNX Runtime's CUDA provider for one GPU generation with its Python package, MONAI
#   out/gpu/run.sh   what to start there
#
# Two loads, because one transfer to such a machine may be small: each is refused above --limit MiB.
# Needs Linux x64, npm, python3 with pip, and access to the npm, PyPI and Debian registries.
set -euo pipefail

usage='usage: scripts/gpu/pack.sh [--limit MIB] [--cuda-arch 90] [--python 3.12] [--without-cuda] [--quick]'
limit=50 arch=90 python=3.12 cuda=true preset=9e
while [ $# -gt 0 ]; do
  case $1 in
    --limit) limit=${2:?$usage}; shift 2 ;;
    --cuda-arch) arch=${2:?$usage}; shift 2 ;;
    --python) python=${2:?$usage}; shift 2 ;;
    --without-cuda) cuda=false; shift ;;
    --quick) preset=0; shift ;; # larger loads, for a test
    *) echo "$usage" >&2; exit 2 ;;
  esac
done
if [ "$(uname -sm)" != 'Linux x86_64' ]; then echo 'pack.sh: needs Linux x64: the packages it gathers are of the machine it runs on' >&2; exit 2; fi

cd "$(dirname "$0")/../.."
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
out=out/gpu
rm -rf "$out"/load-1 "$out"/load-2
mkdir -p "$out"/load-1 "$out"/load-2

# archive LOAD NAME PATH…: paths below the stage, compressed for x64 code.
archive() {
  local file="$out/$1/$2.tar.xz"
  shift 2
  tar -C "$stage" --owner=0 --group=0 -cf - "$@" | xz --x86 --lzma2=preset=$preset,dict=64MiB >"$file"
}

npm run --silent build
node scripts/bench.mjs --build gpu-inference
mkdir -p "$stage/program" "$stage/node"
cp package.json package-lock.json .npmrc "$stage/program/"
(cd "$stage/program" && npm ci --silent --omit=dev --ignore-scripts --no-audit --no-fund)
cp -r dist "$stage/program/"
mkdir -p "$stage/program/models" "$stage/program/scripts"
cp -r models/dsa-ltdnet models/training "$stage/program/models/"
cp -r scripts/gpu "$stage/program/scripts/"
rm -rf "$stage/program/package-lock.json" "$stage/program/.npmrc"
find "$stage/program/models" "$stage/program/scripts" -type d -name __pycache__ -prune -exec rm -rf {} +
modules=$stage/program/node_modules
find "$modules/onnxruntime-node/bin" -mindepth 2 -maxdepth 2 ! -path '*/linux' -exec rm -rf {} +
rm -rf "$modules"/onnxruntime-node/bin/*/linux/arm64 "$modules"/fluent-ffmpeg/docs "$modules"/rxjs/{src,dist/esm*,dist/types,dist/bundles}
find "$stage/program" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.tsbuildinfo' -o -name '*.md' \) \
  ! -path '*/models/*' -delete

install -m 755 "$(node -p process.execPath)" "$stage/node/node"
if command -v strip >/dev/null; then strip -s "$stage/node/node"; fi
archive load-1 node node &
packing_node=$!

# The loader is small; the driver comes with the machine.
if command -v apt-get >/dev/null && (cd "$stage" && apt-get download -q libvulkan1 >/dev/null 2>&1); then
  dpkg -x "$stage"/libvulkan1_*.deb "$stage/vulkan"
  rm -rf "$stage/vulkan/usr/share"
  archive load-1 vulkan vulkan
else
  echo 'pack.sh: no libvulkan1 to be had from apt-get: the machine must bring its own Vulkan loader' >&2
fi

ffmpeg=program/node_modules/@ffmpeg-installer/linux-x64/ffmpeg
chmod 755 "$stage/$ffmpeg"
archive load-2 ffmpeg "$ffmpeg"
rm "$stage/$ffmpeg"
archive load-1 program program
wait "$packing_node"

if $cuda; then
  # The wheel of the same version: its provider libraries fit onnxruntime-node's library.
  version=$(node -p "require('onnxruntime-node/package.json').version")
  pip() { python3 -m pip --disable-pip-version-check "$@" >&2; }
  pip download -q --no-deps --only-binary=:all: --python-version "$python" --implementation cp \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 -d "$stage/wheels" "onnxruntime-gpu==$version"
  pip install -q --root-user-action ignore --target "$stage/tools" zstandard==0.25.0
  python3 -m zipfile -e "$stage"/wheels/onnxruntime_gpu-*.whl "$stage/wheel"
  mkdir -p "$stage/cuda"
  mv "$stage/wheel/onnxruntime" "$stage/cuda/onnxruntime"
  capi=$stage/cuda/onnxruntime/capi
  rm -rf "$capi"/libonnxruntime.so.* "$stage"/cuda/onnxruntime/{tools,transformers,quantization}
  PYTHONPATH=$stage/tools python3 scripts/gpu/slim_cuda.py "$capi/libonnxruntime_providers_cuda.so" "$arch"
  native=program/node_modules/onnxruntime-node/bin/napi-v6/linux/x64
  mkdir -p "$stage/$native"
  links=()
  for library in "$capi"/libonnxruntime_providers_*.so; do
    links+=("$native/${library##*/}")
    ln -s "../../../../../../../cuda/onnxruntime/capi/${library##*/}" "$stage/${links[-1]}"
  done
  archive load-2 cuda cuda/onnxruntime "${links[@]}"
  requirement=$(grep '^monai==' models/training/requirements.txt)
  pip install -q --root-user-action ignore --no-deps --no-compile --target "$stage/monai" "$requirement"
  mkdir -p "$stage/python"
  mv "$stage/monai/monai" "$stage/python/monai"
  archive load-2 monai python/monai
fi

cp scripts/gpu/run.sh "$out/run.sh"
status=0
for load in load-1 load-2; do
  bytes=$(cat "$out/$load"/* | wc -c)
  (cd "$out" && ls -l "$load"/* | awk '{ printf "  %-28s %6.1f MiB\n", $NF, $5 / 1048576 }')
  awk -v load="$load" -v bytes="$bytes" 'BEGIN { printf "%-30s %6.1f MiB\n", load, bytes / 1048576 }'
  if [ "$bytes" -gt $((limit * 1048576)) ]; then echo "pack.sh: $load is above the limit of $limit MiB" >&2; status=1; fi
done
exit $status
