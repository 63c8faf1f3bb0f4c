#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { parseSource } from './acquire/source-uri';
import { calibrationText } from './calibration/capture-latency';
import { calibrate } from './cli/calibrate.node';
import { evaluate } from './cli/evaluate.node';
import { evaluateKeyFrames } from './cli/evaluate-key-frames.node';
import { probeText } from './cli/probe-text';
import { allConfigErrors, readYaml } from './cli/read-config.node';
import { select } from './cli/select.node';
import { clearLine, exitCode, printProgress, printResult, progressBar, showProgress } from './cli/terminal.node';
import { wholeNumber } from './cli/whole-number';
import { checkNetworkAccess, type Config, inspectConfig, toConfig } from './config/load';
import { configText } from './config/print';
import { Secrets } from './config/secrets';
import { ConfigError, ConfigErrors } from './core/config-error';
import { errorText, redactUri } from './core/log-text';
import { version } from './core/package.node';
import { PROVIDERS } from './infer/providers/provider';
import { probeSource, writeDataSet, serve } from './server/app.node';
import { logger } from './server/log.node';
import { isKeyRule, KEY_RULES } from './study/evaluation';
import { evaluationText } from './study/evaluation-text';
import { keyFrameText } from './study/key-frame-text';
import { DataSetError } from './study/patient';

interface ServeOptions {
  readonly source?: readonly string[];
  readonly config?: string;
  readonly host?: string;
  readonly port?: string;
  readonly insecure?: true;
  readonly model?: string;
  readonly provider?: string;
}

class NoPictureError extends Error {}

/** From the start of the shutdown, in which everything is closed and ffmpeg killed within a second. */
const EXIT_TIMEOUT_MS = 1200;
let closingSince = Infinity;

const program = new Command('angiocast')
  .description('Live tumour-mask overlays for DSA feeds. Research use only; not a medical device.')
  .version(version)
  .configureOutput({ writeErr: (text) => void process.stderr.write(redactUri(text.replace(/(--[\w-]+)=[^\s']+/g, '$1=***'))) })
  .exitOverride();

program
  .command('serve')
  .description('watch sources and push masks to screens; without a source, the simulated suite')
  .option('--source <URI>', 'where frames come from; repeatable', (uri: string, all: string[] = []) => [...all, uri])
  .option('--config <FILE>', 'settings as YAML')
  .option('--host <ADDRESS>', 'address to listen on (127.0.0.1)')
  .option('--port <PORT>', 'port to listen on (8080)')
  .option('--insecure', 'allow access without a token to everybody who reaches the address')
  .option('--model <DIR>', 'model bundle')
  .option('--provider <NAME>', `execution provider: auto, ${PROVIDERS.join(', ')}`)
  .action(async ({ source, config, ...options }: ServeOptions) => {
    const settings = { environment: process.env, options: { ...options }, sources: source ?? [] };
    const read = config === undefined ? null : () => toConfig({ ...settings, file: readYaml(config) });
    await run(read?.() ?? toConfig({ ...settings, file: null }), read);
  });

program
  .command('config')
  .description('check a configuration and the files it names, or print the settings in effect and where they come from')
  .option('--config <FILE>', 'settings as YAML')
  .option('--check', 'report whether it is valid, or everything that is wrong with it (the default)')
  .option('--print', 'print it as YAML, without secrets')
  .action(async ({ config: file, print }: { readonly config?: string; readonly print?: true }) => {
    const settings = { file: file === undefined ? null : readYaml(file), environment: process.env, options: {}, sources: [] };
    const examinedConfig = inspectConfig(settings);
    const lines = await allConfigErrors(examinedConfig);
    if (!examinedConfig.config || lines.length > 0) throw new ConfigErrors(lines);
    process.stdout.write(print ? configText(examinedConfig.config, examinedConfig.origins) : 'fine\n');
  });

program
  .command('probe')
  .description('what a source shows: codec, size, rates, image area; exit code 1 if nothing arrives')
  .argument('<URI>', 'the source')
  .option('--calibrate', 'measure captureLatencyMs: serves a page that flashes, to be opened on the captured monitor (docs/sources.md)')
  .option('--host <ADDRESS>', 'with --calibrate: address of the page (127.0.0.1); 0.0.0.0 for browsers on other machines')
  .option('--port <PORT>', 'with --calibrate: port of the page (any free one)')
  .action(async (uri: string, { calibrate: measure, host, port }: ServeOptions & { readonly calibrate?: true }) => {
    const spec = parseSource(uri);
    if (measure) {
      const page = { host: host ?? '127.0.0.1', port: wholeNumber('port', port ?? '0', 0, 65535) };
      return void process.stdout.write(calibrationText(spec.displayUri, await calibrate(spec, page, printProgress)));
    }
    if ((host ?? port) !== undefined)
      throw new ConfigError(`${host === undefined ? 'port' : 'host'}: expected --calibrate with it, got probe alone`);
    const result = await probeSource(spec);
    process.stdout.write(probeText({ shown: spec.displayUri, ...result }));
    if (!result.report.picture) throw new NoPictureError(result.report.problem?.message ?? 'no picture came');
  });

program
  .command('select')
  .description('runs, key frames (the rule of the paper) and masks of a recording')
  .argument('<FILE>', 'the recording')
  .requiredOption('--out <DIR>', 'a folder per run: run.json, keyframe.png, mask.png, overlay.png')
  .option('--model <DIR>', 'model bundle')
  .option('--provider <NAME>', `execution provider: auto, ${PROVIDERS.join(', ')}`)
  .action(async (file: string, { out, ...options }: ServeOptions & { readonly out: string }) => {
    const source = `${file}${file.includes('#') ? '&' : '#'}rate=max`;
    const config = toConfig({ file: null, environment: process.env, options: { ...options, logLevel: 'warn' }, sources: [source] });
    const withRunId = { ...config, streams: config.streams.map((stream) => ({ ...stream, id: 'run' })) };
    const { folders, failed, reason, hint } = await select(withRunId, out, logger(config));
    for (const folder of folders) process.stdout.write(`${folder}\n`);
    if (folders.length === 0) process.stderr.write(`angiocast: no run found${hint === '' ? '' : `; ${hint}`}\n`);
    if (failed.length > 0) throw new Error(`no mask of ${failed.join(', ')}: ${reason || 'none was made'}`);
  });

program
  .command('phantom')
  .description('simulated patients: video, key frames with Labelme annotations of tumours and liver, truth')
  .requiredOption('--out <DIR>', 'a folder per patient')
  .requiredOption('--cases <N>', 'how many')
  .option('--seed <S>', 'the first patient', '1')
  .action(async ({ out, cases, seed }: { readonly out: string; readonly cases: string; readonly seed: string }) => {
    const onWritten = (written: number, of: number): void => void process.stderr.write(progressBar(written, of));
    await writeDataSet({ out, cases: wholeNumber('cases', cases, 1), seed: wholeNumber('seed', seed, 0), onWritten });
  });

interface EvaluateOptions extends ServeOptions {
  readonly data: string;
  readonly out?: string;
  readonly key: string;
  readonly keyframes?: true;
  readonly json?: true;
}

program
  .command('evaluate')
  .description('how well a model finds the tumours of annotated patients, or how far key frames lie from marked ones')
  .requiredOption('--data <DIR>', 'a folder per patient: one video, Labelme annotations (docs/evaluation.md)')
  .addOption(new Option('--keyframes', 'compare key frames with the marks in DIR/keyframes.csv').conflicts(['model', 'provider', 'key']))
  .option('--model <DIR>', 'model bundle')
  .option('--out <DIR>', 'evaluation.json, patients.csv, panel.png; with --keyframes: keyframes.json, distances.csv')
  .option('--provider <NAME>', `execution provider: auto, ${PROVIDERS.join(', ')}`)
  .option('--key <RULE>', `key frame by the paper's rule, or the first annotated acquisition: ${KEY_RULES.join(', ')}`, KEY_RULES[0])
  .option('--json', 'print the JSON file instead of the table')
  .action(async ({ data, out, key, keyframes, json, ...options }: EvaluateOptions) => {
    const folders = { data, ...(out === undefined ? {} : { out }) };
    if (keyframes) {
      const study = await evaluateKeyFrames({ ...folders, onProgress: showProgress }).finally(clearLine);
      return printResult(json ? study : keyFrameText(study, data));
    }
    if (!isKeyRule(key)) throw new ConfigError(`key: expected one of ${KEY_RULES.join(', ')}, got "${key}"`);
    const config = toConfig({ file: null, environment: process.env, options: { ...options, logLevel: 'warn' }, sources: [] });
    const evaluation = await evaluate(config, { ...folders, key, onProgress: showProgress }, logger(config)).finally(clearLine);
    printResult(json ? evaluation : evaluationText(evaluation, data));
  });

/** Serves until a signal or a failure. `read` reads the configuration file again; null: there is none. */
async function run(config: Config, read: (() => Config) | null): Promise<void> {
  checkNetworkAccess(config);
  const secrets = new Secrets(config);
  const log = logger(config, secrets);
  const app = await serve(config, { log, secrets, read });
  const address = `${config.tls ? 'https' : 'http'}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${app.port}`;
  log.info({ address }, 'listening; research use only, not a medical device');
  // The last line of the start: what sources had to report is logged by then.
  void app.started.then(() => closingSince === Infinity && log.info(`open ${address} in a browser`));
  const stopSignal = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    // Reload; without a file: the terminal was closed. The log contains the outcome of a reload.
    process.on('SIGHUP', () => (read ? void app.reload().catch(() => undefined) : resolve()));
  });
  try {
    await Promise.race([stopSignal, app.failed]);
  } finally {
    closingSince = performance.now();
    await app.close();
  }
}

/** The process ends once every child process and socket is gone, and at the latest after EXIT_TIMEOUT_MS. */
function exit(code: number): void {
  process.exitCode = code;
  const elapsed = Math.max(0, performance.now() - closingSince);
  setTimeout(() => process.exit(code), EXIT_TIMEOUT_MS - elapsed).unref();
}

program.parseAsync().then(
  () => exit(0),
  (error: unknown) => {
    if (error instanceof DataSetError) for (const { file, problem } of error.problems) process.stderr.write(`${file}: ${problem}\n`);
    const lines = error instanceof ConfigErrors ? error.lines : error instanceof CommanderError ? [] : [errorText(error)];
    for (const line of lines) process.stderr.write(`angiocast: ${redactUri(line)}\n`);
    exit(exitCode(error));
  },
);
