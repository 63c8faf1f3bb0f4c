"""The moving average of a model's weights over training: steadier than any one step; validated, evaluated and
exported.
"""

from copy import deepcopy

import torch


class Average:
    """Exponential moving average of weights and batch-norm statistics over the steps of a training. After n steps the
    decay is at most (1 + n) / (10 + n), so that a short training is not held back by its random initial weights.

    torch.optim.swa_utils.AveragedModel has no such warm-up, and copies its step count to the GPU at each step.
    """

    def __init__(self, model, decay):
        self.model, self.decay, self.steps = deepcopy(model).eval().requires_grad_(False), decay, 0
        pairs = list(zip(self.model.state_dict().values(), model.state_dict().values(), strict=True))
        self.numbers = tuple(zip(*(pair for pair in pairs if pair[0].is_floating_point()), strict=True))
        self.counts = tuple(zip(*(pair for pair in pairs if not pair[0].is_floating_point()), strict=True))

    @torch.no_grad()
    def update(self):
        """Adds the model's weights after one more step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(*self.numbers, 1 - decay)
        if self.counts:
            torch._foreach_copy_(*self.counts)

    def state_dict(self):
        return {"steps": self.steps, "model": self.model.state_dict()}

    def load_state_dict(self, state):
        self.steps = state["steps"]
        self.model.load_state_dict(state["model"])
