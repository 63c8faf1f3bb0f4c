import type { Remade } from './source';

/** Why a source was opened anew at once, in words for people. */
export const remadeTexts: Readonly<Record<Remade, string>> = {
  'in-order':
    'pictures come in another order than they are shown in: opened anew with a decoder that puts them in order, each a picture or two later',
  deinterlaced: 'pictures are marked as interlaced: opened anew to deinterlace them, each a picture later (deinterlace=none leaves them)',
};
