import type { Login } from '../../../private/wire/sql';
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
): Promise<T> {
  const connections = new Connections(target);
  try {
    return await work(connections);
  } finally {
    await connections.end();
  }
}

/** One connection per user, kept from one piece of work to the next in the same database: opening them takes long. */
export class Connections {
  private readonly open = new Map<string, Session>();

  constructor(private readonly target: Target) {}

  /** Runs `work` with a connection, which is ended if the work fails. */
  async use<T>(login: Login, databaseName: string, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.open.get(login.user)?.databaseName !== databaseName) await this.end(login);
    let session = this.open.get(login.user);
    if (!session) {
      const { client, usesScram } = await connect(this.target, login, databaseName);
      session = new Session(client, databaseName, this.target.deadline, usesScram, this.target);
      this.open.set(login.user, session);
    }
    try {
      return await work(session);
    } catch (error) {
      await this.end(login);
      throw error;
    }
  }

  /** Ends the connection of a login, or all. */
  async end(login?: Pick<Login, 'user'>): Promise<void> {
    const users = login ? [login.user] : [...this.open.keys()];
    for (const user of users) {
      await this.open.get(user)?.end();
      this.open.delete(user);
    }
  }
}
