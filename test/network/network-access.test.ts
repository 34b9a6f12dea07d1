import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  DatafoldNetworkAccess,
  DatafoldPostgres,
  type DatafoldPostgresProps,
  PostgresServer,
} from '../../lib';
import { auroraCluster, isolatedVpc, newStack, rdsInstance } from '../support/stacks';

const databases = [{ databaseName: 'app' }];
const allowedPrincipals = ['arn:aws:iam::123456789012:role/datafold'];

function datafold(stack: Stack, props: Partial<DatafoldPostgresProps>): DatafoldPostgres {
  const server = props.server ?? PostgresServer.auroraCluster(auroraCluster(stack));
  return new DatafoldPostgres(stack, 'Datafold', { server, databases, ...props });
}

const dataSourceIn = (stack: Stack) => {
  const [{ Properties }] = Object.values(
    Template.fromStack(stack).findResources('Custom::DatafoldDataSource'),
  );
  const { host, port, sslMode, keepAliveSeconds } = Properties as Record<string, unknown>;
  return { host, port, sslMode, keepAliveSeconds };
};

const HOST = { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Address'] };
const PORT = { 'Fn::GetAtt': ['ClusterEB0386A7', 'Endpoint.Port'] };

describe('PrivateLink', () => {
  test('leaves Datafold the host name of RDS, so that it can check the certificate, and keeps connections alive', () => {
    const stack = newStack();
    const made = datafold(stack, { networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }) });
    expect(made.privateLink).toBeDefined();
    expect(dataSourceIn(stack)).toEqual({
      host: HOST,
      port: PORT,
      sslMode: 'verify-full',
      keepAliveSeconds: '240',
    });
  });

  test('of another server leads to this one by a port of its own, which Datafold gets', () => {
    const stack = newStack();
    const vpc = isolatedVpc(stack);
    const first = datafold(stack, {
      server: PostgresServer.rdsInstance(rdsInstance(stack, { vpc })),
      networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }),
    });
    const second = new DatafoldPostgres(stack, 'Second', {
      server: PostgresServer.auroraCluster(auroraCluster(stack, { vpc })),
      databases,
      networkAccess: DatafoldNetworkAccess.sharedPrivateLink(first.privateLink!, { port: 5433 }),
    });
    expect(second.privateLink).toBe(first.privateLink);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::VPCEndpointService', 1);
    template.hasResourceProperties('Custom::DatafoldDataSource', { host: HOST, port: '5433' });
    template.hasResourceProperties('Custom::DatafoldDatabaseAccess', { server: { host: HOST, port: PORT } });
  });
});

describe('a path that exists', () => {
  test('gives Datafold another address than the functions use, and the name in the certificate is not checked', () => {
    const stack = newStack();
    datafold(stack, { networkAccess: DatafoldNetworkAccess.existing({ host: '10.9.8.7', port: 6000 }) });
    expect(dataSourceIn(stack)).toEqual({
      host: '10.9.8.7',
      port: '6000',
      sslMode: 'verify-ca',
      keepAliveSeconds: undefined,
    });
    Template.fromStack(stack).hasResourceProperties('Custom::DatafoldDatabaseAccess', {
      server: { host: HOST, port: PORT },
    });
  });

  test('without another address changes nothing', () => {
    const stack = newStack();
    datafold(stack, { networkAccess: DatafoldNetworkAccess.existing() });
    expect(dataSourceIn(stack)).toEqual({
      host: HOST,
      port: PORT,
      sslMode: 'verify-full',
      keepAliveSeconds: undefined,
    });
  });

  test('with an impossible address is refused at synth', () => {
    const networkAccess = DatafoldNetworkAccess.existing({ host: 'a b', port: 0 });
    expect(() => datafold(newStack(), { networkAccess })).toThrow(
      /`networkAccess.host` must be a host name or an IP address, got: a b\n.*`networkAccess.port` must be a port number between 1 and 65535, got: 0/,
    );
  });
});

describe('the status of the path', () => {
  const metadataIn = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('Custom::DatafoldDatabaseAccess')).map(
      ({ Metadata }) => (Metadata as Record<string, unknown> | undefined)?.['cdk-datafold-postgres:network'],
    );

  test('is an attribute of what opens it, and an output on request', () => {
    const stack = newStack();
    const { networkStatus } = datafold(stack, {
      networkAccess: DatafoldNetworkAccess.privateLink({ allowedPrincipals }),
      verification: { outputs: true },
    });
    const [id] = Object.keys(Template.fromStack(stack).findResources('Custom::DatafoldEndpointService'));
    const attribute = { 'Fn::GetAtt': [id, 'Network'] };
    expect(stack.resolve(networkStatus)).toEqual(attribute);
    expect(Object.keys(Template.fromStack(stack).findOutputs('*', { Value: attribute }))).toEqual([
      expect.stringMatching(/^DatafoldNetwork/),
    ]);
    expect(metadataIn(stack)).toEqual(['private-link']);
  });

  test('of a path that exists says that it is not checked', () => {
    const stack = newStack();
    const { networkStatus } = datafold(stack, { networkAccess: DatafoldNetworkAccess.existing() });
    expect(networkStatus).toBe('declared: this library does not manage the path, so it is not checked');
    expect(metadataIn(stack)).toEqual(['existing']);
  });

  test('is undefined without a path', () => {
    const stack = newStack();
    expect(datafold(stack, { verification: { outputs: true } }).networkStatus).toBeUndefined();
    expect(Object.keys(Template.fromStack(stack).findOutputs('*', {})).join()).not.toContain('Network');
    expect(metadataIn(stack)).toEqual([undefined]);
  });
});
