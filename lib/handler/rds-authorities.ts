import certificates from './rds-authorities.json';

/** The certificates of the authorities of RDS in a region, as PEM; undefined for one that this release does not know. */
export function rdsAuthorities(region: string | undefined): string | undefined {
  return (certificates as Readonly<Record<string, string>>)[region ?? ''];
}
