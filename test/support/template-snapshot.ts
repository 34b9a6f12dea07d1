interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  readonly [section: string]: unknown;
}

/** The longest line of a snapshot that holds more than one value. */
const MAX_WIDTH = 120;

/** What the CDK adds to each template, and the network of an example. */
const OMITTED_SECTIONS = ['Parameters', 'Rules'];
const OMITTED_TYPES =
  /^AWS::(CDK::Metadata|EC2::(VPC|Subnet|RouteTable|SubnetRouteTableAssociation|InternetGateway|VPCGatewayAttachment))$/;

/**
 * Returns a template as the text of its snapshot.
 *
 * Short objects and lists take one line each, the hashes of assets are masked, and what does not depend on this library is left out.
 */
export function templateSnapshot(template: Template): string {
  const sections = Object.entries(template).filter(([name]) => !OMITTED_SECTIONS.includes(name));
  const resources = Object.entries(template.Resources).filter(([, { Type }]) => !OMITTED_TYPES.test(Type));
  const shown = { ...Object.fromEntries(sections), Resources: Object.fromEntries(resources) };
  return `${format(shown)}\n`.replace(/\b[0-9a-f]{64}\b/g, '<hash>');
}

function format(value: unknown, indent = '', width = 0): string {
  const onOneLine = inline(value);
  if (indent.length + width + onOneLine.length <= MAX_WIDTH || typeof value !== 'object' || value === null)
    return onOneLine;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${value.map((one) => inner + format(one, inner)).join(',\n')}\n${indent}]`;
  const members = Object.entries(value).map(([key, one]) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + format(one, inner, name.length);
  });
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${inline(one)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
