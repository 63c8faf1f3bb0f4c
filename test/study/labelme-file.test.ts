import { parseLabelme } from '../../src/study/labelme';
import { labelme, polygon, square } from './labelme';

const problems = (file: unknown): readonly string[] => {
  const parsed = parseLabelme(typeof file === 'string' ? file : JSON.stringify(file));
  return parsed.kind === 'problems' ? parsed.problems : [];
};

it('reads tumours by their usual labels, the liver, and the blood supply', () => {
  const shapes = [
    polygon('liver', square(0, 0, 45)),
    polygon('tumour', square(10, 10, 10), { poor: true }),
    polygon('tumor', square(30, 10, 4), { poor: false }),
    polygon('HCC', square(10, 30, 4)),
  ];
  const parsed = parseLabelme(JSON.stringify(labelme({ shapes })));
  expect(parsed).toMatchObject({ kind: 'annotation', image: { kind: 'beside', path: 'acquisition-12.png' } });
  if (parsed.kind !== 'annotation') return;
  expect(parsed.annotation.tumours.map(({ poor }) => poor)).toEqual([true, false, null]);
  expect(parsed.annotation.tumours[0]?.diameter).toBeCloseTo(Math.sqrt((4 * 100) / Math.PI));
  expect(parsed.annotation.liver).toEqual([square(0, 0, 45)]);
});

it('refuses a label that is a JavaScript property name, in one line', () => {
  for (const label of ['constructor', 'toString', '__proto__', 'two\nlines\u001b[2J']) {
    const [problem] = problems(labelme({ shapes: [polygon('liver', square(0, 0, 45)), polygon(label, square(10, 10, 10))] }));
    expect(problem).toMatch(/^shape 2 \(.*\): expected a label of tumour, tumor, HCC, liver, got ".*"$/);
    expect(problem).not.toMatch(/\p{Cc}/u);
  }
});

it('takes an annotation without a tumour, and the image inside', () => {
  const parsed = parseLabelme(JSON.stringify(labelme({ shapes: [polygon('liver', square(0, 0, 45))], imageData: 'aGVsbG8=' })));
  expect(parsed).toMatchObject({ annotation: { tumours: [] }, image: { kind: 'inside', base64: 'aGVsbG8=' } });
});

it('ends an outline that slipped over the edge by a pixel at the edge', () => {
  const parsed = parseLabelme(
    JSON.stringify(
      labelme({
        shapes: [
          polygon('liver', [
            [-0.6, 0],
            [64.9, 0],
            [64, 48],
          ]),
        ],
      }),
    ),
  );
  expect(parsed).toMatchObject({
    annotation: {
      liver: [
        [
          [0, 0],
          [64, 0],
          [64, 48],
        ],
      ],
    },
  });
});

it('reads rectangles by two opposite corners and circles by centre and a point', () => {
  const shapes = [
    {
      ...polygon('liver', [
        [40, 30],
        [10, 5],
      ]),
      shape_type: 'rectangle',
    },
    {
      ...polygon('HCC', [
        [20, 20],
        [20, 26],
      ]),
      shape_type: 'circle',
    },
  ];
  const parsed = parseLabelme(JSON.stringify(labelme({ shapes })));
  expect(parsed).toMatchObject({
    annotation: {
      liver: [
        [
          [40, 30],
          [10, 30],
          [10, 5],
          [40, 5],
        ],
      ],
    },
  });
  expect(parsed.kind === 'annotation' && parsed.annotation.tumours[0]?.diameter).toBeCloseTo(12, 2);
});

const liver = polygon('liver', square(0, 0, 40));

it.each([
  ['broken JSON', '{"shapes": [', /^expected JSON, got something else/],
  ['another file', { hello: 1 }, /^not as Labelme writes it: shapes: /],
  ['a picture of no size', labelme({ imageWidth: 0 }), /^not as Labelme writes it: imageWidth: /],
  [
    'an unknown label',
    labelme({ shapes: [liver, polygon('vessel', square(1, 1, 9))] }),
    /^shape 2 \(vessel\): expected a label of tumour, tumor, HCC, liver, got "vessel"$/,
  ],
  [
    'a polygon outside the picture',
    labelme({ shapes: [polygon('liver', square(30, 30, 40))] }),
    /^shape 1 \(liver\): expected points within 64 × 48 pixels, got 70, 30$/,
  ],
  [
    'two points',
    labelme({
      shapes: [
        liver,
        polygon('tumour', [
          [1, 1],
          [2, 2],
        ]),
      ],
    }),
    /^shape 2 \(tumour\): expected a polygon of at least 3 points, got 2$/,
  ],
  [
    'a line',
    labelme({ shapes: [{ ...liver, shape_type: 'line' }] }),
    /^shape 1 \(liver\): expected a polygon, rectangle or circle, got a line$/,
  ],
  [
    'a circle of four points',
    labelme({ shapes: [{ ...liver, shape_type: 'circle' }] }),
    /^shape 1 \(liver\): expected a circle of 2 points, got 4$/,
  ],
  ['no liver', labelme({ shapes: [polygon('tumour', square(1, 1, 9))] }), /^expected a polygon labelled liver, got none$/],
  [
    'an empty liver',
    labelme({
      shapes: [
        polygon('liver', [
          [1, 1],
          [5, 5],
          [9, 9],
        ]),
      ],
    }),
    /^shape 1 \(liver\): expected an outline with an area, got an empty one$/,
  ],
  [
    'a flag that is no answer',
    labelme({ shapes: [liver, polygon('HCC', square(1, 1, 9), { poor: 'very' })] }),
    /^shape 2 \(HCC\): expected the flag poor to be true or false, got "very"$/,
  ],
  ['no image', labelme({ imagePath: null }), /^expected an image beside it \(imagePath\) or inside \(imageData\), got neither$/],
])('refuses %s with the reason', (_, file, expected) => {
  expect(problems(file)).toEqual([expect.stringMatching(expected)]);
});

it('lists everything that is wrong with a file', () => {
  expect(problems(labelme({ shapes: [polygon('a', square(1, 1, 5)), polygon('b', square(1, 1, 5))] }))).toHaveLength(3);
});
