/** The width of the output, for a terminal of 100 columns. */
const WIDTH = 96;
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

export function heading(number: number, text: string): void {
  console.log(`\n${bold(`${number}. ${text}`)}`);
}

export function line(text: string): void {
  console.log(`   ${text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text}`);
}

/** Prints a text with line breaks. */
export function paragraph(text: string): void {
  const lines = text.match(new RegExp(`.{1,${WIDTH - 4}}(?:\\s|$)`, 'g')) ?? [];
  lines.forEach((part, i) => line(i === 0 ? part : `    ${part}`));
}

/** Prints rows in columns that are as wide as their longest cell; the last column may be truncated. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows)
    line(
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    );
}
