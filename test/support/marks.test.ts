import { marks } from '../e2e/support/marks';

const DENIED =
  'IAM User: arn:aws:sts::123456789012:assumed-role/R/F is not authorized to perform: iam:CreateAccessKey on resource: x';
const LOST = 'LOGS of F-1 are lost: its role lacks logs:PutLogEvents on G';
const log = (...lines: string[]) => lines.map((line) => `12:00:00.123456 ${line}\n`).join('');

test('finds what AWS would refuse, each once', () => {
  const text = log(
    'cfn Beside CREATE_COMPLETE AWS::Lambda::Function A B',
    `!!! ${DENIED}`,
    `!!! ${DENIED}`,
    '!!! NET F is in a VPC without a way to rds (POST /)',
    '!!! MODEL F rds:ModifyDBCluster: unknown parameter X',
    '!!! TAGS rds:AddTagsToResource: 51 tags',
    '!!! condition StringEquals aws:Unknown: the local AWS does not know it',
    '!!! EVENTS rule may not invoke F',
    '!!! FAULT F rds:ModifyDBCluster Throttling',
    '!!! moto: rds: not implemented',
  );
  expect(marks(text)).toEqual([
    DENIED,
    'NET F is in a VPC without a way to rds (POST /)',
    'MODEL F rds:ModifyDBCluster: unknown parameter X',
    'TAGS rds:AddTagsToResource: 51 tags',
    'condition StringEquals aws:Unknown: the local AWS does not know it',
    'EVENTS rule may not invoke F',
  ]);
});

test('a mark in what a function printed or was called with is none', () => {
  expect(marks(log(`--- F (0.10s exit 0) event={"a":"!!! ${DENIED}"}`) + `!!! ${DENIED}\n`)).toEqual([]);
});

test('a scenario says which marks it provokes', () => {
  const text = log(`!!! ${DENIED}`, `!!! ${LOST}`);
  expect(marks(text, [/^IAM .* iam:CreateAccessKey /])).toEqual([LOST]);
});

const gone = 'cfn Beside DELETE_COMPLETE AWS::Lambda::Function Function F-1 ';

test('the last lines of a function that was deleted meanwhile may be lost, those of others may not', () => {
  expect(marks(log(gone, `!!! ${LOST}`))).toEqual([]);
  expect(marks(log(`!!! ${LOST}`, gone))).toEqual([LOST]);
  expect(marks(log(gone.replace('F-1', 'F-10'), `!!! ${LOST}`))).toEqual([LOST]);
});

test('the marks of a piece of the log are judged by all of it: the scenario before may have deleted the function', () => {
  const before = log(gone);
  expect(marks(before + log(`!!! ${LOST}`, `!!! ${DENIED}`), [], before.length)).toEqual([DENIED]);
  expect(marks(log(`!!! ${DENIED}`) + log(`!!! ${LOST}`), [], log(`!!! ${DENIED}`).length)).toEqual([LOST]);
});
