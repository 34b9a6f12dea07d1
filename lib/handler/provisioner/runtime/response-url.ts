const BUCKET = 'cloudformation-custom-resource-response-';

/**
 * True for a place where CloudFormation itself waits for an answer: its own bucket in this region, by HTTPS.
 *
 * The bucket is named after the region without dashes
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html); S3's host follows it, with or
 * without the region.
 */
export function isOfCloudFormation(
  url: string,
  { region, urlSuffix }: { readonly region: string; readonly urlSuffix: string },
): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username } = new URL(url);
  if (protocol !== 'https:' || port !== '' || username !== '') return false;
  const bucket = `${BUCKET}${region.replaceAll('-', '')}`;
  const hosts = [`s3.${region}`, `s3-${region}`, `s3.dualstack.${region}`, 's3'];
  return hosts.some((host) => hostname === `${bucket}.${host}.${urlSuffix}`);
}
