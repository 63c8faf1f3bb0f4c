import { dismissNotice, addNotice, type Notice, pictureFault, recentNotices, sizeFault } from '../../src/view/state/notices';

it('counts notices of one kind as one, keeps few, and cuts long texts', () => {
  const kinds = ['a', 'b', 'c', 'a', 'd', 'e', 'f', 'g', 'h', 'i'];
  const many = kinds.reduce<readonly Notice[]>((notices, kind, at) => addNotice(notices, kind, `${kind}${at}`, at), []);
  expect(many.map(({ kind }) => kind)).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'a', 'c']);
  expect(many[6]).toEqual({ kind: 'a', text: 'a3', count: 2, at: 3 });
  expect(dismissNotice(many, 'd').map(({ kind }) => kind)).not.toContain('d');
  expect(recentNotices(many, 10 * 60_000 + 7).map(({ kind }) => kind)).toEqual(['i', 'h']);
  expect(addNotice([], 'a', 'x'.repeat(5000), 0)[0]?.text).toHaveLength(160);
});

it('refuses pictures that no monitor shows, or that are not what was announced', () => {
  for (const [width, height] of [
    [0, 0],
    [8193, 100],
    [100, 0.5],
  ] as const)
    expect(pictureFault({ width, height })).toContain('expected 1 to 8192');
  expect(pictureFault({ width: 7680, height: 4320 })).toBeNull();
  expect(sizeFault({ width: 4, height: 3 }, { width: 4, height: 3 })).toBeNull();
  expect(sizeFault({ width: 4, height: 3 }, { width: 400, height: 300 })).toBe('A picture of 400 × 300 pixels: announced were 4 × 3');
});
