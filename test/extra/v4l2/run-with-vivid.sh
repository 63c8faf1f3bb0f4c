#!/usr/bin/env bash
# Runs a command on a machine that has V4L2 capture cards, without having any: a virtual machine boots Debian's kernel with its `vivid`
# driver, sees this machine's files read-only over 9p, runs the command in the repository and hands its output and exit status back.
#
#   run-with-vivid.sh SECONDS COMMAND…
#
# /dev/video0 is a webcam-like card (several sizes), /dev/video1 an HDMI one (1280x720 at 60 per s). Works under plain emulation.
# Needs: qemu-system-x86 busybox-static kmod cpio, and a kernel package, which is unpacked, not installed.
set -euo pipefail

if [ $# -lt 2 ]; then echo "usage: $0 SECONDS COMMAND..." >&2; exit 2; fi
seconds=$1; shift
repository=$(cd "$(dirname "$0")/../../.." && pwd)
cache=${ANGIOCAST_VIVID_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/angiocast-vivid}

missing=()
command -v qemu-system-x86_64 >/dev/null || missing+=(qemu-system-x86)
command -v cpio >/dev/null || missing+=(cpio)
[ -x /bin/busybox ] || [ -x /usr/bin/busybox ] || missing+=(busybox-static)
PATH=$PATH:/usr/sbin:/sbin
command -v modprobe >/dev/null || missing+=(kmod)
if [ ${#missing[@]} -gt 0 ]; then echo "missing: apt-get install --no-install-recommends ${missing[*]}" >&2; exit 3; fi

# The kernel, unpacked once.
if [ ! -e "$cache/release" ]; then
  mkdir -p "$cache/unpacked"
  package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: //p' | head -1)
  if [ -z "$package" ]; then echo 'no linux-image-amd64 in the package lists: run apt-get update' >&2; exit 3; fi
  (cd "$cache" && apt-get download -q "$package" 2>/dev/null && dpkg-deb -x "$package"_*.deb unpacked && rm "$package"_*.deb)
  depmod -b "$cache/unpacked" "${package#linux-image-}"
  echo "${package#linux-image-}" >"$cache/release"
fi
release=$(cat "$cache/release")

# The first file system: busybox, the modules in the order in which they load, and the command.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/root/{bin,dev,proc,sys,host,modules}
cp "$(command -v busybox)" "$work/root/bin/busybox"
for module in virtio_pci virtio_rng 9pnet_virtio 9p vivid; do
  modprobe -d "$cache/unpacked" -S "$release" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' >"$work/order"
while read -r module; do
  cp "$module" "$work/root/modules/"
  basename "$module" >>"$work/root/modules/order"
done <"$work/order"
{
  printf 'cd %q\n' "$repository"
  printf 'export PATH=%q HOME=/dev/shm TMPDIR=/dev/shm XDG_RUNTIME_DIR=/dev/shm\n' "$PATH"
  for name in FFMPEG_PATH ANGIOCAST_SAMPLE_DATA; do if [ -n "${!name:-}" ]; then printf 'export %s=%q\n' "$name" "${!name}"; fi; done
  printf 'exec'
  printf ' %q' "$@"
  printf '\n'
} >"$work/root/command.sh"
cat >"$work/root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec </dev/null >/dev/console 2>&1
for module in $(cat /modules/order); do
  options=
  [ "$module" = vivid.ko ] && options='n_devs=2 node_types=0x1,0x1 num_inputs=1,1 input_types=0x0,0x3 no_error_inj=1'
  insmod /modules/$module $options || echo "could not load $module"
done
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=1048576 host /host || echo 'no files of the host'
mount -o bind /dev /host/dev
mount -t proc proc /host/proc
mount -t sysfs sys /host/sys
mkdir -p /dev/shm /dev/pts
mount -t tmpfs shm /dev/shm
mount -o bind /dev/shm /host/dev/shm
ip link set lo up
cp /command.sh /dev/shm/command.sh
echo '=== the machine is up ==='
chroot /host /bin/bash /dev/shm/command.sh
echo "=== ended with status $? ==="
poweroff -f
INIT
chmod +x "$work/root/init"
(cd "$work/root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initramfs.gz"

status=0
timeout --foreground -k 5 "$seconds" qemu-system-x86_64 \
  -nodefaults -no-user-config -no-reboot -nographic -machine q35 -accel "${ANGIOCAST_VM_ACCEL:-tcg,thread=multi}" -cpu max -smp 2 -m 2048 \
  -kernel "$cache/unpacked/boot/vmlinuz-$release" -initrd "$work/initramfs.gz" \
  -append 'console=ttyS0 quiet panic=-1 tsc=unstable mitigations=off' -serial stdio -monitor none \
  -object rng-random,filename=/dev/urandom,id=rng -device virtio-rng-pci,rng=rng \
  -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=host,mount_tag=host \
  </dev/null 2>"$work/qemu.log" | tr -d '\r' | tee "$work/output" || status=${PIPESTATUS[0]}

ended=$(sed -n 's/^=== ended with status \([0-9]*\) ===$/\1/p' "$work/output" | tail -1)
if [ -z "$ended" ]; then
  echo "the machine did not come to an end within $seconds s (qemu: $status): $(head -3 "$work/qemu.log")" >&2
  exit 4
fi
exit "$ended"
