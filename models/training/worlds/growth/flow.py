"""Time courses of contrast: an injection, delayed and dispersed by a cascade of exponentials (gamma distribution)."""

import numpy as np
from scipy import special

TICK = 0.05
CLOCK = np.arange(0, 40, TICK)


class Bolus:
    """An injection of some seconds, with the pulse of the heart, and the times of the acquisitions (seconds)."""

    def __init__(self, rng, times, start, tempo):
        self.times = times
        self.tempo = tempo  # stretches all times: short runs are taken of fast circulations
        seconds = rng.uniform(1.0, 2.7) * tempo
        edge = rng.uniform(0.05, 0.3)
        box = special.expit((CLOCK - start) / edge) - special.expit((CLOCK - start - seconds) / edge)
        beat = rng.uniform(0.9, 1.6)
        pulse = 1 + rng.uniform(0, 0.25) * np.sin(2 * np.pi * (beat * CLOCK + rng.random()))
        self.inlet = box * pulse

    def sampled(self, kernel):
        return np.interp(self.times, CLOCK, np.convolve(self.inlet, kernel)[: len(CLOCK)])

    def arterial(self, delay, order):
        """Concentration at a transit time downstream, 1 for undiluted contrast: half the delay is pure, half a cascade."""
        scale = max(0.04, 0.5 * delay / order)
        passed = special.gammainc(order, np.maximum(0, CLOCK - 0.5 * delay) / scale)
        return self.sampled(np.diff(passed, prepend=0))

    def stain(self, delay, filling, washout, order=2):
        """Contrast held by tissue that fills within some seconds after the delay, and washes out; its highest value is 1."""
        late = np.maximum(0, CLOCK - delay)
        entered = special.gammainc(order, order * late / filling)
        left = special.gammainc(order, order * late / (filling + washout))
        course = np.convolve(self.inlet, entered - left)[: len(CLOCK)]
        return np.interp(self.times, CLOCK, course / course.max())
