import type { Login } from '../../../private/wire/sql';
import { findBlocker, withBlocker } from './blocked';
import { connect } from './connect';
import { Session } from './session';
import type { Target } from './target';

/** Opens a connection, runs `work` and ends the connection whatever happens. */
export async function withSession<T>(
  target: Target,
  login: Login,
  databaseName: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withConnections(target, (connections) => connections.use(login, databaseName, work));
}

/** Lets `work` use connections, and ends them whatever happens. */
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

/** A connection that nobody uses at the moment. */
interface Idle {
  readonly user: string;
  readonly session: Session;
}

/**
 * Connections that are kept from one piece of work to the next in the same database: opening them takes long. Of each login
 * one unused connection is kept, of the administrator two: work on the role and work in a database take turns.
 */
export class Connections {
  /** The least recently used one first. */
  private idle: Idle[] = [];

  constructor(
    private readonly target: Target,
    private readonly adminName?: string,
  ) {}

  /** Runs `work` with a connection that nobody else uses meanwhile; it is ended if the work fails. */
  async use<T>(login: Login, databaseName: string, work: (session: Session) => Promise<T>): Promise<T> {
    const { user } = login;
    const session = this.take(user, databaseName) ?? (await this.connect(login, databaseName));
    let result: T;
    try {
      result = await work(session);
    } catch (error) {
      await session.end();
      throw error;
    }
    this.idle.push({ user, session });
    await this.keep(user, this.mostIdle(user));
    return result;
  }

  /** Ends the unused connections of a login, or all. */
  async end(login?: Pick<Login, 'user'>): Promise<void> {
    const isMeant = ({ user }: Idle) => !login || user === login.user;
    const ended = this.idle.filter(isMeant);
    this.idle = this.idle.filter((one) => !isMeant(one));
    for (const { session } of ended) await session.end();
  }

  private take(user: string, databaseName: string): Session | undefined {
    const isFit = (one: Idle) => one.user === user && one.session.databaseName === databaseName;
    const index = this.idle.findIndex(isFit);
    return index < 0 ? undefined : this.idle.splice(index, 1)[0].session;
  }

  private mostIdle(user: string): number {
    return user === this.adminName ? 2 : 1;
  }

  /** Ends the oldest unused connections of a login but for `count`. */
  private async keep(user: string, count: number): Promise<void> {
    const own = this.idle.filter((one) => one.user === user);
    const ended = own.slice(0, Math.max(0, own.length - count));
    this.idle = this.idle.filter((one) => !ended.includes(one));
    for (const { session } of ended) await session.end();
  }

  private async connect(login: Login, databaseName: string): Promise<Session> {
    await this.keep(login.user, this.mostIdle(login.user) - 1);
    const { client, usesScram } = await connect(this.target, login, databaseName);
    const { processID } = client as unknown as { processID: number };
    const findHolder = async () => findBlocker(this.target, login, databaseName, processID);
    const watch = async <T>(send: () => Promise<T>) => withBlocker(send, findHolder);
    return new Session(client, databaseName, this.target.deadline, usesScram, this.target, watch);
  }
}
