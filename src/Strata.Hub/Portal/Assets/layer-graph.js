// Draws the graph that the page's table tells. Without this script the table stands alone.
import cytoscape from './cytoscape.js';

const margin = 24; // pixels around the picture
const letter = 9; // pixels of a letter at this size, on the wide side
const [picture, table, at] = ['graph', 'graph-edges', 'graph-at'].map(id => document.getElementById(id));
if (picture && table) draw();

function draw() {
  const nodes = new Map();
  const edges = [];
  for (const row of table.tBodies[0].rows) {
    const [upper, lower] = [...row.querySelectorAll('a')];
    for (const { pathname, textContent, dataset } of [upper, lower]) nodes.set(pathname, { id: pathname, name: textContent, kind: dataset.kind });
    edges.push({ source: upper.pathname, target: lower.pathname, verb: row.cells[1].textContent });
  }
  picture.hidden = false;
  const graph = cytoscape({
    container: picture,
    elements: [...[...nodes.values()].map(data => ({ data })), ...edges.map(data => ({ data }))],
    // What is uppermost on a unit stands uppermost here.
    layout: { name: 'breadthfirst', directed: true, spacingFactor: 1.1, animate: false },
    userZoomingEnabled: false,
    maxZoom: 1.25, // two boxes are not to fill the page
    boxSelectionEnabled: false,
    autoungrabify: true,
    style: look(),
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => graph.style(look()));

  graph.on('resize', () => graph.fit(undefined, margin));
  graph.fit(undefined, margin);

  const order = graph.nodes().sort((a, b) => a.position('y') - b.position('y') || a.position('x') - b.position('x'));
  let here = Math.max(0, order.toArray().findIndex(node => node.data('kind') === 'this'));
  const go = to => {
    here = (to + order.length) % order.length;
    graph.nodes().removeClass('here');
    order[here].addClass('here');
    const said = order[here].connectedEdges().map(edge => `${edge.source().data('name')} ${edge.data('verb')} ${edge.target().data('name')}`);
    at.textContent = `${order[here].data('name')}: ${said.join(', ')}`;
  };
  const open = node => { location.href = node.id(); };
  go(here);
  graph.on('tap', 'node', event => open(event.target));
  picture.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) go(here + step);
    else if (event.key === 'Enter') open(order[here]);
    else return;
    event.preventDefault();
  });
}

// The picture has the page's own colours, in light and in dark.
function look() {
  const colour = name => getComputedStyle(picture).getPropertyValue(name).trim();
  const [ink, card, soft, accent] = ['--graph-ink', '--graph-card', '--graph-soft', '--graph-accent'].map(colour);
  return [
    { selector: 'node', style: { label: 'data(name)', shape: 'round-rectangle', width: node => node.data('name').length * letter + 24, height: 36, 'text-valign': 'center', 'font-family': 'system-ui, sans-serif', 'font-size': 15, color: ink, 'background-color': card, 'border-width': 1, 'border-color': soft } },
    { selector: 'node[kind="service"]', style: { shape: 'cut-rectangle' } },
    { selector: 'node[kind="this"]', style: { 'border-color': accent, 'border-width': 3 } },
    { selector: 'node.here', style: { 'underlay-color': accent, 'underlay-opacity': 0.35, 'underlay-padding': 6 } },
    { selector: 'edge', style: { width: 2, 'line-color': soft, 'target-arrow-color': soft, 'target-arrow-shape': 'triangle', 'curve-style': 'bezier', label: 'data(verb)', 'font-size': 12, color: ink, 'text-background-color': card, 'text-background-opacity': 1, 'text-background-padding': 3 } },
  ];
}
