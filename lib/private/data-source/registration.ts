import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DataSourceProps } from '../../data-source-props';
import { FailurePolicy } from '../../failure-policy';
import type { Registration } from '../../registration';
import { DATAFOLD_SAAS, isDatafoldUrl } from '../datafold';
import { rightsOf } from './rights-of';
import { ProvisionedResource } from '../functions/provisioned-resource';
import type { DataSourceProperties, RegistrationProperties } from '../wire/resources';

/** Returns the problems with the prop `registration`. */
export function registrationProblems(registration: Registration | undefined): string[] {
  const host = registration?.host;
  if (host === undefined || Token.isUnresolved(host)) return [];
  if (isDatafoldUrl(host)) return [];
  return [`\`registration.host\` must be a URL such as ${DATAFOLD_SAAS}, without a path, got: ${host}`];
}

/** Adds the custom resource that creates a data source in Datafold from the value of its secret. */
export function register(
  scope: Construct,
  registration: Registration,
  props: DataSourceProps,
  source: DataSourceProperties,
): ProvisionedResource {
  const properties: RegistrationProperties = {
    host: registration.host ?? DATAFOLD_SAAS,
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
