#!/bin/sh
# A simulated angiography suite as an RTSP feed: demo-feed.sh RTSP-URL [CASES [SEED]]. Simulates patients, makes one video of them, each run followed by a
# last image hold, and sends it over and over. Needs node, the built angiocast and an ffmpeg with libx264; writes to a new folder of /tmp.
set -eu
url=$1 cases=${2:-3} seed=${3:-1}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT

node dist/main.node.js phantom --out "$work/patients" --cases "$cases" --seed "$seed"
for video in "$work"/patients/*/run.mkv; do
  # As a monitor shows it: 30 pictures a second, the run, then its last image for six seconds.
  part="$work/$(basename "$(dirname "$video")").mp4"
  ffmpeg -v error -nostdin -y -i "$video" \
    -vf 'tpad=stop_mode=clone:stop_duration=6,fps=30,scale=1280:1024:force_original_aspect_ratio=decrease,pad=1280:1024:(ow-iw)/2:(oh-ih)/2,format=yuv420p' \
    -c:v libx264 -preset veryfast -crf 16 -g 30 -bf 0 -tune zerolatency "$part"
  echo "file '$part'" >>"$work/list.txt"
done
rm -rf "$work/patients"
echo "sending $cases runs to $url, over and over"
# In the background, so that a signal ends both at once.
ffmpeg -v error -nostdin -re -stream_loop -1 -f concat -safe 0 -i "$work/list.txt" -c copy -f rtsp -rtsp_transport tcp "$url" &
feed=$!
trap 'kill "$feed" 2>/dev/null; wait "$feed" || true; exit 143' TERM INT
wait "$feed"
