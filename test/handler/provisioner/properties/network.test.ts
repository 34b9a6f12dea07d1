import { parseAllowlist } from '../../../../lib/handler/provisioner/allowlist/properties';
import {
  parseEndpointService,
  parseRegisterTargets,
  parseTargets,
} from '../../../../lib/handler/provisioner/private-link/properties';
import { PARSED_SERVER, SERVER, STACK } from './examples';

const TARGETS = { targetGroupArn: 'targets', vpcId: 'vpc-1', server: SERVER, sqlRunner: 'runner' };
const PARSED_TARGETS = { ...TARGETS, server: PARSED_SERVER };

type Example = [
  name: string,
  parse: (properties: unknown) => unknown,
  properties: Record<string, unknown>,
  parsed: object,
];

test.each<Example>([
  [
    'allowlist',
    parseAllowlist,
    {
      rds: { kind: 'instance', identifier: 'shop' },
      port: '6543',
      addresses: ['192.0.2.1'],
      prefixListId: 'pl-1',
    },
    {
      rds: { kind: 'instance', identifier: 'shop' },
      port: 6543,
      addresses: ['192.0.2.1'],
      prefixListId: 'pl-1',
    },
  ],
  [
    'allowlist, with defaults',
    parseAllowlist,
    { rds: { identifier: 'shop' } },
    { rds: { kind: 'cluster', identifier: 'shop' }, port: 5432, addresses: [], prefixListId: undefined },
  ],
  [
    'targets of PrivateLink',
    parseTargets,
    { ...TARGETS, rds: { kind: 'instance', identifier: 'shop' } },
    { ...PARSED_TARGETS, rds: { kind: 'instance', identifier: 'shop' } },
  ],
  [
    'targets of PrivateLink, of a server outside of RDS',
    parseTargets,
    TARGETS,
    { ...PARSED_TARGETS, rds: undefined },
  ],
  [
    'registration of targets',
    parseRegisterTargets,
    { stackId: STACK, logicalResourceId: 'Targets', properties: TARGETS, repeat: 'true' },
    {
      stackId: STACK,
      logicalResourceId: 'Targets',
      targets: { ...PARSED_TARGETS, rds: undefined },
      repeat: true,
    },
  ],
  [
    'registration of targets, with defaults',
    parseRegisterTargets,
    { stackId: STACK, logicalResourceId: 'Targets', properties: TARGETS },
    {
      stackId: STACK,
      logicalResourceId: 'Targets',
      targets: { ...PARSED_TARGETS, rds: undefined },
      repeat: false,
    },
  ],
  ['endpoint service', parseEndpointService, { serviceId: 'vpce-svc-1' }, { serviceId: 'vpce-svc-1' }],
])('%s', (_name, parse, properties, parsed) => {
  expect(parse(properties)).toStrictEqual(parsed);
});
