import { palettes } from '../../src/view/drawing/palettes';
import { defaultSettings, fromStored, toggled, withNextPalette, withOpacity } from '../../src/view/state/settings';

describe('settings', () => {
  it('take keys where they were stored before that could be switched off', () => {
    const { keys: _, ...before } = { ...defaultSettings, palette: 2 };
    expect(fromStored(JSON.stringify(before))).toEqual({ ...defaultSettings, palette: 2 });
    expect(fromStored(JSON.stringify(toggled(defaultSettings, 'keys'))).keys).toBe(false);
  });

  it('survive being stored, and are the usual ones where nothing sensible was', () => {
    const changed = withNextPalette(withOpacity(toggled(defaultSettings, 'liver'), 2));
    expect(fromStored(JSON.stringify(changed))).toEqual(changed);
    for (const text of [null, '', '{', '{}', '[]', JSON.stringify({ ...changed, opacity: 7 }), JSON.stringify({ ...changed, palette: 99 })])
      expect(fromStored(text)).toEqual(defaultSettings);
  });

  it('keep the fill between barely visible and not quite opaque, and go round the palettes', () => {
    expect(withOpacity(defaultSettings, 99).opacity).toBe(0.9);
    expect(withOpacity(defaultSettings, -99).opacity).toBe(0.1);
    expect(palettes.reduce(withNextPalette, defaultSettings)).toEqual(defaultSettings);
  });
});
