import { redactUri } from './acquire/redact-uri';
import { configKeys, secretKeys, variableOf } from './config-schema';
import type { Rect } from './frame';
import type { Config, Origins, StreamConfig } from './config';

/** A configuration as YAML that means the same, with where each value comes from; secrets are not shown. */
export function configText(config: Config, origins: Origins): string {
  const lines = configKeys.flatMap((key) => {
    const from = ` # ${origins[key]}`;
    if (key === 'streams') return [`streams:${from}`, ...config.streams.flatMap(streamLines)];
    if (secretKeys.includes(key) && config[key] !== undefined) return [`# ${key}: not shown${from}`];
    if (config[key] === undefined) return [`# ${key}: not set; ${variableOf(key)} would`];
    return [`${key}: ${redactUri(JSON.stringify(config[key]))}${from}`];
  });
  return `${lines.join('\n')}\n`;
}

function streamLines({ id, name, spec }: StreamConfig): readonly string[] {
  const { imageArea, polarity, pixelSpacingMm, captureLatencyMs, timestamps, redact, shown, ...rest } = spec;
  const rectangle = ({ x, y, width, height }: Rect): string => [x, y, width, height].join(',');
  return [
    `  - source: ${JSON.stringify(shown + optionsOf(rest))}`,
    `    id: ${JSON.stringify(id)}`,
    `    name: ${JSON.stringify(name)}`,
    `    imageArea: ${JSON.stringify(imageArea === 'auto' ? 'auto' : rectangle(imageArea))}`,
    `    polarity: ${polarity}`,
    ...(pixelSpacingMm === null ? [] : [`    pixelSpacingMm: ${pixelSpacingMm}`]),
    `    captureLatencyMs: ${captureLatencyMs}`,
    `    timestamps: ${timestamps}`,
    ...(redact.length === 0 ? [] : [`    redact: ${JSON.stringify(redact.map(rectangle).join(';'))}`]),
  ];
}

/** What has lines of its own. */
type Common = 'imageArea' | 'polarity' | 'pixelSpacingMm' | 'captureLatencyMs' | 'timestamps' | 'redact' | 'shown';

/** What a source of its kind is told, as it stands behind the `#` of a URI. */
function optionsOf(spec: Omit<StreamConfig['spec'], Common>): string {
  const said = spec as Readonly<Record<string, unknown>>;
  const size = said['size'] as { readonly width: number; readonly height: number } | null | undefined;
  const values: Readonly<Record<string, unknown>> = {
    ...{ transport: said['transport'], seed: said['seed'], size: size && `${size.width}x${size.height}` },
    ...{ rate: said['rate'], format: said['format'], repeat: said['repeat'] === true ? 1 : undefined },
  };
  const options = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return options.length === 0 ? '' : `#${options.map(([key, value]) => `${key}=${String(value)}`).join('&')}`;
}
