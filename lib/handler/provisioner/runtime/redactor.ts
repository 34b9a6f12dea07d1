/** Shorter values would blank out ordinary words. */
const SHORTEST = 6;

/** The second line of defence: knows the secrets of one run and takes them out of whatever leaves it. */
export class Redactor {
  private readonly secrets = new Set<string>();

  /** Remembers a secret value. */
  add(secret: string): void {
    if (secret.length >= SHORTEST) this.secrets.add(secret);
  }

  /** The text without the secrets, in plain and in JSON's spelling. */
  clean(text: string): string {
    let cleaned = text;
    for (const secret of this.secrets) {
      cleaned = cleaned.replaceAll(secret, '***').replaceAll(JSON.stringify(secret).slice(1, -1), '***');
    }
    return cleaned;
  }
}
