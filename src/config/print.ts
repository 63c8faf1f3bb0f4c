import { kindOf } from '../acquire/source-kinds';
import type { SourceSpec } from '../acquire/source-spec';
import { redactUri } from '../core/log-text';
import type { Rect } from '../frame';
import type { Config, Origins, StreamConfig } from './load';
import { configKeys, secretKeys, environmentVariable } from './schema';

/** A configuration as equivalent YAML, with the origin of each value; secrets are left out. */
export function configText(config: Config, origins: Origins): string {
  const lines = configKeys.flatMap((key) => {
    const from = ` # ${origins[key]}`;
    if (key === 'streams') return [`streams:${from}`, ...config.streams.flatMap(streamLines)];
    if (secretKeys.includes(key) && config[key] !== undefined) return [`# ${key}: not shown${from}`];
    if (config[key] === undefined) return [`# ${key}: not set (${environmentVariable(key)} sets it)`];
    return [`${key}: ${redactUri(JSON.stringify(config[key]))}${from}`];
  });
  return `${lines.join('\n')}\n`;
}

function streamLines({ id, name, expected, spec }: StreamConfig): readonly string[] {
  const { imageArea, plane, polarity, pixelSpacingMm, captureLatencyMs, timestamps, track, deinterlace, redact } = spec;
  const rectangle = ({ x, y, width, height }: Rect): string => [x, y, width, height].join(',');
  return [
    `  - source: ${JSON.stringify(spec.displayUri + optionsOf(spec))}`,
    `    id: ${JSON.stringify(id)}`,
    `    name: ${JSON.stringify(name)}`,
    `    imageArea: ${JSON.stringify(imageArea === 'auto' ? 'auto' : rectangle(imageArea))}`,
    ...(plane === null ? [] : [`    plane: ${plane}`]),
    `    polarity: ${polarity}`,
    ...(pixelSpacingMm === null ? [] : [`    pixelSpacingMm: ${pixelSpacingMm}`]),
    `    captureLatencyMs: ${captureLatencyMs}`,
    `    timestamps: ${timestamps}`,
    ...(track === null ? [] : [`    track: ${track}`]),
    `    deinterlace: ${deinterlace}`,
    ...(redact.length === 0 ? [] : [`    redact: ${JSON.stringify(redact.map(rectangle).join(';'))}`]),
    `    expected: ${JSON.stringify(expected?.text ?? 'always')}`,
  ];
}

/** A parsed option of a source. */
type OptionValue = string | number | boolean | null | Pick<Rect, 'width' | 'height'>;

/** The options of a source's kind, as the fragment of its URI. */
function optionsOf(spec: SourceSpec): string {
  const values = spec as unknown as Readonly<Record<string, OptionValue>>;
  const options = Object.keys(kindOf(spec).options).flatMap((key) => {
    const value = values[key] ?? false;
    return value === false ? [] : [`${key}=${valueText(value)}`];
  });
  return options.length === 0 ? '' : `#${options.join('&')}`;
}

function valueText(value: NonNullable<OptionValue>): string {
  if (typeof value === 'object') return `${value.width}x${value.height}`;
  return value === true ? '1' : String(value);
}
