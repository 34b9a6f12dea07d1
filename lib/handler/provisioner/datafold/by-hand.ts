import { shorten } from '../runtime/failure';
import type { Difference } from './differences';
import type { TestStep } from './answers';

/** A data source in Datafold, as a person finds it there. */
export interface Named {
  readonly name: string;
  readonly id: number;
  readonly host: string;
}

/** The secret part of a form can't be compared, and must not be told: where it is found. */
const SECRET_FIELDS: Readonly<Record<string, string>> = {
  Password: 'options.password',
  'AWS Secret': 'options.aws_secret_access_key',
  'Root certificate': 'options.rootcert',
};

export function describe({ name, id, host }: Named): string {
  return `data source "${name}" (id ${id}) at ${host}`;
}

/** What to change in the app: its API has no way to. */
export function changeByHand(
  source: Named,
  changed: readonly Difference[],
  secretFields: readonly string[],
  secret: string,
): string {
  const open = changed.map(({ field, from, to }) => `${field} from ${quoted(from)} to ${quoted(to)}`);
  const hidden = secretFields.map(
    (field) => `${field} to \`${SECRET_FIELDS[field]}\` of the secret ${secret}`,
  );
  return `Datafold's API can't change a data source. Change ${describe(source)} by hand: ${[...open, ...hidden].join('; ')}. Then run its test there.`;
}

export function deleteByHand(source: Named): string {
  return `Datafold's API can't delete a data source. Delete ${describe(source)} by hand, or Datafold goes on trying to log in.`;
}

/** After a deployment that made one and then failed. */
export function leftBehind(source: Named): string {
  return `The ${describe(source)} was made and stays there: delete it by hand before you deploy again.`;
}

/** All steps with what Datafold says of each. */
export function stepsInWords(steps: readonly TestStep[]): string {
  if (steps.length === 0) return 'no step was reported';
  return steps
    .map(({ step, verdict, message }) => `${step} ${verdict}${message ? `: ${shorten(message, 100)}` : ''}`)
    .join('; ');
}

function quoted(value: string): string {
  return value === '(empty)' ? value : `"${shorten(value, 100)}"`;
}
