"""Random fields on the canvas: the 256 x 256 picture with a margin on every side, so that breath can move it.

Lengths are in pixels of the 1021 x 788 source picture; a canvas pixel is STEP_X x STEP_Y of them.
"""

import cv2
import numpy as np
from scipy import fft

PICTURE, MARGIN = 256, 16
SIZE = PICTURE + 2 * MARGIN
STEP_X, STEP_Y = 1021 / PICTURE, 788 / PICTURE
Y, X = np.meshgrid(
    ((np.arange(SIZE) - MARGIN + 0.5) * STEP_Y).astype(np.float32),
    ((np.arange(SIZE) - MARGIN + 0.5) * STEP_X).astype(np.float32),
    indexing="ij",
)
HALF = SIZE // 2
FREQUENCY = np.hypot(
    fft.fftfreq(HALF, 2 * STEP_Y)[:, None], fft.rfftfreq(HALF, 2 * STEP_X)[None]
).astype(np.float32)


def to_canvas(x, y):
    """Source pixels -> canvas pixels, column and row."""
    return np.asarray(x) / STEP_X - 0.5 + MARGIN, np.asarray(y) / STEP_Y - 0.5 + MARGIN


def enlarge(field):
    return cv2.resize(field.astype(np.float32), (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)


def unit(field):
    field = field - field.mean()
    return field / (np.sqrt(np.vdot(field, field) / field.size) + np.float32(1e-6))


def filtered(rng, amplitude):
    """White noise at half resolution, multiplied by an amplitude per frequency: mean 0, deviation 1."""
    noise = fft.rfft2(rng.standard_normal((HALF, HALF), np.float32))
    return unit(fft.irfft2(noise * amplitude, s=(HALF, HALF)).astype(np.float32))


def fractal(rng, slope, longest=700.0, whole=True):
    """Fractal noise, amplitude frequency^-slope, flat above the longest wavelength (source pixels); else at half resolution."""
    field = filtered(rng, np.maximum(FREQUENCY, np.float32(1 / longest)) ** np.float32(-slope))
    return enlarge(field) if whole else field


def pattern(rng, wavelength, steps=4):
    """Spots and stripes as of reaction and diffusion, -1 to 1.

    A band of frequencies is amplified and saturated again and again, the linear instability and the cubic limit of a Turing
    pattern (Swift and Hohenberg 1977).
    """
    band = np.exp(-0.5 * ((FREQUENCY * wavelength - 1) / 0.3) ** 2).astype(np.float32)
    field = filtered(rng, band)
    for _ in range(steps):
        field = np.tanh(1.6 * field)
        field = unit(fft.irfft2(fft.rfft2(field) * (0.3 + band), s=field.shape))
    return enlarge(np.tanh(field))


def waves(rng, points, shortest, longest, count=10):
    """A smooth random function of points [..., d]: cosines in random directions, deviation about 1."""
    points = np.asarray(points, np.float32)
    direction = rng.standard_normal((count, points.shape[-1]))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    length = np.exp(rng.uniform(np.log(shortest), np.log(longest), count))
    wave = (2 * np.pi * direction / length[:, None]).astype(np.float32)
    phase = rng.uniform(0, 2 * np.pi, count).astype(np.float32)
    return np.cos(points @ wave.T + phase).sum(-1) * np.float32(np.sqrt(2 / count))


def blurred(field, sigma):
    """Gaussian blur, sigma in source pixels."""
    return cv2.GaussianBlur(field, (0, 0), max(0.3, sigma / STEP_X), sigmaY=max(0.3, sigma / STEP_Y))


def smoothstep(value):
    value = np.clip(value, 0, 1)
    return value * value * (3 - 2 * value)
