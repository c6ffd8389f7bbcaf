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

const form = document.querySelector('[data-upload]');
if (form) {
  const [field, bar, status, button] = ['input[type=file]', 'progress', '[role=status]', 'button'].map(s => form.querySelector(s));

  const say = (text, isBad = false) => { status.textContent = text; status.classList.toggle('obstacle', isBad); };

  function upload(file) {
    const request = new XMLHttpRequest();
    const done = () => { bar.hidden = true; button.disabled = false; form.reset(); };
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', event => { bar.value = event.lengthComputable ? event.loaded / event.total : 0; });
    request.addEventListener('load', () => {
      done();
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* not the hub's own words */ }
      if (request.status === 201) { say(`${file.name} was received; the hub looks at it now.`); refresh(); }
      else say(answer.errors?.join(' ') ?? answer.detail ?? `The hub answered ${request.status}. Sign in again, or ask its operator.`, true);
    });
    request.addEventListener('error', () => { done(); say('The connection broke off before the hub had all of it. Upload it again.', true); });
    const body = new FormData();
    body.append('file', file);
    [bar.hidden, bar.value, button.disabled] = [false, 0, true];
    say(`Uploading ${file.name} …`);
    request.send(body);
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
