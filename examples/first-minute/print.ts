/** The width that fits a terminal of 100 columns. */
const WIDTH = 96;
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

export function heading(number: number, text: string): void {
  console.log(`\n${bold(`${number}. ${text}`)}`);
}

export function line(text: string): void {
  console.log(`   ${text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text}`);
}

/** A long text on as many lines as it takes. */
export function paragraph(text: string): void {
  const lines = text.match(new RegExp(`.{1,${WIDTH - 4}}(?:\\s|$)`, 'g')) ?? [];
  lines.forEach((part, i) => line(i === 0 ? part : `    ${part}`));
}

/** Rows in columns as wide as their longest cell; the last column may be cut off. */
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
