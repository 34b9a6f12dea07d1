import { merge } from '../../bin/fleet/merge';

test('the entry goes before its region, the region before the account, the account before the fleet', () => {
  expect(
    merge([
      { roleName: 'fleet', tempSchema: 'fleet', port: 1, databases: ['fleet'] },
      { tempSchema: 'account', port: 2, databases: ['account'] },
      undefined,
      { port: 3, databases: ['region', 'too'] },
      { databases: ['entry'] },
    ]),
  ).toEqual({ roleName: 'fleet', tempSchema: 'account', port: 3, databases: ['entry'] });
});

test('a lower level takes back the opposite of what it says', () => {
  expect(merge([{ excludeSchemas: ['audit'] }, { schemas: ['sales'] }])).toEqual({ schemas: ['sales'] });
  expect(merge([{ schemas: ['sales'] }, { excludeSchemas: ['audit'] }])).toEqual({
    excludeSchemas: ['audit'],
  });
  expect(merge([{ securityGroup: 'sg-1' }, { functionSecurityGroup: 'sg-2' }])).toEqual({
    functionSecurityGroup: 'sg-2',
  });
});

test('a network path takes back the settings of another kind of path', () => {
  const link = {
    networkAccess: 'private-link',
    allowedPrincipals: ['arn'],
    clientCidrs: ['10.0.0.0/8'],
  } as const;
  expect(merge([link, { networkAccess: 'allowlist' }])).toEqual({ networkAccess: 'allowlist' });
  expect(merge([link, { networkAccess: 'private-link', clientCidrs: ['10.1.0.0/16'] }])).toEqual({
    ...link,
    clientCidrs: ['10.1.0.0/16'],
  });
  expect(merge([link, { port: 1 }])).toEqual({ ...link, port: 1 });
});
