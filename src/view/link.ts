/** As the page sees its connection: before the first answer, answering, open but without a word for some seconds, gone (also while it is tried again), or refused. */
export type Link = 'connecting' | 'open' | 'silent' | 'gone' | 'refused';
