import { Account } from './account';
import { arrange, type Kind, KINDS, properties, type Properties, type Row, ROWS } from './decision-table';

/** Every pair of changes of two owners of a server and its log group; afterwards both are as they were before. */

const KEY = (name: string) => `arn:aws:kms:us-east-1:111122223333:key/${name}`;

/** What an owner may require beyond the statements. */
const OPTIONS: Readonly<Record<string, Partial<Properties>>> = {
  nothing: {},
  'no bind values': { logBindValues: 'false' },
  'a month': { logRetention: '30' },
  'a week, shortened': { logRetention: '7', shortenLogRetention: 'true' },
  'two months and a key': { logRetention: '60', logEncryptionKey: KEY('one') },
  'another key, no bind values': { logEncryptionKey: KEY('two'), logBindValues: 'false' },
  masking: { maskedData: ['Name'] },
  everything: {
    logBindValues: 'false',
    logRetention: '9999',
    logEncryptionKey: KEY('three'),
    maskedData: ['Name'],
  },
};

const LOG_GROUPS = [
  {},
  { retentionInDays: 14 },
  { retentionInDays: 365, kmsKeyArn: KEY('original') },
  { kmsKeyArn: KEY('original') },
];

const names = Object.keys(OPTIONS);
const pairs = names.flatMap((one) => names.map((other) => [one, other] as const));
const rows = ROWS.filter(({ name }) => !name.includes('reboot'));

interface Case {
  readonly kind: Kind;
  readonly row: Row;
  readonly logGroup: (typeof LOG_GROUPS)[number];
}

/** A different server for each pair, so that each occurs with many. */
function caseFor(index: number): Case {
  return {
    kind: KINDS[index % KINDS.length],
    row: rows[index % rows.length],
    logGroup: LOG_GROUPS[(index * 3 + Math.floor(index / 8)) % LOG_GROUPS.length],
  };
}

/** The two owners, what each requires now, and who was served last: its key counts. */
class Owners {
  readonly account: Account;
  readonly required = new Map<'A' | 'B', Partial<Properties>>();

  constructor(
    account: Account,
    private readonly of: Case,
  ) {
    this.account = account;
    this.resources = { A: account.resource, B: account.another() };
  }

  private readonly resources;

  async set(owner: 'A' | 'B', option: string): Promise<void> {
    const resource = this.resources[owner];
    const { kind, row } = this.of;
    const props = {
      ...row.props,
      ...OPTIONS[option],
      newGroupName: `datafold-${owner.toLowerCase()}-1a2b3c4d`,
    };
    const desired = properties(
      kind,
      row.before === 'shared' && !row.props ? { ...props, sharedParameterGroup: 'modify' } : props,
    );
    const answer = await (this.required.has(owner) ? resource.update(desired) : resource.create(desired));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    this.required.delete(owner);
    this.required.set(owner, desired);
    this.check(desired);
  }

  async remove(owner: 'A' | 'B'): Promise<void> {
    expect(await this.resources[owner].remove()).toMatchObject({ Status: 'SUCCESS' });
    this.required.delete(owner);
    if (this.required.size > 0) this.check({});
  }

  /** What server and log group are set to, by what the owners require and the original settings. */
  private check(last: Partial<Properties>): void {
    const { shop, environment } = this.account;
    const { logGroup, kind } = this.of;
    const all = [last, ...this.required.values()];
    const days = all.flatMap(({ logRetention, shortenLogRetention }) => {
      if (logRetention === undefined) return [];
      if (logRetention === '9999') return [Infinity];
      return [
        shortenLogRetention === 'true'
          ? +logRetention
          : Math.max(+logRetention, logGroup.retentionInDays ?? 0),
      ];
    });
    const longest = days.length > 0 ? Math.max(...days) : logGroup.retentionInDays;
    const isMasked = all.some(({ maskedData }) => maskedData);
    const { policy, ...settings } = environment.logs.groupOf(`/aws/rds/${kind}/shop/postgresql`)!;
    expect({
      logStatement: shop.group.set.get('log_statement'),
      bindValues: shop.group.set.get('log_parameter_max_length'),
      exports: shop.exports,
      isMasked: policy !== undefined,
      ...settings,
    }).toEqual({
      logStatement: this.of.row.logStatement,
      bindValues: all.some(({ logBindValues }) => logBindValues === 'false') ? '0' : undefined,
      exports: ['postgresql'],
      isMasked,
      retentionInDays: longest === Infinity ? undefined : longest,
      kmsKeyArn: all.find(({ logEncryptionKey }) => logEncryptionKey)?.logEncryptionKey ?? logGroup.kmsKeyArn,
    });
  }
}

async function stateOf(account: Account, { kind }: Case): Promise<unknown> {
  const name = `/aws/rds/${kind}/shop/postgresql`;
  const { logs } = account.environment;
  const rds: unknown = await account.settled();
  return structuredClone({ rds, logGroup: logs.groupOf(name), tags: logs.tagsOf(name) });
}

describe.each(['A', 'B'] as const)('%s is removed first', (goes) => {
  test.each(pairs)('one owner changes to: %s; the other to: %s', async (one, other) => {
    const index = pairs.findIndex(([a, b]) => a === one && b === other);
    const of = caseFor(index + (goes === 'B' ? 5 : 0));
    const account = await Account.open();
    try {
      arrange(account, of.kind, of.row);
      account.environment.logs.add(`/aws/rds/${of.kind}/shop/postgresql`, of.logGroup);
      const before = await stateOf(account, of);
      const owners = new Owners(account, of);
      await owners.set('A', names[(index * 5 + 1) % names.length]);
      await owners.set('B', names[(index * 3 + 2) % names.length]);
      await owners.set('A', one);
      await owners.set('B', other);
      await owners.remove(goes);
      await owners.remove(goes === 'A' ? 'B' : 'A');
      for (const instance of account.rds.instances.values())
        if (instance.groupStatus === 'pending-reboot') instance.reboot(account.rds.durations);
      expect(await stateOf(account, of)).toEqual(before);
    } finally {
      await account.environment.stop();
    }
  });
});
