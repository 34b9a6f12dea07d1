/** Writes one line of JSON: a notice, and counts. Never a statement, never a secret. */
export function log(
  notice: string,
  fields: Readonly<Record<string, string | number | boolean | undefined>> = {},
): void {
  console.log(JSON.stringify({ notice, ...fields }));
}
