import { App } from 'aws-cdk-lib';
import { addFleet } from '../../bin/fleet/add-fleet';
import { JsonFile } from '../../bin/fleet/json-file';
import { parseFleet } from '../../bin/fleet/read-fleet';

const NETWORK = `"vpc": "vpc-0123456789abcdef0", "subnets": ["subnet-0123456789abcdef0"], "securityGroup": "sg-0123456789abcdef0"`;
const ADMIN = `"adminSecret": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:admin-AbCdEf"`;

/** A fleet of one region; the servers begin in line 8. */
const oneRegion = (servers: string, defaults = `"databases": ["app"], ${NETWORK}, ${ADMIN}`) => `{
  // what holds for all
  "defaults": { ${defaults} },
  "accounts": {
    "111111111111": {
      "regions": {
        "eu-west-1": { "servers": [
          ${servers}
        ] }
      }
    }
  }
}`;

function messageOf(text: string): string {
  try {
    addFleet(new App(), parseFleet(new JsonFile('fleet.json', text)));
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

test('a fleet of one server is enough', () => {
  expect(messageOf(oneRegion('{ "cluster": "orders" }'))).toBe('no error');
});

test.each([
  ['', "fleet.json can't be used:\n  - it is empty"],
  [
    '{\n  "accounts": {}\n  "defaults": {}\n}',
    "fleet.json can't be used:\n  - line 3: not JSON, comma expected",
  ],
  [
    '{\n  "defaults": {},\n  "defaults": {},\n  "accounts": {}\n}',
    "fleet.json can't be used:\n  - line 3: the key `defaults` appears twice",
  ],
  ['[]', "fleet.json can't be used:\n  - line 1 (the file): the file must be an object, got: []"],
  ['{}', "fleet.json can't be used:\n  - line 1 (the file): `accounts` is missing"],
])('says what is wrong with the text %j', (text, message) => {
  expect(messageOf(text)).toBe(message);
});

test('names the line and the entry of all that the schema refuses', () => {
  const text = oneRegion(
    `{ "cluster": "orders", "databses": ["app"] },
          { "instance": "7up", "port": 0 },
          { "databases": ["app", { "schemas": [] }] }`,
    `"vpc": "vpc-1", "rebootPolicy": "now"`,
  );
  expect(messageOf(text.replace('"111111111111"', '"1111"'))).toBe(`fleet.json can't be used:
  - line 3 (defaults): \`vpc\` must look like vpc-0123456789abcdef0, got: "vpc-1"
  - line 3 (defaults): \`rebootPolicy\` must be one of never, if-pending, got: "now"
  - line 5 (1111): a key of \`accounts\` must look like 111111111111, got: "1111"
  - line 8 (1111, eu-west-1, cluster orders): unknown key \`databses\`: did you mean \`databases\`?
  - line 9 (1111, eu-west-1, instance 7up): \`instance\` must look like orders, got: "7up"
  - line 9 (1111, eu-west-1, instance 7up): \`port\` must be a number from 1 to 65535, got: 0
  - line 10 (1111, eu-west-1, server 3): \`name\` is missing
  - line 10 (1111, eu-west-1, server 3): \`schemas\` must not be empty`);
});

test('names the part of the account that the schema refuses', () => {
  const text = oneRegion('{ "cluster": "orders" }').replace(
    '"regions": {',
    '"logsUser": { "region": "us-east" }, "defaults": { "port": 0 }, "regions": {',
  );
  expect(messageOf(text)).toBe(`fleet.json can't be used:
  - line 6 (111111111111, logsUser): \`region\` must look like eu-west-1, got: "us-east"
  - line 6 (111111111111, defaults): \`port\` must be a number from 1 to 65535, got: 0`);
});

test('names the line and the entry of what is missing, whatever the defaults say', () => {
  const text = oneRegion(
    `{ "cluster": "orders", "securityGroup": "sg-0123456789abcdef0" },
          { "instance": "orders", "cluster": "orders" }`,
    `"databases": ["app"], "subnets": ["subnet-0123456789abcdef0"], ${ADMIN}`,
  );
  expect(messageOf(text)).toBe(`fleet.json can't be used:
  - line 8 (111111111111, eu-west-1, cluster orders): \`vpc\` is missing: the VPC of the server
  - line 9 (111111111111, eu-west-1, cluster orders): \`cluster\` and \`instance\` exclude each other, got: orders and orders
  - line 9 (111111111111, eu-west-1, cluster orders): \`vpc\` is missing: the VPC of the server
  - line 9 (111111111111, eu-west-1, cluster orders): \`securityGroup\` is missing: a security group of the server, which lets the function in`);
});

test('names the line and the entry of what the constructs refuse', () => {
  const text = oneRegion(`{ "cluster": "orders", "roleName": "pg_reader" },
          { "cluster": "sales", "databases": ["app", "app"] }`);
  expect(messageOf(text)).toBe(`fleet.json can't be used:
  - line 8 (111111111111, eu-west-1, cluster orders): \`roleName\` must not start with pg_, PostgreSQL keeps that prefix for itself, got: pg_reader
  - line 9 (111111111111, eu-west-1, cluster sales): \`databases\` must name each database once, got twice: app`);
});

test('a server is there once, however it is spelt', () => {
  expect(
    messageOf(oneRegion(`{ "cluster": "orders" }, { "instance": "orders" },\n{ "cluster": "Orders" }`)),
  ).toBe(
    `fleet.json can't be used:
  - line 9 (111111111111, eu-west-1, cluster Orders): this server appears twice: leave out one of the two`,
  );
});

test('an account with servers in two regions must say which of them makes the logs user', () => {
  const text = oneRegion('{ "cluster": "orders" }').replace(
    '"regions": {',
    '"regions": { "us-east-2": { "servers": [] }, "us-east-1": { "servers": [{ "cluster": "orders" }] },',
  );
  expect(messageOf(text)).toBe(`fleet.json can't be used:
  - line 5 (111111111111): \`logsUser\` is missing: the account has servers in us-east-1, eu-west-1; say which region makes the logs user of their logs, for example "logsUser": { "region": "us-east-1" }`);
});

test('a stack that servers share must not have the name of that of the logs user', () => {
  expect(messageOf(oneRegion('{ "cluster": "orders", "stack": "logs-user" }')))
    .toBe(`fleet.json can't be used:
  - line 8 (111111111111, eu-west-1, cluster orders): \`stack\` must not be logs-user, the name of a stack that the app makes itself`);
});
