"""The contrast medium: injection, a chain of mixing vessels for the arteries, and one compartment per territory.

Units: seconds, ml, mg of iodine per ml (of blood in vessels, of tissue in tissue). Flows are ml of arterial blood per ml of tissue and
second: in healthy liver 0.003 to 0.006, in a hypervascular carcinoma some times that, as perfusion CT finds. The values are the author's.
"""

from dataclasses import dataclass

import numpy as np

STEP = 0.05
LAYERS = 14  # of arteries, by time of arrival
SITES = ("coeliac", "common", "proper", "right", "left", "segment")


@dataclass
class Injection:
    times: np.ndarray  # of the acquisitions, seconds, the run's first is 0
    start: float
    site: str
    arteries: np.ndarray  # [steps, LAYERS] mg/ml
    gap: float  # seconds from layer to layer
    heart: float  # beats per second


def inject(rng):
    """Rate, duration, delay and dilution, and how the bolus travels along the arteries."""
    rate_of_pictures = rng.choice([2, 2, 2.5, 3, 3, 3, 4, 4, 5, 7.5])
    count = int(rng.integers(20, 31)) if rate_of_pictures < 4 else int(rng.integers(26, 31))
    times = np.arange(count) / rate_of_pictures
    start = times[int(rng.integers(1, 5))] + rng.uniform(0, 0.4)
    if times[-1] - start < 3.5:
        start = min(start, max(times[-1] * 0.2, times[1]))
    site = rng.choice(SITES, p=[0.24, 0.24, 0.22, 0.14, 0.06, 0.1])
    rate = rng.uniform(3, 6) if site in ("coeliac", "common") else rng.uniform(1, 3.5)
    blood = rng.uniform(4, 9) if site in ("coeliac", "common") else rng.uniform(1.2, 5)
    lasts = min(rng.uniform(1, 3.5), (times[-1] - start) * rng.uniform(0.2, 0.5))
    heart = rng.uniform(0.9, 1.7)
    t = np.arange(0, times[-1] + 2 * STEP, STEP)
    pump = rate * np.clip((t - start) / rng.uniform(0.15, 0.6), 0, 1) * np.clip(1 - (t - start - lasts) / rng.uniform(0.2, 0.9), 0, 1)
    pulse = 1 + rng.uniform(0.1, 0.5) * np.sin(2 * np.pi * heart * t + rng.uniform(0, 6)) ** 3
    mixed = rng.uniform(220, 370) * pump / (pump + blood * pulse)
    gap = rng.uniform(0.05, 0.13)
    chain = np.zeros((len(t), LAYERS))
    now = np.zeros(LAYERS)
    for i, fresh in enumerate(mixed):
        now = now + STEP / max(gap, STEP * 1.2) * (np.r_[fresh, now[:-1]] - now)
        chain[i] = now
    return Injection(times, start, str(site), chain, gap, heart)


@dataclass
class Tissues:
    """One entry per compartment."""
    flow: np.ndarray  # ml of arterial blood per ml and s
    transit: np.ndarray  # seconds until blood leaves
    layer: np.ndarray  # of arteries that it drinks from
    delay: np.ndarray  # seconds later than that
    leak: np.ndarray  # share per second that stays in the tissue


def fill(injection, tissues):
    """Iodine in the tissues and in what flows out of them, [acquisitions, compartments] each, mg per ml of tissue."""
    t = np.arange(len(injection.arteries)) * STEP
    inflow = np.stack([
        np.interp(t - delay, t, injection.arteries[:, layer], left=0)
        for layer, delay in zip(np.clip(tissues.layer, 0, LAYERS - 1).astype(int), tissues.delay)
    ], 1) * tissues.flow
    blood, kept, vein = (np.zeros(inflow.shape[1]) for _ in range(3))
    out, late = np.zeros_like(inflow), np.zeros_like(inflow)
    for i, fresh in enumerate(inflow):
        leaves, leaks = blood / tissues.transit, blood * tissues.leak
        vein = vein + STEP * (leaves - vein / 3.0)
        kept = kept + STEP * leaks
        blood = blood + STEP * (fresh - leaves - leaks)
        out[i], late[i] = blood + kept, vein
    at = np.clip(np.round(injection.times / STEP).astype(int), 0, len(t) - 1)
    return out[at], late[at]


def arterial_curves(injection):
    at = np.clip(np.round(injection.times / STEP).astype(int), 0, len(injection.arteries) - 1)
    return injection.arteries[at]


def supply(rng, site, segments, right, left):
    """How much of the injected blood each segment gets, 0 to 1, with variant anatomy and reflux; and which other trunks fill, 0 to 1."""
    share = np.ones(segments)
    if site in ("coeliac", "common", "proper"):
        if rng.random() < 0.13:  # right hepatic artery from the superior mesenteric artery
            share[list(right)] = rng.uniform(0, 0.15)
        elif rng.random() < 0.1:  # left hepatic artery from the left gastric artery
            share[[6, 7]] = rng.uniform(0, 1) if site == "coeliac" else rng.uniform(0, 0.1)
    else:
        side = list(right) + [8] if site == "right" else list(left)
        if site == "segment":
            side = list(rng.choice(list(right if rng.random() < 0.75 else left), rng.integers(1, 3), replace=False))
        reflux = rng.uniform(0, 0.35) if rng.random() < 0.3 else rng.uniform(0, 0.04)
        share[:] = reflux
        share[side] = 1
    trunks = {"coeliac": 1.0, "common": rng.uniform(0, 0.5) if rng.random() < 0.4 else 0.0}.get(site, 0.0)
    duodenal = {"coeliac": 1.0, "common": 1.0, "proper": rng.uniform(0, 0.7) if rng.random() < 0.4 else 0.0}.get(site, 0.0)
    return share * np.exp(rng.normal(0, 0.12, segments)), trunks, duodenal
