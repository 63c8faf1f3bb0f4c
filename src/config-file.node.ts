import { accessSync, constants, readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { traitsOf } from './acquire/source-kinds';
import { type Config, ConfigError } from './config';
import { readModelBundle } from './infer/model-bundle.node';
import { ownModel } from './model.node';
import { oneLine } from './one-line';
import { readKeyPair } from './push/certificate-in-use.node';

/** The content of a YAML file: plain values, whatever tags and version it names; a ConfigError where it cannot be read. */
export function readYaml(file: string): unknown {
  try {
    // Its warnings would show lines of the file.
    return parse(readFileSync(file, 'utf8'), { schema: 'core', resolveKnownTags: false, logLevel: 'error' });
  } catch (error) {
    throw new ConfigError(`config: expected a readable YAML file, got ${whatIsWrong(error)}`);
  }
}

/** The words of a YAML error may be those of the file, and so of a secret in it: its code and its place tell enough. */
function whatIsWrong(error: unknown): string {
  if (error instanceof YAMLParseError) {
    const [place] = error.linePos ?? [];
    return `${error.code}${place ? ` in line ${place.line}, column ${place.col}` : ''}`;
  }
  return error instanceof ReferenceError ? 'an alias (*…) that stands for nothing: texts that begin with * need quotes' : oneLine(error);
}

/** Rejects with a ConfigError or a ModelError when a recording, the certificate or the model bundle that a configuration names is not there or not whole. */
export async function mustBeThere({ streams, tls, model = ownModel }: Config): Promise<void> {
  for (const [index, { spec }] of streams.entries()) {
    const { file } = traitsOf(spec);
    if (file === null) continue;
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      throw new ConfigError(`streams[${index}].source: expected a readable file, got ${oneLine(error)}`);
    }
  }
  if (tls) readKeyPair(tls);
  await readModelBundle(model);
}
