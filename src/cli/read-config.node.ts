import { accessSync, constants, readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { traitsOf } from '../acquire/source-kinds';
import { type Config, type InspectedConfig, accessProblem } from '../config/load';
import { ConfigError } from '../core/config-error';
import { errorText } from '../core/log-text';
import { readModelBundle } from '../infer/bundle/model-bundle.node';
import { readKeyPair } from '../push/access/certificate.node';
import { bundledModel } from '../server/model.node';

/**
 * Parses a YAML file into plain values; its tags and YAML version are ignored. Throws a ConfigError if it cannot be
 * read.
 */
export function readYaml(file: string): unknown {
  try {
    // Warnings of the parser would print lines of the file.
    return parse(readFileSync(file, 'utf8'), { schema: 'core', resolveKnownTags: false, logLevel: 'error' });
  } catch (error) {
    throw new ConfigError(`config: expected a readable YAML file, got ${yamlErrorText(error)}`);
  }
}

/** The message of a YAML error may quote a secret in the file: only its code and position are shown. */
function yamlErrorText(error: unknown): string {
  if (error instanceof YAMLParseError) {
    const [place] = error.linePos ?? [];
    return `${error.code}${place ? ` in line ${place.line}, column ${place.col}` : ''}`;
  }
  return error instanceof ReferenceError ? 'an alias (*…) without an anchor: texts that begin with * need quotes' : errorText(error);
}

/** All problems of a configuration and of the files it names, one line each. */
export async function allConfigErrors({ config, errors }: InspectedConfig): Promise<readonly string[]> {
  const lines = errors.map(({ message }) => message);
  if (!config) return lines;
  const unprotected = accessProblem(config);
  return [...lines, ...(unprotected === null ? [] : [unprotected]), ...(await unusableFiles(config))];
}

/** The unreadable recordings and the unusable certificate and model bundle of a configuration, one line each. */
async function unusableFiles({ streams, tls, model = bundledModel }: Config): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [index, { spec }] of streams.entries()) {
    const { file } = traitsOf(spec);
    if (file === null) continue;
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      lines.push(`streams[${index}].source: expected a readable file, got ${errorText(error)}`);
    }
  }
  try {
    if (tls) readKeyPair(tls);
  } catch (error) {
    lines.push(errorText(error));
  }
  await readModelBundle(model).catch((error: unknown) => lines.push(errorText(error)));
  return lines;
}
