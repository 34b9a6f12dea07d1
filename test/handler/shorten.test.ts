import { shorten } from '../../lib/handler/shorten';

test('shortens a text between characters, to a number of bytes', () => {
  expect(shorten('grün', 5)).toBe('grün');
  expect(shorten('grüner', 6)).toBe('gr…');
  expect(shorten('ünüü', 6)).toBe('ün…');
  expect(Buffer.byteLength(shorten('ü'.repeat(999), 1000))).toBeLessThanOrEqual(1000);
});
