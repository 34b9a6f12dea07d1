/** The value of a connection's secret, as far as a rotation looks at it. */
export interface Connection {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Undefined where the secret has no value yet, or another one. */
export function parseConnection(text: string | undefined): Connection | undefined {
  try {
    const value = JSON.parse(text ?? '') as Connection | null;
    return typeof value?.options === 'object' && value.options !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
