import { arterialFilling, blurLayer, emptyLayer, type Layer } from '../contrast/layer';
import { paintVessels } from '../contrast/paint-vessels';
import type { Random } from '../random';
import { type Grid, isInside, type Outline } from './field';
import type { Organ } from './organs';
import type { Patient } from './patient';
import { feedingTargets, type Tumour } from './tumour';
import { vesselTree, type Branch, type Point3 } from './vessel-tree';

/** The catheter, the hepatic artery with its branches, and the arteries of the organs that fill with it. */
export function arteryLayer(
  random: Random,
  patient: Patient,
  liver: Outline,
  tumours: readonly Tumour[],
  organs: readonly Organ[],
  grid: Grid,
): Layer {
  const { timing, body, look } = patient;
  const unit = timing.washInSeconds;
  const layer = emptyLayer(
    grid,
    arterialFilling(unit * random.between(0.05, 0.11), timing.injectionSeconds, unit * random.between(0.2, 0.6)),
  );
  const density = look.contrast * Math.exp(random.between(Math.log(3.5), Math.log(14)));
  const tipRadius = Math.exp(random.between(Math.log(0.6), Math.log(1.9)));
  const tortuosity = random.between(0.15, 1);
  const murray = random.between(2.4, 3.3);
  const ostium: Point3 = [body.ostium[0], body.ostium[1], 0];
  const hilum: Point3 = [body.hilum[0], body.hilum[1], 0];
  const hepatic = hepaticTargets(random.fork('hepatic'), patient, liver, tumours);
  const trees: Branch[][] = [
    [...vesselTree(random.fork('liver'), { root: hilum, heading: [-1, -0.5, 0], targets: hepatic, tipRadius, tortuosity, murray })],
  ];
  for (const organ of organs) {
    const own = random.fork(organ.name);
    const leaves = organ.name === 'spleen' || organ.name === 'stomach' ? ostium : hilum;
    const heading: Point3 = [organ.centre[0] - leaves[0], organ.centre[1] - leaves[1], 0];
    const size = Math.hypot(heading[0], heading[1]);
    const shape = {
      root: leaves,
      heading: [heading[0] / size, heading[1] / size, 0] as Point3,
      targets: organ.targets,
      tipRadius: tipRadius * own.between(0.8, 1.3),
      tortuosity: Math.min(1, tortuosity * 1.4),
      murray,
    };
    trees.push([...vesselTree(own, shape)]);
  }
  const trunk = drawTrunk(random.fork('trunk'), patient, tipRadius * Math.pow(hepatic.length, 1 / murray), tortuosity);
  const transit = unit * random.between(0.16, 0.34);
  for (const tree of trees) {
    const ends = tree.map((branch) => branch[branch.length - 1]?.delay ?? 0).sort((a, b) => a - b);
    const usual = Math.max(1, ends[Math.floor(ends.length * 0.8)] ?? 1);
    paintVessels(layer, tree, { density, arrival: (delay) => 0.04 * unit + (transit * delay) / usual });
  }
  paintVessels(layer, trunk, { density, arrival: (delay) => 0.04 * unit * delay });
  return blurLayer(layer, look.pointSpread);
}

function hepaticTargets(random: Random, { body, side }: Patient, liver: Outline, tumours: readonly Tumour[]): readonly Point3[] {
  const { left, top, right, bottom } = body.liver;
  const targets: Point3[] = [];
  const wanted = Math.round(Math.exp(random.between(Math.log(30), Math.log(400))));
  for (let attempt = 0; attempt < wanted * 3 && targets.length < wanted; attempt++) {
    const [x, y] = [random.between(left, right), random.between(top, bottom)];
    if (!isInside(liver, x, y) || (side * (x - body.hilum[0] - 30) < 0 && random.chance(0.9))) continue;
    targets.push([x, y, random.between(-110, 110)]);
  }
  for (const tumour of tumours) targets.push(...feedingTargets(random, tumour));
  return targets;
}

/** The catheter up the aorta and into the ostium, and the hepatic artery to the hilum. */
function drawTrunk(random: Random, { body, injection }: Patient, radius: number, tortuosity: number): readonly Branch[] {
  const [ox, oy] = body.ostium;
  const [hx, hy] = body.hilum;
  const entry = body.spineX + random.between(5, 50);
  const hook = random.between(20, 55);
  const catheter = smoothBranch(
    [
      [entry + random.between(-20, 20), 840],
      [entry, oy + 190],
      [entry + 12, oy - hook * 0.2],
      [ox + 14, oy - hook],
      [ox, oy],
    ],
    2.6,
  );
  const wave = 14 * tortuosity * (random.chance(0.5) ? 1 : -1);
  const hepatic = smoothBranch(
    [
      [ox, oy],
      [ox + (hx - ox) * 0.3, oy + (hy - oy) * 0.2 + wave + 10],
      [ox + (hx - ox) * 0.68, oy + (hy - oy) * 0.7 - wave],
      [hx, hy],
    ],
    radius,
  );
  return injection === 'selective' ? [[...catheter, ...hepatic.map((point) => ({ ...point, radius: 2.6 }))]] : [catheter, hepatic];
}

function smoothBranch(points: readonly (readonly [number, number])[], radius: number): Branch {
  const branch = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const at = (n: number): readonly [number, number] => points[Math.min(points.length - 1, Math.max(0, n))]!;
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const steps = Math.max(2, Math.ceil(Math.hypot(p2[0] - p1[0], p2[1] - p1[1]) / 4));
    for (let s = i === 0 ? 0 : 1; s <= steps; s++) {
      const t = s / steps;
      const curve = (a: number, b: number, c: number, d: number): number =>
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
      branch.push({ x: curve(p0[0], p1[0], p2[0], p3[0]), y: curve(p0[1], p1[1], p2[1], p3[1]), radius, delay: (i + t) / points.length });
    }
  }
  return branch;
}
