import stringWidth from 'string-width';

/** Breaks a text into lines of at most `width` columns: at blanks, a longer word after punctuation or anywhere. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const joined = line === '' ? word : `${line} ${word}`;
      if (stringWidth(joined) <= width) {
        line = joined;
        continue;
      }
      if (line !== '') lines.push(line);
      const pieces = breakWord(word, width);
      lines.push(...pieces.slice(0, -1));
      line = pieces[pieces.length - 1];
    }
    lines.push(line);
  }
  return lines;
}

/** The pieces of a word that is too long, such as an ARN. */
function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (stringWidth(rest) > width) {
    let head = '';
    for (const character of rest) {
      if (head !== '' && stringWidth(head + character) > width) break;
      head += character;
    }
    const [nice = head] = /^.*[/:,.=_-]/u.exec(head) ?? [];
    pieces.push(nice);
    rest = rest.slice(nice.length);
  }
  return [...pieces, rest];
}
