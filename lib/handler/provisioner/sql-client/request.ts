import type {
  AccessSpec,
  ApplyRequest,
  Login,
  Owner,
  RemoveRequest,
  VerifyRequest,
} from '../../../private/wire/sql';
import { MissingDependency } from '../runtime/failure';
import type { Run } from '../aws/run';
import { parseObject, passwordIn } from '../aws/secret-kinds';
import { findServer } from './server-address';
import type { ServerTarget } from './server-target';

/** A role on a server, and the secrets of the role and of the administrator. */
export interface AccessTarget {
  readonly server: ServerTarget;
  readonly access: AccessSpec;
  /** Absent if a DBA runs the SQL. */
  readonly adminSecret?: string;
  readonly passwordSecret: string;
}

/** The administrator's secret holds no login. */
export class NoLogin extends MissingDependency {
  override readonly name = 'NoLogin';
}

/** Builds an apply request with the current secrets. */
export async function applyRequest(
  run: Run,
  { server: target, access, adminSecret, passwordSecret }: AccessTarget,
  owner: Owner,
  previous?: AccessSpec,
): Promise<ApplyRequest> {
  const server = await findServer(run, target);
  const admin = await readAdmin(run, adminSecret);
  const password = await readPassword(run, passwordSecret);
  return { operation: 'apply', server, admin, owner, access, password, ...(previous && { previous }) };
}

/** Builds a verify request, which needs no administrator. */
export async function verifyRequest(
  run: Run,
  { server: target, access, passwordSecret }: AccessTarget,
): Promise<VerifyRequest> {
  const server = await findServer(run, target);
  const password = await readPassword(run, passwordSecret);
  return { operation: 'verify', server, access, password };
}

/** Builds a remove request with the administrator's current login. */
export async function removeRequest(
  run: Run,
  { server: target, access, adminSecret }: AccessTarget,
  owner: Owner,
): Promise<RemoveRequest> {
  const server = await findServer(run, target);
  return { operation: 'remove', server, admin: await readAdmin(run, adminSecret), owner, access };
}

/** Reads the password of the role. */
export async function readPassword(run: Run, secret: string): Promise<string> {
  return passwordIn(await run.call('password secret', () => run.aws.secrets.read(secret)), secret);
}

/** Reads the administrator's login. A secret that RDS manages holds only username and password. */
export async function readAdmin(run: Run, secret: string | undefined): Promise<Login> {
  if (secret === undefined) throw new NoLogin('A DBA runs the SQL: there is no secret of an administrator.');
  const text = await run.call('admin secret', () => run.aws.secrets.read(secret));
  const { username, password } = parseObject(text) ?? {};
  if (typeof username === 'string' && username && typeof password === 'string' && password)
    return { user: username, password, secret };
  throw new NoLogin(
    `The administrator's secret ${secret} does not hold a JSON object with "username" and "password". Name the secret of the server's administrator, or complete it, then deploy again.`,
  );
}
