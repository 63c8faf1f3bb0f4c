/** Name of the filter that announces each picture that goes to standard output. */
export const OUTPUT_FILTER = 'showinfo@output';

/**
 * One picture in so many passes though equal to the one before, beginning with the first of a format (`n` of
 * `showinfo`), so that a change too small to count is seen within half a second at 60 Hz.
 */
export const PASSES_ANYWAY = 30;

/**
 * Filters that drop each grey picture equal to the one before: most pictures of a monitor are, and writing and reading
 * them costs more than decoding. Equal: the mean absolute difference, to three decimals, is 0, so that a thousand
 * pixels of 1920 × 1080 may change by one grey level. It is logged for each picture. From FFmpeg 4.4 on.
 */
export const CHANGED_ONLY = [
  // Logs nothing of its own below its highest score.
  'scdet=t=100',
  'metadata=mode=print:key=lavfi.scd.mafd',
  `metadata=mode=select:key=lavfi.scd.mafd:value=0:function=expr:expr='gt(VALUE1,0)+not(mod(st(0,ld(0)+1)-1,${PASSES_ANYWAY}))'`,
  `${OUTPUT_FILTER}=checksum=0`,
].join(',');
