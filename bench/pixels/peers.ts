import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../test/e2e/serve';
import type { Peer } from './peer';

/** The baseline: what decoding alone takes. */
export const baseline = (ffmpeg: string, url: string): Peer => ({
  who: 'ffmpeg -f null',
  command: ffmpeg,
  args: [
    '-nostdin',
    '-nostats',
    '-v',
    'error',
    '-progress',
    'pipe:1',
    '-threads',
    '1',
    '-rtsp_transport',
    'tcp',
    '-i',
    url,
    '-f',
    'null',
    '-',
  ],
});

const PYTHON = [
  { name: 'opencv', who: 'OpenCV loop', script: 'opencv_loop.py' },
  { name: 'roboflow', who: 'InferencePipeline', script: 'roboflow_pipeline.py' },
];

/** Where bench/peers installs the packages of each. */
const interpreter = (name: string): string => path.join(root, `out/peers/${name}/bin/python`);

/** Programs that do the same work, as far as they are installed. */
export function pythonPeers(url: string, imageArea: string): readonly Peer[] {
  const model = path.join(root, 'models/dsa-ltdnet/model.onnx');
  return PYTHON.filter(({ name }) => existsSync(interpreter(name))).map(({ name, who, script }) => ({
    who,
    command: interpreter(name),
    args: ['-W', 'ignore', path.join(root, 'bench/peers', script), url, model, imageArea],
  }));
}

/** How to install the others; a line each. */
export const missingPeers = (): readonly string[] =>
  PYTHON.filter(({ name }) => !existsSync(interpreter(name))).map(
    ({ name, who }) =>
      `goes on without ${who}; to have it: python3 -m venv out/peers/${name} && out/peers/${name}/bin/pip install -r bench/peers/requirements-${name}.txt`,
  );
