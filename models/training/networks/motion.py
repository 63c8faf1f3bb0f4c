"""Classical motion between acquisition k-9 and key frame k (paper, table 2), by OpenCV."""

import cv2
import numpy as np

CHANNELS = {"optical flow": 2, "background subtraction": 1}
FLOW_UNIT = 10


def optical_flow(stack):
    """Farneback's dense flow from the first to the last image, [2,H,W] (dx, dy) in units of 10 pixels."""
    flow = cv2.calcOpticalFlowFarneback(
        stack[0], stack[-1], None, pyr_scale=0.5, levels=3, winsize=15, iterations=3, poly_n=5, poly_sigma=1.2, flags=0
    )
    return flow.transpose(2, 0, 1) / FLOW_UNIT


def background_subtraction(stack):
    """Last image minus the background that a mixture of Gaussians (MOG2) learned from the earlier images, [1,H,W] in
    grey/255.

    Not MOG2's foreground mask, which is all but empty for a DSA run at the usual four standard deviations.
    """
    subtractor = cv2.createBackgroundSubtractorMOG2(history=len(stack), detectShadows=False)
    for image in stack[:-1]:
        subtractor.apply(image)
    return (stack[-1].astype(np.float32) - subtractor.getBackgroundImage())[None] / 255


COMPUTED = {"optical flow": optical_flow, "background subtraction": background_subtraction}


def motion(stack, inputs):
    """The motion that `inputs` names, for a uint8 stack [10,H,W]: float16 [C,H,W] in that order, or None."""
    parts = [COMPUTED[name](stack) for name in inputs if name in COMPUTED]
    return np.concatenate(parts).astype(np.float16) if parts else None
