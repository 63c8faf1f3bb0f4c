import { lastValueFrom, takeUntil, takeWhile, tap, timer, toArray } from 'rxjs';
import { withSampleFeed } from '../support/sample-data';
import { digest, end, everyFfmpeg, freePort, push, sleep, source } from './ffmpegs';

it(
  'gives every picture an encoder pushes, pixel for pixel as the recording has it',
  withSampleFeed('suite-30fps', async (video, truth) => {
    const [ffmpeg] = await everyFfmpeg();
    if (!ffmpeg) throw new Error('no ffmpeg');
    const url = `rtsp://127.0.0.1:${await freePort()}/live`;
    const pushed: string[] = [];
    const kinds: string[] = [];
    const times: number[] = [];
    const live = lastValueFrom(
      // With timestamps ignored, no picture counts as late or is dropped, however busy this machine is.
      source(`${url.replace('rtsp:', 'rtsp-listen:')}#timestamps=ignore`, ffmpeg).pipe(
        takeWhile((event) => event.kind !== 'lost', true),
        takeUntil(timer(60_000)),
        tap((event) => {
          if (event.kind !== 'frame') return void (event.kind !== 'area' && kinds.push(event.kind));
          pushed.push(digest(event.frame.pixels));
          times.push(event.frame.capturedAt);
        }),
      ),
    );
    await sleep(500);
    const pusher = push(ffmpeg.path, video, url);
    await live;
    await end(pusher);

    const events = await lastValueFrom(source(`file:${video}#rate=max`, ffmpeg).pipe(toArray()));
    const read = events.flatMap((event) => (event.kind === 'frame' ? [digest(event.frame.pixels)] : []));
    expect(kinds).toEqual(['connecting', 'connected', 'lost']);
    expect(pushed).toHaveLength(truth.frameCount);
    expect(pushed).toEqual(read);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }),
  90_000,
);
