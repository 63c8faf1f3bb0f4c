"""Vessels that grow towards random attraction points, by space colonisation (Runions, Lane and Prusinkiewicz 2007), in 3-D.

A twig grows from the node nearest to an attraction point, towards the mean of the points it is nearest to; reached points vanish.
Radii follow Murray's law from the flow that the leaves take, so that parents carry what their branches take.
"""

import cv2
import numpy as np

from .fields import SIZE, STEP_X, STEP_Y, to_canvas, waves

TRUNK = 9  # the group of the nodes outside the organs, which are smoothed more and call no growth


class Tree:
    """position [k, 3] in source pixels (x, y, depth), parent [k] (-1: root), flow, radius, delay (seconds from the root)."""

    def __init__(self):
        self.position, self.parent, self.group, self.birth = (np.zeros((0, 3)), np.zeros(0, int), np.zeros(0, int), np.zeros(0, int))
        self.generation = 0

    def add(self, position, parent, group):
        """Adds nodes of one generation; returns their numbers."""
        first = len(self.parent)
        position = np.atleast_2d(position)
        self.position = np.concatenate([self.position, position])
        self.parent = np.concatenate([self.parent, np.broadcast_to(parent, len(position))])
        self.group = np.concatenate([self.group, np.broadcast_to(group, len(position))])
        self.birth = np.concatenate([self.birth, np.full(len(position), self.generation)])
        self.generation += 1
        return np.arange(first, len(self.parent))

    def path(self, start, points, group, step):
        """A trunk from a node (or -1) along a smooth curve by way of the points; returns the number of its last node."""
        if start >= 0:
            points = np.concatenate([self.position[start : start + 1], points])
        fine = np.linspace(0, len(points) - 1, 40)
        line = np.stack([np.interp(fine, np.arange(len(points)), points[:, axis]) for axis in range(3)], 1)
        for _ in range(10):
            line[1:-1] = 0.5 * line[1:-1] + 0.25 * (line[:-2] + line[2:])
        along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        marks = np.linspace(0, along[-1], max(2, int(along[-1] / step) + 1))[0 if start < 0 else 1 :]
        for mark in marks:
            start = self.add([np.interp(mark, along, line[:, axis]) for axis in range(3)], start, group)[-1]
        return int(start)

    def grow(self, rng, points, groups, step, influence, rounds=90):
        """Grows towards the points [m, 3]; a point calls only nodes of its own group."""
        points, groups = points.astype(np.float32), groups.astype(int)
        best, nearest = np.full(len(points), np.inf, np.float32), np.zeros(len(points), int)
        fresh = np.arange(len(self.parent))
        alive = np.ones(len(points), bool)
        for turn in range(rounds):
            there = self.position[fresh].astype(np.float32)
            gap = (points**2).sum(1)[:, None] + (there**2).sum(1) - 2 * points @ there.T
            gap[groups[:, None] != self.group[None, fresh]] = np.inf
            closest = gap.argmin(1)
            distance = gap[np.arange(len(points)), closest]
            nearer = distance < best
            best[nearer], nearest[nearer] = distance[nearer], fresh[closest[nearer]]
            alive &= best > step**2
            points, groups, best, nearest, alive = points[alive], groups[alive], best[alive], nearest[alive], alive[alive]
            reach = (influence * (1 + 3 * (turn > 50))) ** 2
            calls = np.flatnonzero(best < reach)
            if not len(calls):
                calls = np.flatnonzero(np.isfinite(best))
                if not len(calls):
                    break
            pull = points[calls] - self.position[nearest[calls]]
            pull /= np.linalg.norm(pull, axis=1, keepdims=True)
            nodes, owner = np.unique(nearest[calls], return_inverse=True)
            total = np.stack([np.bincount(owner, pull[:, axis]) for axis in range(3)], 1)
            total += 0.25 * rng.standard_normal(total.shape) * np.linalg.norm(total, axis=1, keepdims=True)
            before = self.position[nodes] - self.position[np.maximum(self.parent[nodes], 0)]
            total = total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-6) + 0.5 * before / step
            total /= np.linalg.norm(total, axis=1, keepdims=True) + 1e-6
            fresh = self.add(self.position[nodes] + step * total, nodes, self.group[nodes])

    def finish(self, rng, leaf_radius, murray, tortuous, speed, weight=None):
        """Smooths and bends the branches, then finds flow, radius and delay. weight(position): flow that a leaf there takes."""
        inner = np.bincount(self.parent[self.parent >= 0], minlength=len(self.parent))
        has = self.parent >= 0
        up = np.maximum(self.parent, 0)
        for turn in range(12):
            soft = has & ((turn < 3) | (self.group == TRUNK))
            below = np.stack([np.bincount(up[has], self.position[has, axis], len(inner)) for axis in range(3)], 1)
            mean = np.where(inner[:, None] > 0, below / np.maximum(inner, 1)[:, None], self.position)
            self.position = np.where(soft[:, None], 0.5 * self.position + 0.25 * (self.position[up] + mean), self.position)
        self.leaf = inner == 0
        self.flow = np.where(self.leaf, 1.0 if weight is None else weight(self.position), 0.0)
        rounds = [np.flatnonzero(self.birth == turn) for turn in range(self.generation)]
        for nodes in rounds[:0:-1]:
            np.add.at(self.flow, up[nodes], self.flow[nodes] * has[nodes])
        self.radius = leaf_radius * np.maximum(self.flow, 0.5) ** (1 / murray)
        bend = np.stack([waves(rng, self.position, 50, 160) for _ in range(3)], 1)
        curl = np.stack([waves(rng, self.position, 18, 40) for _ in range(3)], 1)
        self.position = self.position + (tortuous * (4.5 * bend + 1.3 * curl)).astype(float)
        length = np.where(has, np.linalg.norm(self.position - self.position[up], axis=1), 0)
        velocity = self.flow / self.radius**2
        self.delay = length / np.maximum(velocity, 1e-6)
        self.rounds = rounds
        for nodes in rounds[1:]:
            self.delay[nodes] += self.delay[up[nodes]] * has[nodes]
        self.delay *= speed / max(1e-6, np.median(self.delay[self.leaf]))

    def inherit(self, value, chosen):
        """Gives each node the value of its nearest ancestor, or itself, that is chosen."""
        value, chosen = value.copy(), chosen.copy()
        for nodes in self.rounds[1:]:
            take = nodes[~chosen[nodes] & (self.parent[nodes] >= 0)]
            value[take] = value[self.parent[take]]
        return value

    def draw(self, weight, edges, finest=0.25):
        """Thickness of contrast along the beam, by delay [len(edges), SIZE, SIZE]; each segment is shared among two delays.

        Points along the lines are spread over discs of the vessel's radius: a row of uniform discs has the chord lengths of a tube.
        """
        child = np.flatnonzero((self.parent >= 0) & (weight > 0.01))
        a, b = self.position[self.parent[child]], self.position[child]
        length = np.linalg.norm((b - a)[:, :2], axis=1)
        share = (np.arange(8) + 0.5) / 8
        x, y = to_canvas(*(a[:, None, :2] + (b - a)[:, None, :2] * share[:, None]).transpose(2, 0, 1))
        radius = np.repeat(self.radius[child], 8)
        amount = np.repeat(weight[child] * np.pi * self.radius[child] ** 2 * length / 8 / (STEP_X * STEP_Y), 8)
        place = np.clip(np.interp(np.repeat(self.delay[child], 8), edges, np.arange(len(edges))), 0, len(edges) - 1.001)
        x, y = x.ravel(), y.ravel()
        ok = (x > 0) & (x < SIZE - 2) & (y > 0) & (y < SIZE - 2)
        x, y, radius, amount, place = x[ok], y[ok], radius[ok], amount[ok], place[ok]
        classes = np.clip(np.round(np.log(radius / 0.8) / np.log(1.3)), 0, 12).astype(int)
        column, row = x.astype(int), y.astype(int)
        fx, fy = x - column, y - row
        out = np.zeros((len(edges), SIZE, SIZE), np.float32)
        for c in np.unique(classes):
            disc = kernel(0.8 * 1.3**c)
            lo = place.astype(int)
            mine = classes == c
            for e in range(len(edges)):
                near = np.flatnonzero(mine & ((lo == e) | (lo == e - 1)))
                if not len(near):
                    continue
                part = amount[near] * (1 - np.abs(place[near] - e))
                base = row[near] * SIZE + column[near]
                gx, gy = fx[near], fy[near]
                index = np.concatenate([base, base + 1, base + SIZE, base + SIZE + 1])
                value = np.concatenate([(1 - gx) * (1 - gy), gx * (1 - gy), (1 - gx) * gy, gx * gy])
                ink = np.bincount(index, value * np.tile(part, 4), SIZE * SIZE).reshape(SIZE, SIZE).astype(np.float32)
                out[e] += cv2.filter2D(ink, -1, disc, borderType=cv2.BORDER_CONSTANT)
        return out


def kernel(radius):
    """A uniform disc, radius in source pixels, sampled on canvas pixels, sum 1."""
    rx, ry = int(np.ceil(radius / STEP_X)), int(np.ceil(radius / STEP_Y))
    fine = (np.arange(-8, 8) + 0.5) / 16
    x = (np.arange(-rx, rx + 1)[:, None] + fine).ravel() * STEP_X
    y = (np.arange(-ry, ry + 1)[:, None] + fine).ravel() * STEP_Y
    disc = (x[None] ** 2 + y[:, None] ** 2 <= radius**2).reshape(2 * ry + 1, 16, 2 * rx + 1, 16).mean((1, 3))
    return (disc / disc.sum()).astype(np.float32)
