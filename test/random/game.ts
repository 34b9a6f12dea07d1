import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { superuser } from '../e2e/support/database';
import { seed } from '../e2e/support/seed';
import type { World } from '../e2e/support/world';
import { Engine, type Ended } from './engine';
import { RefusingServer } from './refusing-server';
import { allDifferences, differences, snapshot, type Snapshot } from './snapshot';
import { datafoldTemplate, serverFacts, SERVERS, serversTemplate } from './templates';
import { describeChange, IN_DATABASE, PATH, type Change, type Fault, type Variant } from './variant';

const STACK = 'Random';

/** The stack, what it should be, and what was done with it so far. */
export class Game {
  /** Since the stack was made last. */
  public readonly history: string[] = [];
  public rounds = 0;
  /** By what a server should hold: what it held when that was so before. */
  private readonly servers = new Map<string, readonly string[]>();

  /** With the servers, and nothing of the library's. */
  public static async start(world: World): Promise<Game> {
    const engine = new Engine(world);
    const { outputs, failures, status } = await engine.create('Servers', serversTemplate());
    if (status !== 'CREATE_COMPLETE') throw new Error(`The servers can't be made:\n${failures.join('\n')}`);
    for (const id of SERVERS) {
      const facts = serverFacts(outputs, id);
      await seed(world, facts);
      await allowExclusions(world, facts);
    }
    return new Game(
      world,
      engine,
      outputs,
      await snapshot(world, outputs),
      await new RefusingServer().start(),
    );
  }

  private constructor(
    private readonly world: World,
    private readonly engine: Engine,
    private readonly known: Record<string, string>,
    private readonly nothing: Snapshot,
    private readonly refusing: RefusingServer,
  ) {}

  public async create(variant: Variant): Promise<void> {
    this.history.length = 0;
    this.servers.clear(); // another stack leaves other marks
    this.history.push(`made with ${JSON.stringify(variant)}`);
    const ended = await this.engine.create(STACK, this.template(variant));
    expectStatus(ended, ['CREATE_COMPLETE']);
    this.compareServers(variant, await this.look());
  }

  /** Returns what the stack is then: the new variant, or the old one. */
  public async change(from: Variant, change: Change): Promise<Variant> {
    const before = await this.look();
    const text = describeChange(from, change);
    this.history.push(text);
    this.injectFault(change.fault);
    const template = this.template(change.to, change.fault);
    const ended = await this.engine.update(STACK, template);
    this.injectFault(undefined);
    const after = await this.look();
    const seconds = `${Math.round(ended.seconds)} s`.padStart(5);
    this.rounds++;
    console.log(`round ${`${this.rounds}`.padStart(3)} ${seconds}  ${ended.status.padEnd(24)}  ${text}`);
    expectStatus(ended, ['UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);
    if (ended.status === 'UPDATE_COMPLETE') {
      this.compareServers(change.to, after);
      return change.to;
    }
    const sameRoles = !change.props.some((prop) => PATH.includes(prop));
    expectNone(allDifferences(after, before, sameRoles), 'the rollback did not bring back what was there');
    return from;
  }

  public async stop(): Promise<void> {
    await this.refusing.stop();
  }

  public async destroy(): Promise<void> {
    this.history.push('destroyed');
    expectStatus(await this.engine.remove(STACK), ['DELETE_COMPLETE']);
    expectNone(allDifferences(await this.look(), this.nothing), 'something was left behind');
  }

  private async look(): Promise<Snapshot> {
    return snapshot(this.world, this.known);
  }

  /** The server that is used holds what it held with the same props before; the other one is as it was without the library. */
  private compareServers(variant: Variant, now: Snapshot): void {
    const [used, other] =
      variant.server === 'first' ? (['first', 'second'] as const) : (['second', 'first'] as const);
    expectNone(
      differences(now[other], this.nothing[other]),
      `something was left behind on the ${other} server`,
    );
    const ofOther = (lines: readonly string[]) => {
      const { ClusterIdentifier } = serverFacts(this.known, other === 'first' ? 'First' : 'Second');
      return lines.filter((line) => line.includes(ClusterIdentifier));
    };
    expectNone(
      differences(ofOther(now.aws), ofOther(this.nothing.aws)),
      `the ${other} server is not as it was`,
    );
    const key = JSON.stringify(IN_DATABASE.map((prop) => variant[prop]));
    const known = this.servers.get(key);
    if (known)
      expectNone(differences(now[used], known), `the ${used} server is not as it was with these props`);
    this.servers.set(key, now[used]);
  }

  private injectFault(fault: Fault | undefined): void {
    const { port } = this.refusing;
    const desired = fault?.kind === 'call' ? { calls: fault.calls, skip: fault.skip, port } : {};
    writeFileSync(this.faultFile, JSON.stringify(desired));
  }

  private template(variant: Variant, fault?: Fault): string {
    return datafoldTemplate(this.known, this.faultFile, variant, fault);
  }

  private get faultFile(): string {
    return join(this.world.lab.dir, 'fault.json');
  }
}

/** On RDS the administrator may set log_statement for others; PostgreSQL's own has to be allowed it. */
async function allowExclusions({ lab, aws }: World, facts: Record<string, string>): Promise<void> {
  const { username } = JSON.parse(await aws.secret(facts.AdminSecret!)) as { username: string };
  await superuser(lab, await lab.portOf(facts.Host!), 'postgres', async (client) =>
    client.query(`GRANT SET ON PARAMETER log_statement TO "${username}"`),
  );
}

function expectStatus({ status, failures, failedCleanUps }: Ended, expected: readonly string[]): void {
  if (!expected.includes(status))
    throw new Error(`The stack ended as ${status}:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  expectNone(failedCleanUps, 'something was left in the clean-up');
}

function expectNone(lines: readonly string[], what: string): void {
  if (lines.length > 0) throw new Error(`${what}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
