"""From contrast to the picture: breath, misregistered anatomy, noise before and after the subtraction, and post-processing."""

import cv2
import numpy as np
from scipy import fft

from .fields import MARGIN, PICTURE, SIZE, STEP_X, STEP_Y, X, Y, blurred, fractal, smoothstep, to_canvas

CUT = slice(MARGIN, MARGIN + PICTURE)


def breath(rng, times):
    """Displacement of the diaphragm (source pixels down) and of the body (x, y) at each time, against the mask frame."""
    kind = rng.choice(["held", "drift", "late", "free"], p=[0.4, 0.3, 0.15, 0.15])
    span = times[-1] - times[0]
    move = rng.uniform(-1, 1) * np.cumsum(rng.normal(0, 0.4, len(times)))
    if kind == "drift":
        move = move + rng.normal(0, 14) * (times / span) ** rng.uniform(0.6, 3)
    if kind == "late":
        move = move + rng.choice([-1, 1]) * rng.uniform(12, 40) * smoothstep((times / span - rng.uniform(0.4, 0.9)) / 0.25)
    if kind == "free":
        phase = 2 * np.pi * (times / rng.uniform(3, 5.5) + rng.random())
        move = move + rng.uniform(6, 22) * (np.sin(phase) - np.sin(phase[0]))
    body = np.cumsum(rng.normal(0, rng.uniform(0, 0.5), (len(times), 2)), 0)
    if rng.random() < 0.2:
        body[rng.integers(3, len(times)) :] += rng.normal(0, 5, 2)
    return move, body


def skeleton(rng, look):
    """Log attenuation of spine and ribs, which move with the body."""
    s = look.scale
    centre, width = look.at(rng.uniform(540, 640), 0)[0], s * rng.uniform(55, 75)
    across = np.abs(X - centre - 12 * np.sin(Y / 400)) / width
    level = np.cos(2 * np.pi * (Y / (s * rng.uniform(95, 130)) + rng.random()))
    spine = smoothstep((1 + 0.1 * np.abs(level) - across) / 0.3) * (0.75 + 0.25 * smoothstep((level + 0.9) / 0.3))
    spine = rng.uniform(0.3, 1) * (spine + 0.4 * np.exp(-((across / 0.15) ** 2)) * (level > 0.3))
    clarity = np.clip(0.5 + 0.5 * fractal(rng, 2.0, 500), 0.1, 1.4)
    ribs = np.zeros_like(X)
    pitch, slope, bow = s * rng.uniform(70, 105), rng.uniform(0.2, 0.6), rng.uniform(0.0004, 0.0009)
    for side in (-1, 1):
        away = np.maximum(0, side * (X - centre))
        height = (Y - slope * away + bow * away**2) / pitch + rng.random()
        wave = np.abs(height - np.round(height)) * pitch
        rib = smoothstep((rng.uniform(9, 16) * s - wave) / rng.uniform(6, 14)) * smoothstep((away - width) / 40)
        ribs += rng.uniform(0, 0.4) * clarity * rib
    return ((spine + ribs) * (1 + 0.06 * fractal(rng, 0.9, 60))).astype(np.float32)


def soft_anatomy(rng, liver, organs):
    """Log attenuation of what moves with the breath: lung above the diaphragm, liver edge, gas in stomach and bowel."""
    columns = np.arange(SIZE)
    known = np.flatnonzero(liver.mask.any(0))
    top = np.interp(columns, known, np.argmax(liver.mask, 0)[known]) if len(known) else np.full(SIZE, 40.0)
    first, last = (known[0], known[-1]) if len(known) else (0, SIZE)
    top = top + rng.uniform(1, 2.5) * np.maximum(0, first - columns)  # down the chest wall
    beyond = np.maximum(0, columns - last + 25)  # the left diaphragm
    top = top + rng.uniform(0, 0.5) * beyond - rng.uniform(0, 18) * np.sin(beyond * rng.uniform(0.02, 0.05))
    top = cv2.GaussianBlur(top.astype(np.float32)[None], (0, 0), 7)[0]
    sharp = np.clip(5 + 4 * fractal(rng, 2.0, 500)[SIZE // 2], 2, 14)
    lung = smoothstep((top[None] - columns[:, None].astype(np.float32)) / sharp + 0.5)
    field = -rng.uniform(0.4, 1.0) * lung + rng.uniform(0.05, 0.2) * (blurred(liver.mask.astype(np.float32), 5))
    for organ in organs:
        if organ.kind in ("stomach", "colon") and rng.random() < 0.6:
            bubbles = smoothstep((fractal(rng, 2.3, 180) + rng.uniform(-1.2, 0.2)) / 0.5)
            field = field - rng.uniform(0.15, 0.6) * bubbles * smoothstep((1.05 - organ.rho) / 0.15)
    return field.astype(np.float32)


ROW, COLUMN = np.meshgrid(*[np.arange(MARGIN, MARGIN + PICTURE, dtype=np.float32)] * 2, indexing="ij")


def displaced(fields, dx, dy, flags):
    """The canvases moved by (dx, dy) source pixels, float32 arrays, cut to the picture."""
    column, row = COLUMN - dx * np.float32(1 / STEP_X), ROW - dy * np.float32(1 / STEP_Y)
    return [cv2.remap(field, column, row, flag, borderMode=cv2.BORDER_REPLICATE) for field, flag in zip(fields, flags)]


def shifted(field, dx, dy):
    """The canvas moved as a whole, cut to the picture."""
    move = np.array([[1, 0, MARGIN - dx / STEP_X], [0, 1, MARGIN - dy / STEP_Y]], np.float32)
    return cv2.warpAffine(field, move, (PICTURE, PICTURE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


def quantum(rng, number):
    """Noise of the projections [number, 256, 256], deviation 1, with a spectrum of the detector's blur drawn per patient."""
    frequency = np.hypot(fft.fftfreq(PICTURE)[:, None] / STEP_Y, fft.rfftfreq(PICTURE)[None] / STEP_X) * STEP_X
    cut, order = rng.uniform(0.1, 0.5), rng.uniform(1, 4)
    shape = 1 / (1 + (frequency / cut) ** order) + rng.uniform(0, 0.3) * np.exp(-((frequency / 0.05) ** 2))
    shape[0, 0] = 0
    spectrum = fft.rfft2(rng.standard_normal((number, PICTURE, PICTURE), np.float32))
    noise = fft.irfft2(spectrum * shape.astype(np.float32), s=(PICTURE, PICTURE))
    return noise / noise[0].std()


def catheter(rng, route):
    """Log attenuation of the catheter, about 1.7 mm wide, along a route [k, 2] in source pixels."""
    canvas = np.zeros(X.shape, np.uint8)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(route, axis=0).T) + 1e-6)])
    marks = np.arange(0, along[-1], 8.0)
    route = np.stack([np.interp(marks, along, route[:, axis]) for axis in (0, 1)], 1)
    for _ in range(15):  # a catheter is stiffer than the artery
        route[1:-1] = 0.5 * route[1:-1] + 0.25 * (route[:-2] + route[2:])
    points = np.stack(to_canvas(route[:, 0], route[:, 1]), -1)
    cv2.polylines(canvas, [np.round(points * 16).astype(np.int32)], False, 255, 1, cv2.LINE_AA, 4)
    return rng.uniform(0.15, 0.6) * cv2.GaussianBlur(canvas.astype(np.float32) / 255, (0, 0), 0.6)


def blades(rng):
    """The share of the picture that the collimator leaves open, 0 to 1 with blurred edges."""
    x, y = X[CUT, CUT] / 1021 * 2 - 1, Y[CUT, CUT] / 788 * 2 - 1
    kind = rng.choice(["none", "box", "corners", "circle"], p=[0.55, 0.2, 0.15, 0.1])
    open_ = np.ones_like(x)
    if kind == "box":
        for side in (x, -x, y, -y):
            if rng.random() < 0.5:
                open_ *= smoothstep((rng.uniform(0.72, 1) - side) / 0.02)
    if kind == "corners":
        open_ = smoothstep((rng.uniform(1.45, 1.8) - np.abs(x) - np.abs(y)) / 0.03)
    if kind == "circle":
        open_ = smoothstep((rng.uniform(0.98, 1.25) - np.hypot(x, y)) / 0.02)
    return open_.astype(np.float32)


def developed(rng, density, attenuation):
    """Frames uint8 from log-subtracted density [n, 256, 256] (1: the largest artery, about) and the anatomy's attenuation."""
    number = len(density)
    level = float(np.exp(rng.uniform(np.log(0.007), np.log(0.04))))
    glare = rng.uniform(0, 0.12)
    spread = np.exp(0.5 * (rng.uniform(0.3, 0.9) * attenuation + 0.4 * np.maximum(density, 0)))
    mask_noise, noise = np.split(quantum(rng, number + 1), [1])
    fixed = rng.uniform(0.1, 0.6)
    density = density + level * spread * (noise + fixed * mask_noise)
    density = density + rng.normal(0, rng.uniform(0.001, 0.008), (number, 1, 1)).astype(np.float32)
    memory, sharpen = rng.uniform(0, 0.5) * (rng.random() < 0.5), rng.uniform(0, 1.4) * (rng.random() < 0.6)
    width = rng.uniform(0.8, 2.5)
    grey, black = rng.uniform(125, 215), rng.uniform(0, 40)
    gain, gamma = rng.uniform(0.8, 1.6), float(np.exp(rng.normal(0, 0.22)))
    open_, shut = blades(rng), float(rng.choice([0, 40, 200, 255]))
    tilt = rng.uniform(-0.03, 0.03) * (X[CUT, CUT] / 510 - 1) + rng.uniform(-0.03, 0.03) * (Y[CUT, CUT] / 394 - 1)
    out, last = np.zeros((number, PICTURE, PICTURE), np.uint8), density[0]
    for n in range(number):
        last = memory * last + (1 - memory) * density[n]
        image = last + tilt - glare * cv2.resize(cv2.blur(cv2.resize(last, (64, 64)), (15, 15)), (PICTURE, PICTURE))
        if sharpen:
            image = image + sharpen * (image - cv2.GaussianBlur(image, (0, 0), width))
        lit = np.clip(1 - gain * image, 0, 1.6) ** gamma
        shown = black + (grey - black) * lit
        shown = shown * open_ + (1 - open_) * (shut + 2 * noise[n])
        out[n] = np.clip(np.round(shown), 0, 255)
    return out
