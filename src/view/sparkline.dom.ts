import type { StabilityFacts } from '../push/protocol';

/** Draws how the image opacifies and settles over a run: opacification rising, the paper's score falling, the key frame as a line. */
export function drawSparkline(canvas: HTMLCanvasElement, stability: readonly StabilityFacts[], keyFrame: number | null): void {
  const context = canvas.getContext('2d');
  const { width, height } = canvas.getBoundingClientRect();
  if (!context || width === 0) return;
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  context.scale(devicePixelRatio, devicePixelRatio);
  const last = Math.max(29, stability.at(-1)?.frame ?? 0);
  const x = (frame: number): number => 4 + (frame / last) * (width - 8);

  const line = (points: readonly (readonly [frame: number, value: number])[], floor: number, colour: string): void => {
    const values = points.map(([, value]) => value);
    const low = Math.min(floor, ...values);
    const span = Math.max(1e-6, Math.max(...values) - low);
    context.beginPath();
    points.forEach(([frame, value], at) => {
      const y = height - 5 - ((value - low) / span) * (height - 10);
      if (at === 0) context.moveTo(x(frame), y);
      else context.lineTo(x(frame), y);
    });
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.stroke();
  };
  if (keyFrame !== null) {
    context.fillStyle = '#ff6a3d';
    context.fillRect(x(keyFrame) - 1, 0, 2, height);
  }
  line(
    stability.map(({ frame, opacification }) => [frame, opacification] as const),
    0,
    '#4cc38a',
  );
  line(
    stability.flatMap(({ scoredFrame, score }) => (score === null || scoredFrame === null ? [] : [[scoredFrame, score] as const])),
    Infinity,
    '#9aa7b4',
  );
}
