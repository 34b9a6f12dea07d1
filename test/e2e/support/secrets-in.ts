/**
 * The secret parts of a secret's text: the text itself, or the fields of a JSON object that are named so.
 *
 * A generated password may begin with a brace and be no JSON.
 */
export function secretsIn(text: string): string[] {
  const found: string[] = [];
  try {
    const value: unknown = JSON.parse(text, (key, field: unknown) => {
      if (typeof field === 'string' && field !== '' && /password|secret/i.test(key)) found.push(field);
      return field;
    });
    return typeof value === 'object' && value !== null ? found : [text];
  } catch {
    return [text];
  }
}
