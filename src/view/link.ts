/** As the page sees its connection: before the first answer, answering, or gone (also while it is tried again). */
export type Link = 'connecting' | 'open' | 'gone';
