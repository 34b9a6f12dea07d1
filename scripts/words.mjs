// Finds words and phrases that this project does not use, in code and documents: `npm run lint` runs it.
// Reviewers asked for an explanation of each of them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The patterns, matched case-insensitively and also inside identifiers, each with the replacement to suggest. */
const WORDS = [
  ['bystander', 'external dependent'],
  ['incarnation', 'generation'],
  ['halfMade', 'partially created, partialId'],
  ['half-made', 'partially created'],
  ['continueLater', 'Continue'],
  ['heldGrant', 'grant'],
  ['heirFor|\\bheirs?\\b', 'successor, remaining owners'],
  ['tellNotices|tellKept|tellOf', 'notify, report'],
  ['takeBack|putBack|giveBack|takeAway', 'revert, restore, revoke'],
  ['handOver(?!\\w)', 'softDeadline, reassignOwned'],
  ['isWell\\b', 'hasNoFailures'],
  ['[a-z]StandIn\\b', 'Fake…'],
  ['mishap', 'fault'],
  ['patience|patiently', 'retry window, with retries'],
  ['(LONGEST|SHORTEST|LARGEST|MOST|LEAST)_', 'MAX_…, MIN_… with the unit'],
  ['rehears', 'dry run'],
  ['findElsewhere', 'unexpected privileges'],
  ['\\bin vain\\b', 'without success'],
  ['is there already', 'already exists'],
  ['\\bin force\\b', 'in effect'],
  ['draws? (no )?lineage', 'derives lineage'],
  ['[Ll]et its owner run', 'ask its owner to run'],
  ['(sets|puts) it right', 'repairs it'],
  ['\\bis told in\\b', 'is reported in'],
  ['databasesToLeave|leavingRole|\\bwaysToRun', 'removedDatabases, candidateStatements'],
  ['lookAtServer|lookAsRole', 'inspectServer, verifyAsRole'],
  ['onReached|REACH_WITHIN', 'connected, CONNECT_TIMEOUT_MS'],
  ['heldKey|makingOf(Key)?\\b', 'StoredAccessKey, PendingKey'],
  ['\\binsist', 'invoke with retries'],
  ['inSpite', 'onRollback'],
  ['goneThing', 'missingDependency'],
  ['\\bwishesOf', 'requestedSettings'],
  ['\\bstray\\b', 'unmanaged, orphaned'],
  ['inShares', 'inBatches'],
  ['\\bletIn\\b|shutOut|notEntered|database is shut', 'closed, blockLogins, does not accept connections'],
  ['idleProps|nonsense', 'ignoredProps, invalidResponse'],
  ['\\bfate\\b', 'disposition'],
  ['Mend what', 'Fix whatever prevents'],
  ["can't be told by", 'cannot update'],
  ['would stand in', 'would appear in'],
  ['goes before the earlier', 'later entries override earlier ones'],
  ['Nothing changes twice', 'Idempotent'],
  ['way from the sql-runner', 'network path'],
];

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync(
  'git',
  ['ls-files', '-z', 'lib', 'bin', 'test', 'bench', 'examples', 'docs', '*.md'],
  {
    cwd: root,
    encoding: 'utf8',
  },
).split('\0');
const rules = WORDS.map(([pattern, instead]) => ({ pattern: new RegExp(pattern, 'i'), instead }));
let found = 0;
for (const file of files.filter((name) => /\.(ts|mjs|cjs|js|md)$/.test(name))) {
  readFileSync(`${root}${file}`, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      for (const { pattern, instead } of rules) {
        const [word] = pattern.exec(line) ?? [];
        if (word === undefined) continue;
        found += 1;
        console.log(`${file}:${index + 1} "${word}": write ${instead}`);
      }
    });
}
if (found > 0) {
  console.log(`${found} words that this project does not use.`);
  process.exitCode = 1;
}
