/** Opens a source and half a second later ends in one of three bad ways: node open-and-end.js URI exit|throw|kill */
import { findFfmpeg } from '../../src/acquire/ffmpeg/binary.node';
import { frameSource } from '../../src/acquire/frame-source.node';
import { parseSource } from '../../src/acquire/source-uri';

const [uri = '', end] = process.argv.slice(2);

void findFfmpeg().then((ffmpeg) => {
  frameSource(parseSource(uri), { ffmpeg, clock: { now: () => performance.now() }, streamId: 's' }).subscribe();
  setTimeout(() => {
    if (end === 'exit') process.exit(3);
    if (end === 'throw') throw new Error('of the test');
    process.kill(process.pid, 'SIGKILL');
  }, 500);
});
