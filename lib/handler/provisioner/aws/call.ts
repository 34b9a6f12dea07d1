import { AwsFailure } from './failure';

/** Codes with several names. */
const SAME: Readonly<Record<string, string>> = {
  UnauthorizedOperation: 'AccessDenied',
  ThrottlingException: 'Throttling',
  RequestLimitExceeded: 'Throttling',
};

/** Runs one SDK call. Throws AwsFailure. `secret`: AWS may quote the parameters in its message. */
export async function call<T>(
  action: string,
  resource: string,
  send: () => Promise<T>,
  secret = false,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    const { name, code, message } = error as { name?: string; code?: string; message?: string };
    const known = codeOf(name === 'Error' || name === undefined ? (code ?? 'Error') : name);
    const quotable = !secret || known === 'AccessDenied' || known === 'ResourceNotFound';
    throw new AwsFailure(action, resource, known, quotable ? message : undefined);
  }
}

function codeOf(name: string): string {
  return SAME[name] ?? name.replace(/(Exception|Fault)$/, '');
}

/** The commands of a service by action: `CreateGroup` for `CreateGroupCommand`. */
type Action<Sdk> = { [Name in keyof Sdk]: Name extends `${infer A}Command` ? A : never }[keyof Sdk];
type Command<Sdk, A extends string> = Extract<
  Sdk[`${A}Command` & keyof Sdk],
  new (input: never) => SdkCommand
>;
interface SdkCommand {
  resolveMiddleware(...parameters: never[]): (parameters: never) => Promise<{ readonly output: unknown }>;
}
type Output<C extends SdkCommand> = Awaited<ReturnType<ReturnType<C['resolveMiddleware']>>>['output'];

/** Sends a command of the SDK. Throws AwsFailure. */
export type Send<Sdk> = <A extends Action<Sdk>>(
  action: A,
  /** The object of the call, for messages: a name or an ARN. */
  resource: string,
  input: ConstructorParameters<Command<Sdk, A>>[0],
  /** AWS may quote the input in its message. */
  secret?: boolean,
) => Promise<Output<InstanceType<Command<Sdk, A>>>>;

/** A client of the SDK. */
export interface Client {
  send(command: never): Promise<unknown>;
}

/** Returns a function that sends commands of one service. Its SDK is loaded, and its client created, when first used. */
export function senderOf<Sdk>(
  service: string,
  load: () => Promise<Sdk>,
  connect: (sdk: Sdk) => Client,
): Send<Sdk> {
  let made: Client | undefined;
  return async (action, resource, input, secret) => {
    const sdk = await load();
    const client = (made ??= connect(sdk));
    const Command = sdk[`${action}Command` as keyof Sdk] as new (given: typeof input) => never;
    const send = async () => client.send(new Command(input));
    return call(`${service}:${action}`, resource, send, secret) as never;
  };
}

/** Reads all pages of a list. */
export async function allPages<T>(
  page: (marker: string | undefined) => Promise<{ items?: readonly T[]; marker?: string }>,
): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const { items, marker: next } = await page(marker);
    all.push(...(items ?? []));
    marker = next;
  } while (marker);
  return all;
}
