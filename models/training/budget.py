"""How long a training may take. The time of an epoch on another machine is not known beforehand: it is measured as the epochs go by."""

import time

ENDING = 3.0


class Budget:
    """`seconds` of wall-clock time from now; None: any time. `done`: how much of the training (0..1) was over before, for one that goes on."""

    def __init__(self, seconds=None, done=0.0):
        self.seconds, self.done, self.began, self.paces = seconds, done, time.monotonic(), {}

    @property
    def elapsed(self):
        return time.monotonic() - self.began

    @property
    def progress(self):
        """0..1; without limit always 0."""
        if self.seconds is None:
            return 0.0
        return min(1.0, self.done + (1 - self.done) * self.elapsed / max(self.seconds, 1e-3))

    def note(self, what, seconds):
        """Remembers how long an epoch, a validation or writing a checkpoint took."""
        self.paces.setdefault(what, []).append(seconds)

    @property
    def another_fits(self):
        """Whether one more epoch can end in time, validated and written, each as slow as the slowest so far. The first epoch of a process also
        warms up, and is left out once there are others. A twentieth of the time, 3 seconds at most, is kept for the curves."""
        if self.seconds is None:
            return True
        slowest = {what: max(paces[1:] or paces) for what, paces in self.paces.items()}
        slowest.setdefault("validation", slowest.get("epoch", 0.0))
        writing = slowest.get("checkpoint", 0.0)  # once more: of the epoch that has just ended
        return self.elapsed + sum(slowest.values()) + writing <= self.seconds - min(ENDING, 0.05 * self.seconds)
