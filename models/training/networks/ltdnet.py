"""DSA-LTDNet: three networks that look at one DSA run (paper, section 2), and every row that leaves some of it out.

frames k-9..k --TDL--> temporal difference --+
key frame k   --LRS--> liver logits ---------+--FFS--> tumour logits
key frame k   -------------------------------+
"""

from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

from networks.motion import CHANNELS
from networks.unet import build

FRAMES = 10


class Answers(NamedTuple):
    """Logits of tumour and liver, and the temporal difference in grey/255, each [N,1,H,W]; None where the row has no
    such network.
    """

    tumour: torch.Tensor | None
    liver: torch.Tensor | None
    difference: torch.Tensor | None


class DsaLtdNet(nn.Module):
    """frames [N,10,H,W], grey/255, oldest first, and motion [N,C,H,W] where the row wants any (motion.py) -> Answers.

    A `half` row looks at 2 x 2 means and enlarges its answers: a quarter of the price, finest detail lost.
    """

    def __init__(self, row):
        super().__init__()
        self.row = row
        self.half = row.half
        helper = "public-unet" if row.network == "public-unet" else "unet"
        self.tdl = build(helper, FRAMES, row.width) if "difference" in row.inputs else None
        self.lrs = build(helper, 1, row.width) if "liver" in row.inputs else None
        inputs = 1 + sum(CHANNELS.get(name, 1) for name in row.inputs)
        self.ffs = None if row.network == "tdl" else build(row.network, inputs, row.width)

    def forward(self, frames, motion=None):
        if not self.half:
            return self.look(frames, motion)
        answers = self.look(functional.avg_pool2d(frames, 2), None if motion is None else functional.avg_pool2d(motion, 2))
        return Answers(*(answer if answer is None else enlarged(answer) for answer in answers))

    def look(self, frames, motion=None):
        """At the networks' own size. In training, a network with deep supervision returns its tumour as
        [N,levels,1,H,W].
        """
        key = frames[:, -1:]
        difference = self.tdl(frames) if self.tdl else None
        liver = self.lrs(key) if self.lrs else None
        if self.ffs is None:
            return Answers(None, None, difference)
        seen = [key, liver, difference, key - frames[:, :1] if "frame difference" in self.row.inputs else None, motion]
        return Answers(self.ffs(torch.cat([part for part in seen if part is not None], dim=1)), liver, difference)


def enlarged(answer):
    return functional.interpolate(answer.float(), scale_factor=2, mode="bilinear", align_corners=False)


def overlap_loss(logits, truth):
    """Half binary cross-entropy, half Dice (equations 2 and 3, a = 0.5)."""
    logits = logits.float()
    entropy = functional.binary_cross_entropy_with_logits(logits, truth)
    probability = logits.sigmoid()
    shared = (probability * truth).sum((1, 2, 3))
    dice = (2 * shared + 1) / (probability.sum((1, 2, 3)) + truth.sum((1, 2, 3)) + 1)
    return 0.5 * entropy + 0.5 * (1 - dice.mean())


def supervised(logits, truth):
    """The loss over all levels of deep supervision, each coarser one with half the weight."""
    levels = [logits] if logits.dim() == 4 else logits.unbind(1)
    shares = [0.5**level for level in range(len(levels))]
    return sum(share * overlap_loss(level, truth) for share, level in zip(shares, levels)) / sum(shares)


def losses(answers, frames, tumour, liver, supervision):
    """The weighted parts of equation 4; their sum is the loss. The target of TDL is I_k - I_(k-9)."""
    parts = {}
    if answers.tumour is not None:
        parts["tumour"] = supervised(answers.tumour, tumour)
    if answers.liver is not None:
        parts["liver"] = overlap_loss(answers.liver, liver)
    if answers.difference is not None and supervision > 0:
        parts["difference"] = supervision * functional.l1_loss(answers.difference.float(), frames[:, -1:] - frames[:, :1])
    return parts
