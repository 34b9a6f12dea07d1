/** A template as text: a line for each parameter, resource and so on, which takes a tenth less than one for each property. */
export function templateText(template: object): string {
  const sections = Object.entries(template).map(([name, section]: [string, unknown]) => {
    if (typeof section !== 'object' || section === null)
      return `${JSON.stringify(name)}: ${JSON.stringify(section)}`;
    const entries = Object.entries(section).map(
      ([id, entry]) => ` ${JSON.stringify(id)}: ${JSON.stringify(entry)}`,
    );
    return `${JSON.stringify(name)}: {\n${entries.join(',\n')}\n}`;
  });
  return `{\n${sections.join(',\n')}\n}\n`;
}
