import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DataSourceProps } from '../../data-source-props';
import { FailurePolicy } from '../../failure-policy';
import type { Registration } from '../../registration';
import { rightsOf } from './rights-of';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { DataSourceProperties, RegistrationProperties } from '../wire/resources';

const SAAS = 'https://app.datafold.com';

/** Returns the problems with the prop `registration`. */
export function registrationProblems(registration: Registration | undefined): string[] {
  const host = registration?.host;
  if (host === undefined || Token.isUnresolved(host)) return [];
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url && /^\/?$/.test(url.pathname) && !url.search && !url.username && isPrivate(url)) return [];
  return [`\`registration.host\` must be a URL such as ${SAAS}, without a path, got: ${host}`];
}

/** Returns whether a URL keeps the API key off the network or encrypted. */
function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));
}

/** Adds the custom resource that creates a data source in Datafold from the value of its secret. */
export function register(
  scope: Construct,
  registration: Registration,
  props: DataSourceProps,
  source: DataSourceProperties,
): ProvisionedResource {
  const properties: RegistrationProperties = {
    host: registration.host ?? SAAS,
    apiKeySecretArn: registration.apiKeySecret.secretArn,
    onProblem: registration.onProblem ?? FailurePolicy.FAIL,
    source,
  };
  const resource = new ProvisionedResource(scope, 'Registration', {
    resourceType: 'Custom::DatafoldRegistration',
    properties,
    options: props,
    policyOf: rightsOf(props.access),
  });
  resource.allowSecret(registration.apiKeySecret, 'read');
  resource.provisioner.pinDatafold(properties.host, registration.apiKeySecret);
  return resource;
}
