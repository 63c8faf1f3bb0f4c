"""Keeps of a CUDA library's device code what one GPU generation needs for convolutional networks, in place.

    python3 slim_cuda.py libonnxruntime_providers_cuda.so 90

The code of other generations, and kernels of attention and of mixtures of experts (CUTLASS, flash attention), are overwritten with zeros, which
compress to nothing. Headers stay, so the library loads as before; a kernel that is gone fails by name when it is launched. The layout is that of
cuda's fatbinary.h: containers in section .nv_fatbin, each a header and entries of device code, compressed with zstd.
"""

import re
import struct
import sys
from pathlib import Path

MAGIC = 0xBA55ED50
SECTION = b".nv_fatbin\0"
# Template instances of these make up most of the library; a U-Net's operators use none of them.
UNUSED = re.compile(rb"cutlass|flash|fmha")
ZSTD = b"\x28\xb5\x2f\xfd"


def section(elf):
    """Offset and size of .nv_fatbin in a 64-bit ELF file. Raises ValueError where there is none."""
    if elf[:5] != b"\x7fELF\x02":
        raise ValueError("expected a 64-bit ELF file")
    (start,) = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", elf, start + n * size) for n in range(count)]
    for entry in sections:
        name = sections[names][4] + entry[0]
        if elf[name : name + len(SECTION)] == SECTION:
            return entry[4], entry[5]
    raise ValueError("expected device code in a section .nv_fatbin, found none")


def entries(elf, start, end):
    """(architecture, offset, size) of each piece of device code between two offsets."""
    at = start
    while at + 16 <= end:
        magic, _, header, size = struct.unpack_from("<IHHQ", elf, at)
        if magic != MAGIC:
            at += 4  # padding
            continue
        entry, at = at + header, at + header + size
        while entry < at:
            _, _, head, length = struct.unpack_from("<HHIQ", elf, entry)
            (architecture,) = struct.unpack_from("<I", elf, entry + 28)
            yield architecture, entry + head, length
            entry += head + length


def unused(code):
    """Whether every kernel of this device code is one that a U-Net does not launch."""
    if code[:4] == ZSTD:
        import zstandard  # only where there is something compressed

        code = zstandard.ZstdDecompressor().decompressobj().decompress(code)
    kernels = set(re.findall(rb"\.text\.([\w.$]+)", code))
    return bool(kernels) and all(UNUSED.search(name) for name in kernels)


def slim(elf, architecture):
    """Zeroes in a bytearray what is not needed; bytes of device code before and after. Raises ValueError for an architecture that is not there."""
    offset, size = section(elf)
    found = list(entries(elf, offset, offset + size))
    there = sorted({each[0] for each in found})
    if architecture not in there:
        raise ValueError(f"expected device code for one of {', '.join(map(str, there))}, asked for {architecture}")
    before = after = 0
    for each, at, length in found:
        before += length
        if each != architecture or unused(bytes(elf[at : at + length])):
            elf[at : at + length] = bytes(length)
        else:
            after += length
    return before, after


def main():
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    path = Path(sys.argv[1])
    try:
        elf = bytearray(path.read_bytes())
        before, after = slim(elf, int(sys.argv[2]))
    except (OSError, ValueError, struct.error) as problem:
        sys.exit(f"{path}: {problem}")
    path.write_bytes(elf)
    print(f"{path.name}: {before / 2**20:.0f} MiB of device code, kept {after / 2**20:.0f}")


if __name__ == "__main__":
    main()
