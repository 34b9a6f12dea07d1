/** Shortens a text to at most `bytes` bytes of UTF-8, between characters. */
export function shorten(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const available = bytes - Buffer.byteLength('…');
  let used = 0;
  let shortened = '';
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > available) break;
    shortened += character;
  }
  return `${shortened}…`;
}
