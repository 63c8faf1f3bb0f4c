import type { Outgoing } from './outgoing';

/** Of one message in the sizes it is there in: the widest a screen can use, undefined where there is none. Only pictures come in several. */
export function fitting(renditions: readonly Outgoing[], maxWidth: number | null): Outgoing | undefined {
  const usable = renditions.filter(({ widths }) => {
    if (widths === null) return true;
    return maxWidth === null ? widths.encoded === widths.captured : widths.encoded <= maxWidth;
  });
  return usable.reduce<Outgoing | undefined>((widest, one) => (widest && wide(widest) >= wide(one) ? widest : one), undefined);
}

const wide = ({ widths }: Outgoing): number => widths?.encoded ?? 0;
