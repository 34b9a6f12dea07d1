const styled = (format: string, text: string) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? `\x1b[${format}m${text}\x1b[0m` : text;

export function heading(text: string): void {
  console.log(`\n${styled('1', text)}`);
}

export function line(text: string): void {
  console.log(`   ${text}`);
}

/** Prints what was shown, with the evidence. If it was not shown, the exit status is 1. */
export function claim(isTrue: boolean, what: string, evidence = 'no evidence'): void {
  if (!isTrue) process.exitCode = 1;
  line(`${isTrue ? styled('32', '✔') : styled('31', '✘ NOT SO:')} ${what}: ${evidence}`);
}
