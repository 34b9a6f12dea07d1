import { readLog } from '../../../lib/cli/doctor/report/read-log';
import type { LogEvent } from '../../../lib/cli/statement-log/entry';
import { FROM, portsFor, TO } from '../support/sample-report';

const MINUTE_MS = 60_000;
/** An event of 1,000 bytes in each minute. */
const events: LogEvent[] = Array.from({ length: 240 }, (_, i) => ({
  stream: 's.0',
  at: FROM + i * MINUTE_MS,
  message: 'x'.repeat(1_000),
}));

async function read(maxBytes: number, given = events, from = FROM) {
  const [seen, cuts, shares]: [number[], number[], number[]] = [[], [], []];
  const ports = portsFor(given);
  const small = async (query: Parameters<typeof ports.readEvents>[0]) => {
    const { events } = await ports.readEvents({ ...query, nextToken: undefined });
    const start = Number(query.nextToken ?? 0);
    const nextToken = start + 5 < events.length ? String(start + 5) : undefined;
    return { events: events.slice(start, start + 5), nextToken };
  };
  const sampling = await readLog(
    small,
    { logGroupName: 'g', region: 'r' },
    { from, to: TO, maxBytes },
    {
      event: ({ at }) => seen.push((at - FROM) / MINUTE_MS),
      cut: (at) => cuts.push((at - FROM) / MINUTE_MS),
    },
    (done, total) => shares.push(done / total),
  );
  return { sampling, seen, cuts, shares };
}

test('reads a log that is small enough to its end, each event once and in order', async () => {
  const { sampling, seen, cuts, shares } = await read(1_000_000);
  expect(seen).toEqual(events.map((_, i) => i));
  expect(cuts).toEqual([]);
  expect(sampling).toEqual({
    bytesRead: 240_000,
    maxBytes: 1_000_000,
    parts: 4,
    completeParts: 4,
    estimatedBytes: 240_000,
  });
  expect([...shares].sort((a, b) => a - b)).toEqual(shares);
});

test('reads the beginning of each hour of a log that is too large, and estimates the rest', async () => {
  const { sampling, seen, cuts } = await read(80_000);
  expect(seen).toEqual([0, 60, 120, 180].flatMap((hour) => Array.from({ length: 20 }, (_, i) => hour + i)));
  expect(cuts).toEqual([19, 79, 139, 199]);
  expect(sampling).toMatchObject({ bytesRead: 80_000, parts: 4, completeParts: 0 });
  expect(sampling.estimatedBytes / 240_000).toBeCloseTo(1, 0);
});

test('gives the busy hours what the quiet ones leave over', async () => {
  const quiet = events.filter((_, i) => i >= 180 || i % 60 === 0);
  const { sampling, seen } = await read(70_000, quiet);
  expect(seen).toHaveLength(63);
  expect(sampling).toMatchObject({ parts: 4, completeParts: 4 });
});

test('reads hours by the clock: the first one may be shorter', async () => {
  const { sampling, seen } = await read(1_000_000, events, FROM + 30 * MINUTE_MS);
  expect(seen[0]).toBe(30);
  expect(sampling.parts).toBe(4);
});

test('passes an error of CloudWatch on', async () => {
  const refuse = async () => Promise.reject(new Error('AccessDenied'));
  const sink = { event: () => undefined, cut: () => undefined };
  const range = { from: FROM, to: TO, maxBytes: 1 };
  await expect(
    readLog(refuse, { logGroupName: 'g', region: 'r' }, range, sink, () => undefined),
  ).rejects.toThrow('AccessDenied');
});
