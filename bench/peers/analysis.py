"""What both peers do with a picture: its image area, grey, averaged to 256x256; where that differs from the picture before, the bundled model on the last ten."""

from collections import deque

import cv2
import numpy as np
import onnxruntime

SIZE = 256
STACK = 10
# Mean grey levels per pixel. Repeats differ by what the codec left, acquisitions by their noise.
NEW = 1.0
DARK = 3.0


class Analysis:
    def __init__(self, model: str, area: str) -> None:
        self.x, self.y, self.width, self.height = map(int, area.split(","))
        self.session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        self.stack: deque[np.ndarray] = deque(maxlen=STACK)
        self.before = np.zeros((SIZE, SIZE), np.uint8)
        self.looked = 0

    def look(self, picture: np.ndarray, at: float) -> None:
        """`at`: when it was captured, in seconds since the epoch, as far as the peer can tell."""
        self.looked += 1
        image = picture[self.y : self.y + self.height, self.x : self.x + self.width]
        grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        difference = float(cv2.absdiff(grey, self.before).mean())
        self.before = grey
        if difference < NEW or grey.mean() < DARK:
            return
        print(f"new {1000 * at:.1f}", flush=True)
        self.stack.append(grey)
        if len(self.stack) == STACK:
            frames = np.stack(self.stack)[None].astype(np.float32) / 255
            self.session.run(None, {self.session.get_inputs()[0].name: frames})
            print("mask", flush=True)
