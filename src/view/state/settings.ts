import * as z from 'zod/mini';
import { palettes } from '../drawing/palettes';

/** How masks are drawn on this screen, and whether keys count; kept beyond a reload. */
export interface Settings {
  readonly fill: boolean;
  readonly contour: boolean;
  readonly liver: boolean;
  /** Longest diameter and area beside each lesion. */
  readonly labels: boolean;
  /** Where the X-ray image lies in the picture. */
  readonly area: boolean;
  /** Of the fill: 0.1 to 0.9. */
  readonly opacity: number;
  /** Index into `palettes`. */
  readonly palette: number;
  /** Whether single keys do anything; users of speech input may switch them off (WCAG 2.1.4). */
  readonly keys: boolean;
}

export const defaultSettings: Settings = {
  fill: true,
  contour: true,
  liver: true,
  labels: true,
  area: false,
  opacity: 0.35,
  palette: 0,
  keys: true,
};

export type Toggle = 'fill' | 'contour' | 'liver' | 'labels' | 'area' | 'keys';

const stored = z.object({
  fill: z.boolean(),
  contour: z.boolean(),
  liver: z.boolean(),
  labels: z.boolean(),
  area: z._default(z.boolean(), false),
  opacity: z.number().check(z.gte(0.1), z.lte(0.9)),
  palette: z.int().check(z.gte(0), z.lt(palettes.length)),
  keys: z._default(z.boolean(), true),
});

/** The stored settings, or the default ones without valid ones. */
export function fromStored(text: string | null): Settings {
  if (text === null) return defaultSettings;
  try {
    return stored.safeParse(JSON.parse(text)).data ?? defaultSettings;
  } catch {
    return defaultSettings;
  }
}

export function toggled(settings: Settings, what: Toggle): Settings {
  return { ...settings, [what]: !settings[what] };
}

/** Steps of a tenth, within bounds. */
export function withOpacity(settings: Settings, steps: number): Settings {
  return { ...settings, opacity: Math.min(0.9, Math.max(0.1, Math.round((settings.opacity + steps * 0.1) * 100) / 100)) };
}

export function withNextPalette(settings: Settings): Settings {
  return { ...settings, palette: (settings.palette + 1) % palettes.length };
}
