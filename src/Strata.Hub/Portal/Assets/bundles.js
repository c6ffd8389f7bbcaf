// Keeps states on the page those of the hub, and uploads with progress. Without it the pages work, as they were when they were loaded.

// The hub renders; this only puts the new rendering where the old one was. Focus and what was scrolled stay.
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const [old, fresh] = [document.querySelector('[data-live]'), page.querySelector('[data-live]')];
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  const focused = document.activeElement?.closest('[data-live]') ? document.activeElement.getAttribute('href') : null;
  old.replaceChildren(...fresh.childNodes);
  if (focused) old.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

const events = new EventSource('/bundles/events');
events.addEventListener('open', refresh); // what changed while nobody listened
events.addEventListener('state', async event => {
  const bundle = JSON.parse(event.data);
  await refresh();
  const names = (bundle.items ?? []).map(item => `${item.codename} ${item.version}`).join(', ');
  const spoken = document.querySelector('[data-spoken]');
  if (spoken) spoken.textContent = `Bundle ${names}: ${bundle.state}`;
});

// The build log grows by the lines that come; what stands there stays as it is, so that nobody loses their place in it.
const log = document.querySelector('[data-log]');
if (log) {
  const lines = new EventSource(log.dataset.log);
  lines.addEventListener('log', event => {
    const { at, step, level, text } = JSON.parse(event.data);
    const row = log.insertRow();
    for (const [name, value] of [['Time', at.slice(11, 23)], ['Step', step], ['', ` ${text}`]]) {
      const cell = row.insertCell();
      if (name) cell.dataset.name = name;
      cell.textContent = value;
    }
    row.cells[0].className = 'moment';
    if (level !== 'info') row.cells[2].prepend(Object.assign(document.createElement('span'), { className: `state ${level}`, textContent: level }));
    while (log.rows.length > Number(log.dataset.most)) log.deleteRow(0);
    log.closest('[hidden]')?.removeAttribute('hidden');
    document.querySelector('[data-log-empty]')?.setAttribute('hidden', '');
  });
  lines.addEventListener('state', event => { if (['done', 'error'].includes(JSON.parse(event.data).state)) lines.close(); });
}

const form = document.querySelector('[data-upload]');
if (form) {
  const [field, bar, status, button] = ['input[type=file]', 'progress', '[role=status]', 'button'].map(s => form.querySelector(s));
  const pieceSize = 8 << 20, resumable = { 'Tus-Resumable': '1.0.0' };
  const patience = [500, 1000, 2000, 4000, 8000, 15000, 30000, 60000]; // between attempts; each piece that arrives begins anew

  const say = (text, isBad = false) => { status.textContent = text; status.classList.toggle('obstacle', isBad); };
  const show = share => { bar.value = share; };

  // The hub's own words, where it said any.
  async function refusal(answer) {
    let problem = {};
    try { problem = JSON.parse(await answer.text()); } catch { /* not the hub's own words */ }
    return new Error(problem.errors?.join(' ') ?? problem.detail ?? `The hub answered ${answer.status}. Sign in again, or ask its operator.`);
  }

  // fetch tells nothing of how far a request has come.
  function request(method, url, headers, body, progress) {
    return new Promise((done, lost) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.addEventListener('progress', event => progress(event.loaded));
      request.addEventListener('load', () => done({ status: request.status, ok: request.status < 300, text: async () => request.responseText, header: name => request.getResponseHeader(name) }));
      request.addEventListener('error', () => lost(new TypeError('The connection broke off.')));
      request.send(body);
    });
  }

  // In pieces: after a lost connection, and after the page was left, it goes on where the hub has it. False when this hub takes none.
  async function inPieces(file) {
    const name = `upload:${file.name}:${file.size}:${file.lastModified}`;
    let [address, offset, tries] = [localStorage.getItem(name), null, 0];
    for (;;) {
      try {
        if (address && offset === null) {
          const answer = await fetch(address, { method: 'HEAD', headers: resumable });
          if (answer.ok) offset = Number(answer.headers.get('Upload-Offset')); else address = null;
        }
        if (!address) {
          const answer = await fetch('/uploads', { method: 'POST', headers: { ...resumable, Accept: 'application/json', 'Upload-Length': file.size } });
          if ([404, 405].includes(answer.status)) return false;
          if (!answer.ok) throw await refusal(answer);
          [address, offset] = [answer.headers.get('Location'), 0];
          localStorage.setItem(name, address);
        }
        if (offset >= file.size) break;
        const headers = { ...resumable, Accept: 'application/json', 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': offset };
        const answer = await request('PATCH', address, headers, file.slice(offset, offset + pieceSize), loaded => show((offset + loaded) / file.size));
        if (answer.ok) [offset, tries] = [Number(answer.header('Upload-Offset')), 0];
        else if (answer.status === 409 && tries < patience.length) { tries++; offset = null; } // the piece was there already
        else { localStorage.removeItem(name); throw await refusal(answer); }
      } catch (problem) {
        if (!(problem instanceof TypeError) || tries >= patience.length) throw problem;
        say(`The connection broke off; ${file.name} goes on as soon as the hub is there again.`);
        await new Promise(done => setTimeout(done, patience[tries++]));
        offset = null; // the hub says how much of it has come
      }
    }
    localStorage.removeItem(name);
    return true;
  }

  async function whole(file) {
    const body = new FormData();
    body.append('file', file);
    const answer = await request('POST', form.action, { Accept: 'application/json' }, body, loaded => show(Math.min(1, loaded / file.size)));
    if (!answer.ok) throw await refusal(answer);
  }

  async function upload(file) {
    [bar.hidden, bar.value, button.disabled] = [false, 0, true];
    say(`Uploading ${file.name} …`);
    try {
      if (!await inPieces(file)) await whole(file);
      say(`${file.name} was received; the hub looks at it now.`);
      refresh();
    } catch (problem) {
      say(problem instanceof TypeError ? 'The connection broke off before the hub had all of it. Choose the same file again: it goes on where it was.' : problem.message, true);
    } finally {
      [bar.hidden, button.disabled] = [true, false];
      form.reset();
    }
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    if (field.files[0]) upload(field.files[0]);
  });
  for (const name of ['dragenter', 'dragover']) form.addEventListener(name, event => { event.preventDefault(); form.classList.add('over'); });
  for (const name of ['dragleave', 'drop']) form.addEventListener(name, () => form.classList.remove('over'));
  form.addEventListener('drop', event => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file && !button.disabled) upload(file);
  });
}
