import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../../lib/cli/doctor/report/model';
import { draw } from '../../../lib/cli/doctor/report/page/layout';
import { asPage } from '../../../lib/cli/doctor/report/page/page';
import { BrowserPage, CHROMIUM } from '../../support/chromium';
import { sampleLog } from '../support/sample-log';
import { FROM, HOURS, reportOn } from '../support/sample-report';

const HOSTILE = [
  '<script>document.title = "hit"</script>',
  '" onload="document.title = \'hit\'',
  "' autofocus onfocus='x",
  '</title></style></svg><img src=x onerror=alert(1)>',
  '\u202egnp.exe',
];
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const hostile = HOSTILE.map((name) => ({
  role: name,
  database: name,
  sql: `INSERT INTO ${quoted(name)} SELECT * FROM ${quoted(`x ${name}`)}`,
}));

let report: Report;
let page: string;
beforeAll(async () => {
  report = await reportOn(sampleLog(FROM, HOURS, hostile));
  page = asPage(report);
});

test('escapes names of tables, roles and databases that look like markup', () => {
  const body = page.slice(page.indexOf('<body>'), page.indexOf("<script>'use strict'"));
  expect(body).toContain('&lt;script&gt;document.title = &quot;&quot;hit&quot;&quot;&lt;/script&gt;');
  expect(body).not.toMatch(/<script|<img|onload="|onfocus='|<\/style/);
  expect(body).not.toContain('\u202e');
});

test('allows its own style and script and no request', () => {
  const [, policy] = /Content-Security-Policy"\s+content="([^"]+)"/.exec(page)!;
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'$/,
  );
  expect(page).not.toMatch(/(src|href)="(?!#)/);
  expect(page).not.toMatch(/ style="| on\w+="/);
});

test('says that a log was read only in part', () => {
  const [log] = report.logs;
  const sampling = { ...log.sampling, completeParts: 2, estimatedBytes: 5_000_000_000 };
  const text = asPage({ ...report, logs: [{ ...log, sampling }] }).replace(/\s+/g, ' ');
  expect(text).toContain(
    'This is a sample: 89.2 kB of about 5 GB were read (at most 200 MB), from each hour its beginning; 2 of 4 hours were read to the end.',
  );
});

test('says how many hours of a log were not read', () => {
  const [log] = report.logs;
  const sampling = { ...log.sampling, parts: 720, completeParts: 0, unreadParts: 520 };
  const text = asPage({ ...report, logs: [{ ...log, sampling }] }).replace(/\s+/g, ' ');
  expect(text).toContain(
    'from 200 of 720 hours the beginning, and nothing from the other 520 (choose a larger --max-mb or fewer --hours); 0 of 720 hours were read to the end.',
  );
});

test('has headings in order, and each table has headers of its columns', () => {
  const levels = [...page.matchAll(/<h(\d)[ >]/g)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  levels.slice(1).forEach((level, i) => expect(level - levels[i]).toBeLessThanOrEqual(1));
  const heads = page.match(/<table/g)!.length;
  expect(page.match(/<thead>/g)).toHaveLength(heads);
  expect(page.match(/<th[ >](?![^>]*scope="col")/g) ?? []).toEqual([]);
});

test('draws 150 edges among 60 tables, in cycles too, in a few seconds', () => {
  const edges = Array.from({ length: 150 }, (_, i) => ({
    database: 'shop',
    source: `s.t${(i * 7) % 60}`,
    target: `s.t${(i * 11 + 3) % 60}`,
    kind: 'data' as const,
    statements: i + 1,
    lastSeen: FROM,
    roles: ['etl'],
    unqualified: [],
  }));
  const started = Date.now();
  const drawing = draw(edges);
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(drawing.edges).toHaveLength(150);
  const { left, top, width, height } = drawing;
  const isInside = ({ x, y }: { x: number; y: number }) =>
    x >= left && y >= top && x <= left + width && y <= top + height;
  expect(drawing.edges.every(({ points }) => points.every(isInside))).toBe(true);
});

(CHROMIUM === undefined ? describe.skip : describe)('in Chromium (skipped where it is not installed)', () => {
  let browser: BrowserPage;
  beforeAll(async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.html');
    writeFileSync(file, page);
    browser = await BrowserPage.open(`file://${file}`);
  });
  afterAll(async () => browser?.close());

  const shownRows = async () =>
    browser.evaluate<number>(`document.querySelectorAll('table.edges tbody tr:not([hidden])').length`);
  const shownEdges = async () =>
    browser.evaluate<number>(`document.querySelectorAll('path.edge:not(.off)').length`);
  const filter = async (name: string, value: string) =>
    browser.evaluate(`{
      const field = document.querySelector('[data-filter="${name}"]');
      field.value = ${JSON.stringify(value)};
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }`);
  const reset = async () =>
    browser.evaluate(
      `new Promise((done) => { document.querySelector('form').reset(); setTimeout(done, 20); })`,
    );

  test('draws the graph: each table once, inside of the drawing, and each edge', async () => {
    const tables = new Set(
      report.logs[0].coverage.edges.flatMap(({ database, source, target }) => [
        `${database} ${source}`,
        `${database} ${target}`,
      ]),
    );
    const drawn = await browser.evaluate<{ inside: boolean; overlap: boolean; count: number }>(`(() => {
      const svg = document.querySelector('.drawing svg').getBoundingClientRect();
      const boxes = [...document.querySelectorAll('g.table rect')].map((one) => one.getBoundingClientRect());
      const inside = boxes.every((box) => box.width > 10 && box.left >= svg.left && box.right <= svg.right + 1 && box.top >= svg.top && box.bottom <= svg.bottom + 1);
      const overlap = boxes.some((a, i) => boxes.some((b, j) => i < j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
      return { inside, overlap, count: boxes.length };
    })()`);
    expect(drawn).toEqual({ inside: true, overlap: false, count: tables.size });
    expect(await shownEdges()).toBe(report.logs[0].coverage.edges.length);
    expect(
      await browser.evaluate(
        `[...document.querySelectorAll('path.edge')].every((one) => one.getTotalLength() > 10)`,
      ),
    ).toBe(true);
  });

  test.each([
    ['text', 'Marts.Revenue__', 3],
    ['role', 'analyst', 1],
    ['database', 'billing', 1],
    ['text', 'no such table', 0],
  ])('filters the drawing and the table by %s %s', async (name, value, count) => {
    await filter(name, value);
    expect([await shownRows(), await shownEdges()]).toEqual([count, count]);
    expect(await browser.evaluate(`document.querySelector('output').textContent`)).toBe(
      `${count} of ${report.logs[0].coverage.edges.length} edges`,
    );
    await reset();
    expect(await shownRows()).toBe(report.logs[0].coverage.edges.length);
  });

  test('shows the edges of a table that is chosen by keyboard', async () => {
    await browser.evaluate(`document.querySelector('g.table[data-name="finance.targets"]').focus()`);
    await browser.press('Enter');
    expect(await browser.evaluate(`document.querySelector('[data-filter="text"]').value`)).toBe(
      'finance.targets',
    );
    expect(await shownEdges()).toBe(1);
    await reset();
  });

  test('has another background in the dark scheme, and fits the window in both', async () => {
    const look = async (scheme: 'dark' | 'light') => {
      await browser.useScheme(scheme);
      expect((await browser.screenshot()).length).toBeGreaterThan(20_000);
      expect(await browser.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
      return browser.evaluate<string>(`getComputedStyle(document.body).backgroundColor`);
    };
    expect(await look('light')).toBe('rgb(246, 247, 249)');
    expect(await look('dark')).toBe('rgb(18, 22, 28)');
  });

  test.each([400, 800, 1600])('is never wider than a window of %s pixels', async (width) => {
    await browser.useWidth(width);
    expect(await browser.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(width);
  });

  test('runs no markup of a name, sends no request, and nothing complains', async () => {
    expect(await browser.evaluate(`document.title`)).toBe('Datafold report: Shop');
    expect(await browser.evaluate(`document.images.length + document.scripts.length`)).toBe(1);
    expect(browser.requests).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });
});
