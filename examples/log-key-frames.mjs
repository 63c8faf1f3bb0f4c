// Logs every key frame and mask of a running angiocast:  node examples/log-key-frames.mjs [http://127.0.0.1:8080/] [TOKEN]
import { connect, decodeMask } from 'angiocast/client';

const [url = 'http://127.0.0.1:8080/', token] = process.argv.slice(2);
const client = connect({ url, topics: ['keyframe', 'mask', 'stream'], ...(token && { token }) });
/** HTTP statuses that will be the same the next time. */
const refusals = {
  401: 'a token is needed, and this is none',
  403: 'not for this origin',
  404: 'no angiocast is there',
  421: 'it does not go by this name',
};

client.on('connection', ({ state, reason }) => {
  console.error(`connection ${state} ${reason}`);
  const [, status] = /server response: (\d+)/.exec(reason) ?? [];
  if (!(status in refusals)) return;
  console.error(`refused with ${status}: ${refusals[status]}`);
  process.exitCode = 1;
  client.close();
});
client.on('problem', ({ kind, detail }) => console.error(`${kind}: ${detail}`));
client.on('stream', ({ stream, state, reason }) => console.log(`${stream} is ${state} ${reason}`));
client.on('keyframe', ({ run, frame, status, lagMs }) =>
  console.log(`${run}: frame ${frame} ${status}, ${Math.round(lagMs)} ms after it was captured`),
);
client.on('mask', (mask) => {
  const share = decodeMask(mask).reduce((sum, value) => sum + value, 0) / (mask.width * mask.height);
  const sizes = mask.lesions.map(
    ({ longestDiameterMm: mm, longestDiameterPx: px }) => `about ${mm === null ? `${px.toFixed(0)} px` : `${mm.toFixed(0)} mm`}`,
  );
  const delay = mask.timing.publishedAt - mask.timing.capturedAt;
  console.log(
    `${mask.run}: mask of frame ${mask.frame}, ${(share * 100).toFixed(1)} % of the image, lesions ${sizes.join(', ') || 'none'}, ` +
      `published ${delay.toFixed(0)} ms after the deciding frame`,
  );
});

process.once('SIGINT', () => client.close());
