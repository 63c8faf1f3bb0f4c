"""Prints the key frames and tumour masks of a running angiocast, resumes after a broken connection and survives a restart of the server.

Written from docs/protocol.md alone:  python3 examples/reader.py [ws://127.0.0.1:8080]    Research use only, not a medical device.
"""

import argparse
import asyncio
import contextlib
import functools
import json
import random
import struct
from urllib.parse import urlencode

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, WebSocketException

PROTOCOL, TOPICS, LARGEST = "angiocast.v1", "mask,keyframe,run,stream", 64 * 2**20
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 10.0
BUSY = 429  # too many screens of this address: later there may be room
SILENT_AFTER_S = 3.0  # the server is heard at least once a second
say = functools.partial(print, flush=True)


def decode(data):
    """A message and its payload: text is JSON, binary is a length, JSON and a payload."""
    if isinstance(data, str):
        return json.loads(data), b""
    (length,) = struct.unpack_from("<I", data)
    return json.loads(data[4 : 4 + length]), data[4 + length :]


def decode_mask(width, height, payload):
    """One byte a grid pixel, 0 or 1, row by row, from run lengths as LEB128; they must add up to the grid."""
    grid, value, length, scale = bytearray(), 0, 0, 1
    for byte in payload:
        length += (byte & 127) * scale
        scale *= 128
        if byte < 128:
            grid += bytes([value]) * min(length, width * height + 1 - len(grid))
            value, length, scale = 1 - value, 0, 1
    if len(grid) != width * height or length:
        raise ValueError(f"expected run lengths of {width * height} grid pixels in all, got others")
    return grid


def in_words(mask, payload):
    """The area of a mask in captured pixels, and its lesions."""
    area, tumour = mask["imageArea"], sum(decode_mask(mask["width"], mask["height"], payload))
    pixels = tumour * area["width"] / mask["width"] * area["height"] / mask["height"]
    sizes = [(one["longestDiameterPx"], one["longestDiameterMm"]) for one in mask["lesions"]]
    lesions = ", ".join(f"about {px:.0f} px" if mm is None else f"about {mm:.0f} mm" for px, mm in sizes) or "none"
    return f"{mask['status']} mask, {pixels:.0f} px, lesions: {lesions}"


LINES = {
    "snapshot": lambda said, _: f"{said['state']} {said['reason']}".rstrip(),
    "stream": lambda said, _: f"{said['state']} {said['reason']}".rstrip(),
    "run": lambda said, _: f"run {said['run']} {said['phase']}, {said['acquisitions']} acquisitions",
    "keyframe": lambda said, _: f"run {said['run']} frame {said['frame']}: {said['status']} key frame, {said['lagFrames']} frames later",
    "mask": lambda said, payload: f"run {said['run']} frame {said['frame']}: {in_words(said, payload)}",
    "invalid": lambda said, _: f"run {said['run']} frame {said['frame']}: history, {said['reason']}",
    "loss": lambda said, _: f"lost {said['count']} of {said['topic']}: {said['reason']}",
    "error": lambda said, _: f"error {said['code']}: {said['message']}",
}


class Reader:
    def __init__(self):
        self.epoch = None
        self.last = {}  # of each stream, the number to resume from
        self.told = {}  # of each stream, the greatest number printed: what a snapshot repeats is not printed again

    def query(self):
        since = [("since", f"{stream}:{seq}") for stream, seq in self.last.items()]
        return urlencode([("topics", TOPICS), *since, ("epoch", self.epoch or "")])

    def hear(self, data):
        message, payload = decode(data)
        kind, stream, seq = message["type"], message["stream"], message["seq"]
        if kind == "hello":
            if message["epoch"] != self.epoch:
                self.epoch, self.last, self.told = message["epoch"], {}, {}
            return say(f"connected to {message['server']}: {', '.join(row['id'] for row in message['streams'])}")
        if stream is not None:
            self.last[stream] = seq if kind == "snapshot" else max(seq, self.last.get(stream, 0))
            if kind != "snapshot" and seq <= self.told.get(stream, -1):
                return
            self.told[stream] = max(seq, self.told.get(stream, -1))
        if kind in LINES:  # a later server may say more
            say(f"{stream or 'server'}: {LINES[kind](message, payload)}")


def why(response):
    """What a refusal says: the server's are JSON; a proxy before it may answer with anything."""
    try:
        return json.loads(response.body)["error"]["message"]
    except (KeyError, TypeError, ValueError):
        return response.reason_phrase


async def read(url, token):
    reader, pause = Reader(), FIRST_PAUSE_S
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    while True:
        try:
            async with connect(f"{url}/ws?{reader.query()}", subprotocols=[PROTOCOL], additional_headers=headers, max_size=LARGEST) as socket:
                while True:
                    try:
                        data = await asyncio.wait_for(socket.recv(), SILENT_AFTER_S)
                    except TimeoutError:
                        say("no answer from the server: it is silent")
                        continue
                    pause = FIRST_PAUSE_S
                    try:
                        reader.hear(data)
                    except (KeyError, TypeError, ValueError, struct.error) as wrong:
                        say(f"a message makes no sense: {wrong}")
        except ConnectionClosed:
            say("the server closed the connection")
        except InvalidStatus as refused:
            say(f"refused with {refused.response.status_code}: {why(refused.response)}")
            if refused.response.status_code < 500 and refused.response.status_code != BUSY:
                raise SystemExit(1) from None  # it will not do better the next time
        except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as broken:
            say(f"no connection: {broken}")
        await asyncio.sleep(pause * random.uniform(0.8, 1.2))
        pause = min(LONGEST_PAUSE_S, pause * 2)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Prints the key frames and tumour masks of a running angiocast.")
    arguments.add_argument("url", nargs="?", default="ws://127.0.0.1:8080")
    arguments.add_argument("--token", help="where the server requires one")
    options = arguments.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(read(options.url.rstrip("/"), options.token))
