import { tissueFilling } from './bolus';
import { gridWindow, type FieldPoint, type Grid } from './field';
import { addTo, blurLayer, emptyLayer, type Layer } from './layer';
import { paintVessels } from './paint-vessels';
import type { Patient } from './patient';
import type { Random } from './random';
import { roughness } from './roughness';
import type { Place, VesselPoint } from './vessel-tree';

// Looked up once: these run per pixel.
const cos = Math.cos;
const exp = Math.exp;
const floor = Math.floor;
const max = Math.max;
const min = Math.min;
const sin = Math.sin;
const sqrt = Math.sqrt;

/** A neighbour of the liver that fills like a tumour: its stain, and where its arteries end. */
export interface Organ {
  readonly name: 'spleen' | 'stomach' | 'duodenum' | 'bowel' | 'kidney' | 'pancreas' | 'gallbladder';
  readonly centre: FieldPoint;
  readonly targets: readonly Place[];
  layer(grid: Grid): Layer;
}

interface Blob {
  readonly centre: FieldPoint;
  readonly radii: readonly [number, number];
  readonly tilt: number;
  readonly strength: number;
  /** 0 filled evenly … 1 only its wall. */
  readonly hollow: number;
  readonly wall: number;
}

/** Draws which organs fill beside the liver, and how. The farther in the catheter lies, the fewer. */
export function drawOrgans(random: Random, patient: Patient): readonly Organ[] {
  const { injection, body, look } = patient;
  const [hx, hy] = body.hilum;
  const wide = injection === 'coeliac' ? 1 : injection === 'hepatic' ? 0.45 : 0.08;
  const organs: Organ[] = [];
  const blob = (name: Organ['name'], probability: number, shape: (own: Random) => Blob): void => {
    const own = random.fork(name);
    if (!own.chance(probability)) return;
    const drawn = shape(own);
    const targets = scatter(own, drawn, name === 'gallbladder' ? 2 : own.integer(6, 16));
    organs.push({ name, centre: drawn.centre, targets, layer: (grid) => blobLayer(own.fork('layer'), patient, drawn, grid) });
  };
  blob('spleen', injection === 'coeliac' ? 0.85 : 0, (own) => ({
    centre: [own.between(830, 990), own.between(130, 320)],
    radii: [own.between(60, 105), own.between(90, 150)],
    tilt: own.between(-0.7, 0.3),
    strength: look.contrast * own.between(12, 40),
    hollow: 0,
    wall: 10,
  }));
  blob('stomach', 0.1 + 0.7 * wide, (own) => ({
    centre: [max(hx + 150, own.between(690, 880)), own.between(200, 460)],
    radii: [own.between(70, 150), own.between(50, 110)],
    tilt: own.between(-0.8, 0.8),
    strength: look.contrast * own.between(7, 26),
    hollow: own.between(0.5, 1),
    wall: own.between(8, 20),
  }));
  blob('kidney', 0.1 + 0.12 * wide, (own) => ({
    centre: [own.between(180, 480), own.between(590, 740)],
    radii: [own.between(55, 80), own.between(90, 130)],
    tilt: own.between(-0.3, 0.4),
    strength: look.contrast * own.between(8, 30),
    hollow: own.between(0, 0.6),
    wall: own.between(14, 30),
  }));
  blob('gallbladder', 0.22, (own) => ({
    centre: [hx - own.between(40, 130), hy + own.between(40, 120)],
    radii: [own.between(22, 36), own.between(36, 62)],
    tilt: own.between(-0.6, 0.6),
    strength: look.contrast * own.between(5, 14),
    hollow: 1,
    wall: own.between(4, 7),
  }));
  const gut = (
    name: Organ['name'],
    probability: number,
    path: (own: Random) => readonly FieldPoint[],
    width: readonly [number, number],
  ): void => {
    const own = random.fork(name);
    if (!own.chance(probability)) return;
    const line = path(own);
    const radius = own.between(...width);
    const targets = line.map(([x, y]): Place => [x + own.normal() * 9, y + own.normal() * 9, own.between(-30, 30)]);
    const strength = look.contrast * own.between(6, 24);
    organs.push({
      name,
      centre: line[floor(line.length / 2)]!,
      targets,
      layer: (grid) => gutLayer(own.fork('layer'), patient, line, radius, strength, grid),
    });
  };
  gut(
    'duodenum',
    0.05 + 0.75 * min(1, wide * 1.6),
    (own) => bow(own, [hx + own.between(-30, 60), hy + own.between(60, 110)], own.between(90, 190)),
    [16, 30],
  );
  gut('pancreas', 0.55 * wide, (own) => wander(own, [hx + 40, hy + own.between(20, 80)], -0.25, 8), [14, 24]);
  gut(
    'bowel',
    0.15 + 0.4 * wide,
    (own) => wander(own, [own.between(380, 900), own.between(560, 740)], own.between(-0.8, 0.8), own.integer(7, 13)),
    [15, 32],
  );
  return organs;
}

function scatter(random: Random, { centre, radii, tilt }: Blob, count: number): readonly Place[] {
  return Array.from({ length: count }, (): Place => {
    const angle = random.between(0, 2 * Math.PI);
    const reach = sqrt(random.uniform());
    const [u, v] = [reach * radii[0] * cos(angle), reach * radii[1] * sin(angle)];
    return [centre[0] + u * cos(tilt) - v * sin(tilt), centre[1] + u * sin(tilt) + v * cos(tilt), random.between(-40, 40)];
  });
}

/** The C of the duodenum. */
function bow(random: Random, [x, y]: FieldPoint, size: number): readonly FieldPoint[] {
  const start = random.between(-2.2, -1.6);
  return Array.from({ length: 9 }, (_, i): FieldPoint => {
    const angle = start - (i / 8) * 3.4;
    return [x + size * 0.6 * cos(angle) + random.normal() * 5, y + size * 0.6 + size * 0.8 * sin(angle) + random.normal() * 5];
  });
}

function wander(random: Random, [x, y]: FieldPoint, heading: number, count: number): readonly FieldPoint[] {
  const points: FieldPoint[] = [[x, y]];
  for (let i = 1; i < count; i++) {
    heading += random.normal() * 0.55;
    const [px, py] = points[i - 1]!;
    points.push([px + 34 * cos(heading), py + 34 * sin(heading)]);
  }
  return points;
}

function blobLayer(random: Random, patient: Patient, { centre, radii, tilt, strength, hollow, wall }: Blob, grid: Grid): Layer {
  const unit = patient.timing.washInSeconds;
  const layer = emptyLayer(grid, tissueFilling(unit * random.between(0.1, 0.22), unit * 2, unit * random.between(5, 20)));
  const edge = roughness(random, random.between(40, 90), 2);
  const lumps = roughness(random, random.between(10, 36), 3);
  const lumpiness = random.between(0.1, 0.45);
  const softness = random.between(2, 9);
  const arrives = unit * random.between(0.15, 0.38);
  const reach = max(...radii) * 1.3;
  const least = min(...radii);
  const [left, right, top, bottom] = gridWindow(grid, centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach);
  for (let j = top; j <= bottom; j++) {
    const y = (j + 0.5) * grid.stepY;
    for (let i = left; i <= right; i++) {
      const x = (i + 0.5) * grid.stepX;
      const u = ((x - centre[0]) * cos(tilt) + (y - centre[1]) * sin(tilt)) / radii[0];
      const v = ((y - centre[1]) * cos(tilt) - (x - centre[0]) * sin(tilt)) / radii[1];
      const depth = (1 - sqrt(u * u + v * v) + 0.16 * edge(x, y)) * least;
      const covered = 1 / (1 + exp((-2.2 * depth) / softness));
      if (covered < 0.01) continue;
      const lump = lumps(x, y);
      const filled = 1 - hollow / (1 + exp((1.5 * wall - depth - 5 * lump) / (0.3 * wall)));
      addTo(layer, j * grid.width + i, strength * covered * filled * max(0.05, 1 + lumpiness * lump), arrives + unit * 0.06 * lump);
    }
  }
  return blurLayer(layer, patient.look.pointSpread);
}

function gutLayer(random: Random, patient: Patient, line: readonly FieldPoint[], radius: number, strength: number, grid: Grid): Layer {
  const unit = patient.timing.washInSeconds;
  const layer = emptyLayer(grid, tissueFilling(unit * random.between(0.08, 0.2), unit * 2, unit * random.between(4, 15)));
  const folds = random.between(0, 0.5);
  const waves = random.between(0.25, 0.6);
  const branch: VesselPoint[] = [];
  for (let i = 0; i + 1 < line.length; i++) {
    const [from, to] = [line[i]!, line[i + 1]!];
    for (let s = 0; s < 6; s++) {
      const t = s / 6;
      const width = radius * (1 + 0.22 * sin((i + t) * 2.1) + folds * 0.3 * sin((i * 6 + s) * waves * 4));
      branch.push({ x: from[0] + (to[0] - from[0]) * t, y: from[1] + (to[1] - from[1]) * t, radius: width, delay: (i + t) / line.length });
    }
  }
  const hollow = random.between(0.2, 0.9);
  const profile = (distance: number, r: number): number => {
    const share = distance / r;
    return share >= 1 ? 0 : min(1, (1 - share) * 5) * (1 - hollow * max(0, 1 - share * 1.5));
  };
  const arrives = unit * random.between(0.18, 0.4);
  paintVessels(layer, [branch], { density: strength, arrival: (delay) => arrives + 0.1 * unit * delay, profile });
  const lumps = roughness(random, random.between(9, 24), 3);
  for (let j = 0; j < grid.height; j++) {
    for (let i = 0; i < grid.width; i++) {
      const index = j * grid.width + i;
      if (layer.amount[index] === 0) continue;
      const lump = max(0.05, 1 + 0.35 * lumps((i + 0.5) * grid.stepX, (j + 0.5) * grid.stepY));
      layer.amount[index]! *= lump;
      layer.delayed[index]! *= lump;
    }
  }
  return blurLayer(layer, patient.look.pointSpread + random.between(1, 5));
}
