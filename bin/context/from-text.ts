/** A value of the command line, which is always text, as the type that is wanted; left as it is where it does not fit. */
export function fromText(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value;
  switch (type) {
    case 'array':
      return value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    case 'boolean':
      return { true: true, false: false }[value] ?? value;
    case 'integer':
      return /^-?\d+$/.test(value) ? Number(value) : value;
    default:
      return value;
  }
}
