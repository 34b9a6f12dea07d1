import type { Login } from '../../../private/wire/sql';
import { findBlocker, withBlocker } from './blocked';
import { connect } from './connect';
import { Session } from './session';
import type { Target } from './target';

/** Runs `work` with a new connection and closes it afterwards. */
export async function withSession<T>(
  target: Target,
  login: Login,
  databaseName: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withConnections(target, (connections) => connections.use(login, databaseName, work));
}

/** Runs `work` with a pool of connections and closes them afterwards. */
export async function withConnections<T>(
  target: Target,
  work: (connections: Connections) => Promise<T>,
  adminName?: string,
): Promise<T> {
  const connections = new Connections(target, adminName);
  try {
    return await work(connections);
  } finally {
    await connections.end();
  }
}

/** An unused connection. */
interface Idle {
  readonly user: string;
  readonly session: Session;
}

/**
 * A pool of connections, because opening one is slow. It keeps one unused connection per login, and two for the administrator,
 * whose work on the role and in a database alternates.
 */
export class Connections {
  /** Ordered by last use, the oldest first. */
  private idle: Idle[] = [];
  /** The number of statements that changed something and were not rolled back, in all sessions. */
  changes = 0;

  constructor(
    private readonly target: Target,
    private readonly adminName?: string,
  ) {}

  /** Runs `work` with a connection of its own. Closes the connection if the work fails. */
  async use<T>(login: Login, databaseName: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { user } = login;
    const session = this.take(user, databaseName) ?? (await this.connect(login, databaseName));
    const before = session.changes;
    let result: T;
    try {
      result = await work(session);
    } catch (error) {
      await session.end();
      throw error;
    } finally {
      this.changes += session.changes - before;
    }
    this.idle.push({ user, session });
    await this.keep(user, this.maxIdle(user));
    return result;
  }

  /** Closes the unused connections of a login, or all. */
  async end(login?: Pick<Login, 'user'>): Promise<void> {
    const isSelected = ({ user }: Idle) => !login || user === login.user;
    const ended = this.idle.filter(isSelected);
    this.idle = this.idle.filter((one) => !isSelected(one));
    await Promise.all(ended.map(({ session }) => session.end()));
  }

  private take(user: string, databaseName: string): Session | undefined {
    const isUsable = (one: Idle) => one.user === user && one.session.databaseName === databaseName;
    const index = this.idle.findIndex(isUsable);
    return index < 0 ? undefined : this.idle.splice(index, 1)[0].session;
  }

  private maxIdle(user: string): number {
    return user === this.adminName ? 2 : 1;
  }

  /** Closes all but `count` unused connections of a login, the oldest first. */
  private async keep(user: string, count: number): Promise<void> {
    const own = this.idle.filter((one) => one.user === user);
    const ended = own.slice(0, Math.max(0, own.length - count));
    this.idle = this.idle.filter((one) => !ended.includes(one));
    for (const { session } of ended) await session.end();
  }

  private async connect(login: Login, databaseName: string): Promise<Session> {
    await this.keep(login.user, this.maxIdle(login.user) - 1);
    const { client, usesScram } = await connect(this.target, login, databaseName);
    const { processID } = client as unknown as { processID: number };
    const findHolder = async () => findBlocker(this.target, login, databaseName, processID);
    const watch = async <T>(send: () => Promise<T>) => withBlocker(send, findHolder);
    return new Session(client, databaseName, this.target.deadline, usesScram, this.target, watch);
  }
}
