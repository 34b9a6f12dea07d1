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
    unreadParts: 0,
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

describe('a log of many hours, of which a page is larger than the share of an hour', () => {
  const HOUR_MS = 60 * MINUTE_MS;
  const [PARTS, PAGES] = [720, 20];
  /** In each hour 20 pages of ten events, 1,000 bytes together. */
  async function readMany(maxBytes: number, pages = PAGES) {
    const [asked, seen, cuts]: [number[], Set<number>, Set<number>] = [[], new Set(), new Set()];
    const sampling = await readLog(
      async ({ from, nextToken = '0' }) => {
        asked.push(from / HOUR_MS);
        const page = Number(nextToken);
        const at = from + (page * HOUR_MS) / PAGES;
        return {
          events: Array.from({ length: 10 }, () => ({ stream: 's.0', at, message: 'x'.repeat(100) })),
          ...(page + 1 < pages && { nextToken: String(page + 1) }),
        };
      },
      { logGroupName: 'g', region: 'r' },
      { from: 0, to: PARTS * HOUR_MS, maxBytes },
      {
        event: ({ at }) => seen.add(Math.floor(at / HOUR_MS)),
        cut: (at) => cuts.add(Math.floor(at / HOUR_MS)),
      },
      () => undefined,
    );
    return { sampling, asked, seen: [...seen], cuts };
  }

  test('is read in hours that are spread evenly, with one request each', async () => {
    const { sampling, asked, seen, cuts } = await readMany(200_000);
    expect(sampling).toMatchObject({ parts: 720, completeParts: 0, bytesRead: seen.length * 1_000 });
    expect(sampling.unreadParts).toBe(720 - seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(195);
    expect(seen.length).toBeLessThanOrEqual(201);
    expect(asked).toEqual(seen);
    const gaps = [...seen, 720].map((hour, i) => hour - (seen[i - 1] ?? -1));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
    expect(cuts.size).toBe(720);
  });

  test('has an estimated size for the hours that were not read too', async () => {
    const { sampling } = await readMany(1_440_000, PAGES);
    expect(sampling).toMatchObject({ unreadParts: 0 });
    const fewer = (await readMany(200_000, 1)).sampling;
    expect(fewer.estimatedBytes).toBe(720_000);
  });

  test('is read in every hour if the hours are quiet', async () => {
    const { sampling } = await readMany(720_000, 1);
    expect(sampling).toMatchObject({ completeParts: 720, unreadParts: 0, bytesRead: 720_000 });
  });

  test('is asked for nothing more when the limit is reached', async () => {
    expect((await readMany(1)).asked).toEqual([0]);
  });
});

test('no request that fails is left without anyone who awaits it', async () => {
  let [requests, answers] = [0, 0];
  const limited = async () => {
    requests += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
    answers += 1;
    return { events: [{ stream: 's.0', at: FROM, message: 'x'.repeat(100) }], nextToken: 'more' };
  };
  const sink = { event: () => undefined, cut: () => undefined };
  const range = { from: FROM, to: TO, maxBytes: 200 };
  await readLog(limited, { logGroupName: 'g', region: 'r' }, range, sink, () => undefined);
  expect(requests).toBe(answers);
});
