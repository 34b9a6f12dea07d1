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
