"""Which tumours of a simulated run can be seen. People mark no others, and nobody should be taught or judged by what cannot be seen."""

import numpy as np
from scipy import ndimage

GROUP = 3  # frames that are averaged, as the eye does in a moving picture
GROUPS = 3  # up to the key frame
LEAST = 1.0


def visible(frames, lesions, key, count):
    """For each tumour whether it stands out from its surroundings in the frames up to the key frame, boolean [count].

    frames, lesions: uint8 [n,256,256], n + 1 on the n-th tumour. Standing out: in one of the last three means of three
    frames each, the mean inside differs from that of the ring around it by the deviation of the ring, smoothed by a pixel.
    """
    best = np.zeros(count)
    for last in range(key, max(-1, key - GROUP * GROUPS), -GROUP):
        group = range(max(0, last - GROUP + 1), last + 1)
        image, map_ = ndimage.gaussian_filter(frames[group].mean(0), 1.0), lesions[group[len(group) // 2]]
        for number, box in enumerate(ndimage.find_objects(map_, max_label=count)):
            if box is not None:
                best[number] = max(best[number], contrast(image, map_, number + 1, box))
    return best >= LEAST


def contrast(image, lesions, number, box):
    """The distance of the means inside a tumour and around it, in deviations around it; 0 where nothing else is around it."""
    reach = 2 + round(0.3 * max(part.stop - part.start for part in box))
    wider = tuple(slice(max(0, part.start - reach - 1), part.stop + reach + 1) for part in box)
    image, inside, tumour = image[wider], lesions[wider] == number, lesions[wider] > 0
    ring = ndimage.binary_dilation(inside, iterations=reach) & ~ndimage.binary_dilation(inside) & ~tumour
    return abs(image[inside].mean() - image[ring].mean()) / max(0.5, image[ring].std()) if ring.any() else 0.0
