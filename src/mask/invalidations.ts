import { concatMap, defer, type OperatorFunction } from 'rxjs';
import type { SceneChange } from '../detect/key-frames';
import type { InvalidEvent, InvalidReason, MaskEvent, PipelineEvent, RunEvent } from '../event';

/**
 * Invalidates each mask when it no longer shows the current picture: after a newer mask, a scene change, a new run or
 * the loss of the source. A mask that comes too late is still published, for the record, and invalidated at once.
 *
 *    events  --M1----M2------R--M3--|       M masks, R a run begins; M3 belongs to the run before
 *    out     --M1----iM2-----iR-M3i-|
 */
export function invalidations(stream: string): OperatorFunction<PipelineEvent | SceneChange, PipelineEvent> {
  return (events) =>
    defer(() => {
      let shown: MaskEvent | null = null;
      let lost = false;
      let scene: { readonly run: string; readonly from: number } | null = null;

      const retire = (at: number, reason: InvalidReason): InvalidEvent[] => {
        const retired = shown;
        shown = null;
        return retired ? [{ kind: 'invalid', stream, at, run: retired.run, frame: retired.frame, reason }] : [];
      };
      const whyLate = ({ run, frame }: MaskEvent): InvalidReason | null => {
        if (scene?.run !== run) return 'new-run';
        if (lost) return 'source-lost';
        return frame < scene.from ? 'scene-change' : null;
      };

      const begin = (event: RunEvent): PipelineEvent[] => {
        lost = false;
        scene = { run: event.run, from: 0 };
        return [...retire(event.at, 'new-run'), event];
      };
      const publish = (event: MaskEvent): PipelineEvent[] => {
        const { at, run, frame } = event;
        const late = whyLate(event);
        if (late) return [event, { kind: 'invalid', stream, at, run, frame, reason: late }];
        const before = shown?.run === run && shown.frame === frame ? [] : retire(at, 'superseded');
        shown = event;
        return [...before, event];
      };

      return events.pipe(
        concatMap((event): PipelineEvent[] => {
          if (event.kind === 'mask') return publish(event);
          if (event.kind === 'run' && event.phase === 'started') return begin(event);
          if (event.kind === 'scene-change') {
            scene = { run: event.run, from: event.frame };
            return retire(event.at, 'scene-change');
          }
          if (event.kind === 'stream' && event.state === 'lost') {
            lost = true;
            return [...retire(event.at, 'source-lost'), event];
          }
          return [event];
        }),
      );
    });
}
