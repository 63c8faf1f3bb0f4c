import fc from 'fast-check';
import { FlowControl } from '../../src/push/websocket/flow-control';

const KIB = 1024;

describe('what a client has read', () => {
  it('follows from the marks that come back, and more is sent only when the client reads on', () => {
    const window = new FlowControl();
    expect(window.sent(10 * KIB)).toBeNull();
    const first = window.sent(60 * KIB);
    expect(first).toBe(String(70 * KIB));
    window.returned(first ?? '');
    const second = window.sent(600 * KIB);
    expect(window.isFull).toBe(true);
    window.returned(second ?? '');
    expect(window.isFull).toBe(false);
  });

  it('is unknown of a client that never answers, which then waits for nothing', () => {
    const window = new FlowControl();
    for (let count = 0; count < 100; count += 1) window.sent(100 * KIB);
    expect(window.isFull).toBe(false);
  });

  it('ignores wrong marks', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.nat(1e9).map(String))), (marks) => {
        const window = new FlowControl();
        window.returned(window.sent(64 * KIB) ?? '');
        window.sent(100 * KIB);
        const last = 164 * KIB;
        for (const mark of marks) if (Number(mark) !== last) window.returned(mark);
        window.sent(29 * KIB);
        expect(window.isFull).toBe(marks.every((mark) => !/^\d+$/.test(mark) || Number(mark) > last || Number(mark) < 65 * KIB));
      }),
    );
  });
});
