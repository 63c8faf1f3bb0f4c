"""Augmentation that varies structure, not style: what lies in a picture beside the tumours, and the tumours themselves.

A network that has seen one simulator takes every dark patch of an even liver for a tumour. Here stains of healthy liver, vessels,
misregistration and noise vary far beyond any simulator, each with its own course over the ten frames, so that shape, course and border must tell a tumour from a stain.
Labels stay true: what is added and is no tumour leaves them alone; a tumour that is added is labelled.

Lengths are in widths of the image, grey values in grey/255, times in acquisitions before the key frame, which is the last of the stack.
"""

import math

import torch
from torch.nn import functional

FAINTEST = 0.02  # opacification of a tumour that can be seen
ASPECT = 1021 / 788  # a circle of the source is this much higher than wide in the square image


def restructured(frames, tumour, liver, draw):
    """frames [N,T,H,W] in grey/255 and labels [N,1,H,W] of 0..1 -> frames and tumour. All random numbers come from `draw` (augment.Draw)."""
    used = draw.now_and_then(0.85)  # some patients stay as they were
    organ = softened(liver, 5)
    changed = vessels_changed(frames, draw)
    changed = tumours_changed(changed, tumour, draw)
    changed = changed - stains(organ, frames.shape[1], draw)
    changed, added = tumours_added(changed, liver, draw)
    changed = changed + misregistration(frames, draw)
    changed = noise_changed(changed, draw)
    return frames + used * (changed - frames), torch.maximum(tumour, used * added)


def stains(organ, count, draw):
    """Opacification that is no tumour: [N,T,H,W], positive where it darkens."""
    size = organ.shape[-2:]
    everywhere = organ + (1 - organ) * draw.now_and_then(0.3) * draw(0, 0.7)
    total = 0.0
    # Uneven perfusion: from one slope over the organ to twenty cells across.
    total = total + strength(draw, 0.7, 0.07) * field(draw, size, 0.7, 10) * organ * course(draw, count)
    total = total + strength(draw, 0.4, 0.04) * field(draw, size, 6, 24) * everywhere * course(draw, count)
    # The whole organ at once.
    total = total + strength(draw, 0.4, 0.12) * organ * course(draw, count)
    # Patches, from soft to bordered.
    for share in (0.6, 0.4):
        patch = torch.sigmoid((field(draw, size, 1.5, 10) - draw(0.4, 1.8)) / log_draw(draw, 0.03, 0.8))
        total = total + strength(draw, share, 0.13) * patch * organ * course(draw, count)
    # Territories and wedges of a branch.
    total = total + strength(draw, 0.4, 0.12) * wedge(draw, size) * organ * course(draw, count)
    # Organs over and beside the liver: large, smooth-edged, often with a darker wall.
    for share in (0.3, 0.3):
        total = total + strength(draw, share, 0.12) * neighbour(draw, size) * course(draw, count)
    # Blots about as large as tumours but drawn out, angular or shapeless.
    total = total + strength(draw, 0.4, 0.12) * blot(draw, size) * everywhere * course(draw, count)
    return total


def strength(draw, share, largest):
    """[N,1,1,1]: 0 but for `share` of the samples; small more often than large; one in four of them brightens."""
    sign = 1 - 2 * draw.now_and_then(0.25)
    return draw.now_and_then(share) * sign * largest * draw(0, 1) ** 1.5


def course(draw, count):
    """How far something has filled in each frame, [N,T,1,1], 0..1: early, late or throughout; now and then it fades again."""
    time = torch.arange(count, device=draw.generator.device).view(1, -1, 1, 1) - (count - 1)
    begin, rise = draw(-16, -0.5), log_draw(draw, 0.6, 8)
    filled = ((time - begin) / rise).clamp(0, 1)
    filled = filled * filled * (3 - 2 * filled)
    fading = torch.exp(-(time - begin - rise - draw(0, 4)).clamp(min=0) / log_draw(draw, 1.5, 15))
    fades = draw.now_and_then(0.35)
    return filled * (fades * fading + 1 - fades)


def log_draw(draw, low, high):
    return torch.exp(draw(math.log(low), math.log(high)))


def field(draw, size, fewest, most):
    """A random field of mean 0 and deviation 1, [N,1,H,W], with between `fewest` and `most` cells across, smooth to fractal."""
    white = torch.randn((draw.count, 1, *size), generator=draw.generator, device=draw.generator.device)
    frequency = frequencies(size, white.device)
    fall = (1 + (frequency / log_draw(draw, fewest, most)) ** 2) ** (-0.5 * draw(2.2, 4.5))
    fall[..., 0, 0] = 0
    image = torch.fft.irfft2(torch.fft.rfft2(white) * fall, s=size)
    return image / image.std((-2, -1), keepdim=True).clamp(min=1e-6)


def frequencies(size, device):
    """Cycles per image of each coefficient of rfft2, [1,1,H,W/2+1]."""
    rows = torch.fft.fftfreq(size[0], 1 / size[0], device=device)[:, None]
    columns = torch.fft.rfftfreq(size[1], 1 / size[1], device=device)[None]
    return torch.sqrt(rows**2 + columns**2)[None, None]


def places(size, device):
    """x and y of the pixels' centres, 0..1, [1,1,1,W] and [1,1,H,1]."""
    x, y = ((torch.arange(n, device=device) + 0.5) / n for n in (size[1], size[0]))
    return x.view(1, 1, 1, -1), y.view(1, 1, -1, 1)


def wedge(draw, size):
    """A sector that opens from a point, with an uneven border, hard to soft."""
    x, y = places(size, draw.generator.device)
    across, down = x - draw(0.2, 0.8), (y - draw(0.2, 0.8)) / ASPECT
    turned = torch.atan2(down, across) + 0.25 * draw(0, 1) * field(draw, size, 1.5, 6)
    off = torch.remainder(turned - draw(-math.pi, math.pi) + math.pi, 2 * math.pi) - math.pi
    return torch.sigmoid((draw(0.15, 1.1) - off.abs()) / log_draw(draw, 0.01, 0.3))


def neighbour(draw, size):
    """An organ: a large bent ellipse, 0.15 to 0.6 across, filled or with a wall."""
    depth, radius = bent_ellipse(draw, size, 0.07, 0.3, 2.5)
    body = torch.sigmoid(depth / (radius * log_draw(draw, 0.02, 0.3)))
    wall = torch.exp(-((depth / (radius * draw(0.05, 0.3))) ** 2))
    walled = draw.now_and_then(0.5)
    return walled * (0.4 * body + 0.6 * wall) + (1 - walled) * body


def blot(draw, size):
    """Up to as large as a tumour, but at least twice as long as wide or with a ragged border."""
    depth, radius = bent_ellipse(draw, size, 0.01, 0.06, 6, least=2)
    return torch.sigmoid((depth + 0.3 * radius * draw(0, 1) * field(draw, size, 8, 30)) / (radius * log_draw(draw, 0.05, 0.8)))


def bent_ellipse(draw, size, smallest, largest, longest, least=1):
    """The depth below the border of an ellipse that is bent, negative outside, and its smaller radius."""
    x, y = places(size, draw.generator.device)
    across, down, angle = x - draw(0.05, 0.95), (y - draw(0.05, 0.95)) / ASPECT, draw(0, math.pi)
    radius, long = log_draw(draw, smallest, largest), draw(least, longest)
    along = torch.cos(angle) * across + torch.sin(angle) * down
    aside = torch.cos(angle) * down - torch.sin(angle) * across + draw(-0.6, 0.6) * along**2 / (radius * long)
    return radius * (1 - torch.sqrt((along / (radius * long)) ** 2 + (aside / radius) ** 2 + 1e-9)), radius


def tumours_added(frames, liver, draw, most=3):
    """Draws up to three more tumours into the liver of half the samples: round to lobed, with rim, necrosis, texture; rich or poor in blood.

    Returns the frames and the label of what was added and can be seen in any frame.
    """
    size = frames.shape[-2:]
    added = torch.zeros_like(liver)
    for _ in range(most):
        depth, radius = lobed_disc(draw, liver)
        drawn = draw.now_and_then(0.3) * (liver.amax((2, 3), keepdim=True) > 0.5)
        body = torch.sigmoid(depth / log_draw(draw, 0.001, 0.008))
        thickness = (1 - (1 - depth / radius).clamp(0, 1) ** 2).clamp(min=0) ** 0.5
        flat = draw.now_and_then(0.4)
        body = body * (flat + (1 - flat) * (0.3 + 0.7 * thickness))
        body = body * (1 - draw.now_and_then(0.3) * draw(0.3, 1) * torch.sigmoid((depth - radius * draw(0.25, 0.7)) / (0.12 * radius)))
        body = body + draw.now_and_then(0.3) * draw(0.2, 1) * torch.exp(-((depth / (radius * draw(0.06, 0.2))) ** 2)) * (depth > -0.3 * radius)
        body = body * (1 + draw(0, 0.5) * field(draw, size, 8, 40))
        poor = draw.now_and_then(0.25)
        contrast = poor * draw(-0.08, 0.03) + (1 - poor) * log_draw(draw, 0.03, 0.28)
        opacified = contrast * course(draw, frames.shape[1])
        frames = frames - drawn * opacified * body
        seen = (opacified.abs().amax(1, keepdim=True) > FAINTEST).float()
        added = torch.maximum(added, drawn * seen * (depth * size[1] + 0.5).clamp(0, 1))
    return frames, added * (liver > 0.5)


def lobed_disc(draw, liver):
    """The depth below the border of a lobed disc whose centre lies in the liver, negative outside, and its radius."""
    count, _, height, width = liver.shape
    inside = (liver > 0.5).flatten(1).float() + 1e-9
    centre = torch.multinomial(inside, 1, generator=draw.generator).view(count, 1, 1, 1)
    x, y = places((height, width), liver.device)
    across, down = x - (centre % width + 0.5) / width, (y - (centre // width + 0.5) / height) / ASPECT
    angle, distance = torch.atan2(down, across), torch.sqrt(across**2 + down**2)
    radius, lobed = log_draw(draw, 0.006, 0.085), draw(0, 1) ** 2
    border = 1.0
    for waves in (2, 3, 4, 5, 7):
        border = border + lobed * draw(0, 0.5) / waves * torch.cos(waves * angle + draw(0, 2 * math.pi))
    return radius * border - distance, radius


def tumours_changed(frames, tumour, draw):
    """The tumours that are there, with less or more of their opacification, and now and then a rim."""
    inside = softened(tumour, 3)
    filled = frames - frames[:, :1]
    rim = (softened(tumour, 7) - inside).abs()
    change = draw.now_and_then(0.4) * draw(-0.5, 0.6) * inside + draw.now_and_then(0.15) * draw(0, 1.5) * rim
    return frames + change * filled


def vessels_changed(frames, draw):
    """Narrow dark structures faded, strengthened or thickened."""
    narrow = (narrow_structures(frames) - draw(0.01, 0.05)).clamp(min=0)
    thickened = draw.now_and_then(0.2)
    shown = draw(-0.9, 0.8) * narrow * (1 - thickened) + draw(0.1, 0.7) * largest(narrow, 1) * thickened
    return frames - draw.now_and_then(0.6) * shown


def narrow_structures(frames):
    """How much darker than their surroundings dark structures up to four pixels wide are: what closing by 5 x 5 pixels fills."""
    return -largest(-largest(frames, 2), 2) - frames


def largest(images, reach):
    """The maximum of the square of 2 * reach + 1 pixels round each pixel; on the CPU much faster than max_pool2d."""
    for axis in (-1, -2):
        padding = (reach, reach, 0, 0) if axis == -1 else (0, 0, reach, reach)
        wide = functional.pad(images, padding, mode="replicate")
        parts = [wide.narrow(axis, offset, images.shape[axis]) for offset in range(2 * reach + 1)]
        images = parts[0]
        for part in parts[1:]:
            images = torch.maximum(images, part)
    return images


def misregistration(frames, draw):
    """Edges that movement against the mask image leaves: bone, gas and diaphragm of a made-up anatomy that shifts from frame to frame."""
    count, size = frames.shape[1], frames.shape[-2:]
    smooth = field(draw, size, 2, 14)
    bordered = draw.now_and_then(0.6)
    anatomy = bordered * torch.sigmoid((smooth - draw(-0.5, 1)) / log_draw(draw, 0.03, 0.3)) + (1 - bordered) * 0.3 * smooth
    where = torch.sigmoid((field(draw, size, 0.8, 3) + draw(-1, 2)) / 0.3)
    rows, columns = torch.gradient(anatomy, dim=(-2, -1))
    moved = [movement(draw, count) for _ in range(2)]
    return draw.now_and_then(0.5) * draw(0, 0.5) ** 2 * where * (rows * moved[0] + columns * moved[1]) * (size[1] / 128)


def movement(draw, count):
    """A displacement in each frame, [N,T,1,1]: drift and breathing of up to about two pixels of 128."""
    time = torch.arange(count, device=draw.generator.device).view(1, -1, 1, 1)
    return draw(-1.5, 1.5) * torch.sin(time * draw(0.1, 1.2) + draw(0, 6.3)) + draw(-1, 1) * time / count + draw(-0.5, 0.5)


def noise_changed(frames, draw):
    """Noise of another spectrum, stronger where it is dark or bright, and now and then a recursive filter over time."""
    white = torch.randn(frames.shape, generator=draw.generator, device=frames.device)
    frequency = frequencies(frames.shape[-2:], frames.device) / frames.shape[-1]
    coloured = draw.now_and_then(0.7)
    fall = coloured * torch.exp(-((frequency / draw(0.08, 0.6)) ** 2)) + 1 - coloured
    noise = torch.fft.irfft2(torch.fft.rfft2(white) * fall, s=frames.shape[-2:])
    noise = noise / noise.std((-2, -1), keepdim=True).clamp(min=1e-6)
    frames = frames + draw.now_and_then(0.4) * draw(0, 0.03) * noise * (1 + draw(-1, 1) * (frames - 0.5))
    kept = draw.now_and_then(0.25) * draw(0.1, 0.6)
    shown = [frames[:, :1]]
    for frame in frames[:, 1:].split(1, dim=1):
        shown.append(kept * shown[-1] + (1 - kept) * frame)
    return torch.cat(shown, 1)


def softened(mask, pixels):
    return functional.avg_pool2d(mask, pixels, stride=1, padding=pixels // 2, count_include_pad=False)
