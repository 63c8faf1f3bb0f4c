type Points = readonly (readonly [number, number])[];

export const square = (x: number, y: number, side: number): Points => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

export const polygon = (label: string, points: Points, flags: Readonly<Record<string, unknown>> = {}) => ({
  ...{ label, points, group_id: null, shape_type: 'polygon', flags },
});

/** An annotation of a picture of 64 × 48 pixels as the Labelme program writes it. */
export const labelme = (rest: Readonly<Record<string, unknown>> = {}) => ({
  ...{ version: '5.4.1', flags: {}, imagePath: 'acquisition-12.png', imageData: null, imageHeight: 48, imageWidth: 64 },
  shapes: [polygon('liver', square(0, 0, 40)), polygon('tumour', square(10, 10, 10))],
  ...rest,
});
