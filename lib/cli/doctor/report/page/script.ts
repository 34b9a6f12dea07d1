/**
 * The script of the page: filters the drawing and the table of each log group.
 *
 * It reads attributes and sets classes, and never makes markup from a text.
 */
export const SCRIPT = `'use strict';
for (const lineage of document.querySelectorAll('[data-lineage]')) {
  const form = lineage.querySelector('form');
  const field = (name) => form.querySelector('[data-filter="' + name + '"]');
  const edges = [...lineage.querySelectorAll('path.edge')];
  const rows = [...lineage.querySelectorAll('tbody tr')];
  const tables = [...lineage.querySelectorAll('g.table')];
  const matches = (one) => {
    const text = field('text').value.trim().toLowerCase();
    const [role, database] = [field('role').value, field('database').value];
    return one.dataset.text.includes(text)
      && (role === '' || JSON.parse(one.dataset.roles).includes(role))
      && (database === '' || one.dataset.database === database);
  };
  const apply = () => {
    const shown = new Set();
    for (const edge of edges) {
      const isShown = matches(edge);
      edge.classList.toggle('off', !isShown);
      if (isShown) shown.add(edge.dataset.from).add(edge.dataset.to);
    }
    for (const table of tables) table.classList.toggle('off', !shown.has(table.dataset.table));
    let count = 0;
    for (const row of rows) {
      row.hidden = !matches(row);
      if (!row.hidden) count += 1;
    }
    form.querySelector('output').textContent = count + ' of ' + rows.length + ' edges';
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', apply);
  form.addEventListener('reset', () => setTimeout(apply));
  for (const table of tables) {
    const choose = () => {
      field('text').value = table.dataset.name;
      apply();
    };
    table.setAttribute('tabindex', '0');
    table.setAttribute('role', 'button');
    table.setAttribute('aria-label', 'Show only the edges of ' + table.dataset.name);
    table.addEventListener('click', choose);
    table.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    });
  }
  apply();
}
`;
