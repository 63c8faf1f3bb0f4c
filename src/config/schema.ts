import * as z from 'zod';
import { MOST_CAPTURE_LATENCY_MS } from '../acquire/source-spec';
import { area, MOST_RECTANGLES, rectangles, yesNo as bit } from '../acquire/uri-options';
import { PROVIDERS } from '../infer/providers/provider';
import { expectedHours, EXPECTED_HOURS_FORMAT } from '../measure/expected-hours';
import { defaultLimits } from '../push/access/limits';

/** An integer, or its digits as the environment and the command line give them. */
const integer = (least: number, most: number) =>
  z.preprocess((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value), z.int().min(least).max(most));
/** A boolean, or its text. */
const yesNo = z.preprocess((value) => (typeof value === 'string' ? (bit.read(value) ?? value) : value), z.boolean());
const rect = z.strictObject({ x: z.int().min(0), y: z.int().min(0), width: z.int().min(1), height: z.int().min(1) });
/** Sent as an HTTP header and as a WebSocket subprotocol: a token of RFC 9110. */
const token = z
  .string()
  .min(16)
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, "expected letters, digits and !#$%&'*+-.^_`|~ only");
const name = z.string().regex(/^[\w.-]{1,64}$/, 'expected letters, digits, ".", "_" or "-"');

/** A frame-ancestors source of Content-Security-Policy; nothing else may reach that header. */
const frameAncestor = z
  .string()
  .regex(/^(?:\*|https?:\/\/(?:\*\.)?[a-z0-9.-]+(?::(?:\d{1,5}|\*))?)$/i, 'expected https://host, or * for all');

/** The URL of a trace collector; may carry credentials. */
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });

/** As in a URI, or with named numbers. */
const imageArea = z.preprocess(
  (value) => (typeof value === 'string' ? (area.read(value) ?? value) : value),
  z.union([z.literal('auto'), rect], { error: `expected ${area.expected}` }),
);

const redact = z.preprocess(
  (value) => (typeof value === 'string' ? (rectangles.read(value) ?? value) : value),
  z.union([z.array(rect).max(MOST_RECTANGLES), z.never()], { error: `expected ${rectangles.expected}` }),
);

/** Only checked here; parsed when the stream is built. */
const hours = z.string().refine((text) => expectedHours(text) !== undefined, { error: `expected ${EXPECTED_HOURS_FORMAT}` });

export const streamSchema = z.strictObject({
  source: z.string().min(1),
  id: name.optional(),
  name: z.string().min(1).max(100).optional(),
  imageArea: imageArea.optional(),
  plane: integer(1, 2).optional(),
  polarity: z.enum(['dark-vessels', 'bright-vessels']).optional(),
  pixelSpacingMm: z.number().positive().optional(),
  captureLatencyMs: z.number().min(0).max(MOST_CAPTURE_LATENCY_MS).optional(),
  timestamps: z.enum(['trust', 'ignore']).optional(),
  track: z.int().min(1).max(99).optional(),
  deinterlace: z.enum(['auto', 'none']).optional(),
  redact: redact.optional(),
  expected: hours.optional(),
});

export const limitsSchema = z.strictObject({
  clients: z.int().min(1).max(100_000).default(defaultLimits.clients),
  clientsPerAddress: z.int().min(1).max(100_000).default(defaultLimits.clientsPerAddress),
  handshakeSeconds: z.number().min(0.1).max(300).default(defaultLimits.handshakeSeconds),
  messagesPerSecond: z.int().min(10).max(10_000).default(defaultLimits.messagesPerSecond),
  subscriptionsPerSecond: z.int().min(1).max(1000).default(defaultLimits.subscriptionsPerSecond),
});

const tlsSchema = z.strictObject({ certificate: z.string().min(1), key: z.string().min(1) });

/** All settings; angiocast.yaml explains them. */
export const configSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: integer(0, 65535).default(8080),
  token: token.optional(),
  operatorToken: token.optional(),
  insecure: yesNo.default(false),
  tls: tlsSchema.optional(),
  allowedOrigins: z.array(z.string()).default([]),
  frameAncestors: z.array(frameAncestor).default([]),
  limits: limitsSchema.prefault({}),
  model: z.string().min(1).optional(),
  provider: z.enum(['auto', ...PROVIDERS]).default('auto'),
  threads: integer(1, 256).optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  logFormat: z.enum(['auto', 'json', 'pretty']).default('auto'),
  otlpEndpoint: httpUrl.optional(),
  streams: z.array(streamSchema).default([]),
});

export type ConfigKey = keyof typeof configSchema.shape;
export const configKeys = Object.keys(configSchema.shape) as readonly ConfigKey[];
export const streamKeys = Object.keys(streamSchema.shape);

/** Keys whose values are never shown. */
export const secretKeys: readonly ConfigKey[] = ['token', 'operatorToken'];
/** These, and keys whose values may contain a secret. */
export const keysWithSecrets: readonly ConfigKey[] = [...secretKeys, 'otlpEndpoint'];

/** The keys nested in a key. */
export const nestedKeys: Readonly<Partial<Record<ConfigKey, readonly string[]>>> = {
  streams: streamKeys,
  tls: Object.keys(tlsSchema.shape),
  limits: Object.keys(limitsSchema.shape),
};

/** The variable of a key: ANGIOCAST_LOG_LEVEL for logLevel. ANGIOCAST_SOURCE is one URI that replaces all streams. */
export const environmentVariable = (key: ConfigKey): string =>
  key === 'streams' ? 'ANGIOCAST_SOURCE' : `ANGIOCAST_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** The value of a key from its variable: lists separated by commas, nested keys as JSON. */
export function fromEnvironment(key: ConfigKey, text: string): unknown {
  if (key === 'streams') return [{ source: text }];
  if (key in nestedKeys) return fromJson(text);
  return key === 'allowedOrigins' || key === 'frameAncestors' ? text.split(',').map((origin) => origin.trim()) : text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
