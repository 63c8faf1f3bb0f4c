import type { StreamView } from './stream-view';

/** Why a stream is lost, in the word that stands in the place of “Signal lost”: what somebody has to do differs. */
export function lostWord({ reason, detail = '', pictures, run }: Pick<StreamView, 'reason' | 'detail' | 'pictures' | 'run'>): string {
  switch (reason) {
    case 'no such device':
      return 'No device';
    case 'not found':
      return 'Not found';
    case 'unauthorised':
      return /forbidden$|permission denied$/.test(detail) ? 'No permission' : 'Wrong password';
    case 'refused':
      return /in use$/.test(detail) ? 'In use' : 'Refused';
    default:
      if (reason.includes('lies outside the picture')) return 'Wrong area';
      return pictures.length > 0 || run !== null ? 'Signal lost' : 'No signal';
  }
}
