import { shorten } from '../../shorten';
import type { Difference } from './differences';
import type { TestStep } from './answers';

/** What identifies a data source in Datafold for a person. */
export interface Named {
  readonly name: string;
  readonly id: number;
  readonly host: string;
}

/** Where the secret fields of Datafold's form are found: they can't be compared and must not be quoted. */
const SECRET_FIELDS: Readonly<Record<string, string>> = {
  Password: 'options.password',
  'AWS Secret': 'options.aws_secret_access_key',
  'Root certificate': 'options.rootcert',
};

/** Returns a data source for messages: `data source "orders" (id 7) at app.datafold.com`. */
export function describe({ name, id, host }: Named): string {
  return `data source "${name}" (id ${id}) at ${host}`;
}

/** Says what to change in Datafold by hand, since its API can't update a data source. */
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
  return `Datafold's API can't update a data source. Change ${describe(source)} by hand: ${[...open, ...hidden].join('; ')}. Then run its test there.`;
}

/** Says how to delete a data source by hand. */
export function deleteByHand(source: Named): string {
  return `Datafold's API can't delete a data source. Delete ${describe(source)} by hand, or Datafold will continue to log in.`;
}

/** Says what a deployment that created a data source and then failed leaves. */
export function leftBehind(source: Named): string {
  return `The ${describe(source)} was created and remains: delete it in Datafold before you deploy again.`;
}

/** Lists all steps with Datafold's messages. */
export function stepsInWords(steps: readonly TestStep[]): string {
  if (steps.length === 0) return 'no step was reported';
  return steps
    .map(({ step, verdict, message }) => `${step} ${verdict}${message ? `: ${shorten(message, 100)}` : ''}`)
    .join('; ');
}

function quoted(value: string): string {
  return value === '(empty)' ? value : `"${shorten(value, 100)}"`;
}
