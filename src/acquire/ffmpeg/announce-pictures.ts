import type { Announcement, PipePart } from './cut-images';
import { alwaysFullRange } from './decoded-pictures';
import type { LogFact } from './log-line';

export type LoggedPicture = Extract<LogFact, { kind: 'picture' }>;

export interface AnnouncerParts {
  /** Only pictures that differ from the one before are written (changed-only.ts). */
  readonly changedOnly: boolean;
  readonly now: () => number;
  /** Called once for each picture, in order. `range`: its colour range. */
  readonly describe: (picture: LoggedPicture, range: string) => Announcement;
}

/**
 * Announces each picture of the log as soon as it is known what it is and whether its bytes follow.
 *
 *    log    p-r-c---p-r-n-c-o-p-r-c-|      p picture, r range, c equal, n passes anyway, o output
 *    parts  ----R-----------P-----R-|      P picture, R repeat
 */
export function pictureAnnouncer({ changedOnly, now, describe }: AnnouncerParts, announce: (part: PipePart) => void) {
  /** Its range may be on the next line. */
  let logged: LoggedPicture | null = null;
  /** It may be a repeat. */
  let undecided: { readonly announcement: Announcement; readonly passesAnyway: boolean } | null = null;

  const decide = (part: { readonly kind: 'picture' } | { readonly kind: 'repeat'; readonly at: number }): void => {
    if (undecided) announce({ ...undecided.announcement, ...part });
    undecided = null;
  };
  const repeat = (): void => decide({ kind: 'repeat', at: now() });
  const endOfPicture = (range = 'unknown'): void => {
    if (!logged) return;
    const announcement = describe(logged, range);
    undecided = { announcement, passesAnyway: logged.passesAnyway };
    logged = null;
    if (!changedOnly) decide({ kind: 'picture' });
  };

  return {
    picture(picture: LoggedPicture): void {
      endOfPicture();
      // Nothing said that it was written.
      repeat();
      logged = picture;
      if (alwaysFullRange(picture.format)) endOfPicture();
    },
    range: endOfPicture,
    /** Anything else was logged. */
    endOfPicture: (): void => endOfPicture(),
    change(changed: boolean): void {
      endOfPicture();
      if (!changed && undecided?.passesAnyway === false) repeat();
    },
    output(): void {
      endOfPicture();
      decide({ kind: 'picture' });
    },
  };
}
