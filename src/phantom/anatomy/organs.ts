import type { Layer } from '../contrast/layer';
import type { Random } from '../random';
import type { FieldPoint, Grid } from './field';
import { blobLayer, gutLayer, type Blob } from './organ-layers';
import type { Patient } from './patient';
import type { Point3 } from './vessel-tree';

/** An organ near the liver that fills like a tumour: its stain, and where its arteries end. */
export interface Organ {
  readonly name: 'spleen' | 'stomach' | 'duodenum' | 'bowel' | 'kidney' | 'pancreas' | 'gallbladder';
  readonly centre: FieldPoint;
  readonly targets: readonly Point3[];
  layer(grid: Grid): Layer;
}

/** Draws which organs fill besides the liver, and how: fewer, the farther the catheter is advanced. */
export function drawOrgans(random: Random, patient: Patient): readonly Organ[] {
  const { injection, body, look } = patient;
  const [hx, hy] = body.hilum;
  const wide = injection === 'coeliac' ? 1 : injection === 'hepatic' ? 0.45 : 0.08;
  const organs: Organ[] = [];
  const blob = (name: Organ['name'], probability: number, shape: (own: Random) => Blob): void => {
    const own = random.fork(name);
    if (!own.chance(probability)) return;
    const drawn = shape(own);
    const targets = scatterTargets(own, drawn, name === 'gallbladder' ? 2 : own.integer(6, 16));
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
    centre: [Math.max(hx + 150, own.between(690, 880)), own.between(200, 460)],
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
    const targets = line.map(([x, y]): Point3 => [x + own.normal() * 9, y + own.normal() * 9, own.between(-30, 30)]);
    const strength = look.contrast * own.between(6, 24);
    organs.push({
      name,
      centre: line[Math.floor(line.length / 2)]!,
      targets,
      layer: (grid) => gutLayer(own.fork('layer'), patient, line, radius, strength, grid),
    });
  };
  gut(
    'duodenum',
    0.05 + 0.75 * Math.min(1, wide * 1.6),
    (own) => duodenalLoop(own, [hx + own.between(-30, 60), hy + own.between(60, 110)], own.between(90, 190)),
    [16, 30],
  );
  gut('pancreas', 0.55 * wide, (own) => randomPath(own, [hx + 40, hy + own.between(20, 80)], -0.25, 8), [14, 24]);
  gut(
    'bowel',
    0.15 + 0.4 * wide,
    (own) => randomPath(own, [own.between(380, 900), own.between(560, 740)], own.between(-0.8, 0.8), own.integer(7, 13)),
    [15, 32],
  );
  return organs;
}

function scatterTargets(random: Random, { centre, radii, tilt }: Blob, count: number): readonly Point3[] {
  return Array.from({ length: count }, (): Point3 => {
    const angle = random.between(0, 2 * Math.PI);
    const reach = Math.sqrt(random.uniform());
    const [u, v] = [reach * radii[0] * Math.cos(angle), reach * radii[1] * Math.sin(angle)];
    return [
      centre[0] + u * Math.cos(tilt) - v * Math.sin(tilt),
      centre[1] + u * Math.sin(tilt) + v * Math.cos(tilt),
      random.between(-40, 40),
    ];
  });
}

/** The C-shaped loop of the duodenum. */
function duodenalLoop(random: Random, [x, y]: FieldPoint, size: number): readonly FieldPoint[] {
  const start = random.between(-2.2, -1.6);
  return Array.from({ length: 9 }, (_, i): FieldPoint => {
    const angle = start - (i / 8) * 3.4;
    return [x + size * 0.6 * Math.cos(angle) + random.normal() * 5, y + size * 0.6 + size * 0.8 * Math.sin(angle) + random.normal() * 5];
  });
}

function randomPath(random: Random, [x, y]: FieldPoint, heading: number, count: number): readonly FieldPoint[] {
  const points: FieldPoint[] = [[x, y]];
  for (let i = 1; i < count; i++) {
    heading += random.normal() * 0.55;
    const [px, py] = points[i - 1]!;
    points.push([px + 34 * Math.cos(heading), py + 34 * Math.sin(heading)]);
  }
  return points;
}
